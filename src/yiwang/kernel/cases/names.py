"""Names of what a case refers to by code: kinds, areas, teams, people, channels.

The one place where a code becomes words; pages of every practice ask here.
"""

import time
from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from yiwang.algorithms.words import Words
from yiwang.kernel.ids import uuid_or_none
from yiwang.kernel.people.models import Person, Team
from yiwang.kernel.places.models import Cell, Unit

from .models import Kind

TOWN, VILLAGE, GRID, MICRO = 9, 12, 15, 18  # digits of a code (GB/T 10114, then our grids)
KINDS_HOLD = 60.0  # seconds a worker trusts its list of kinds; a town edits it now and then
KINDS_AGAIN = 2.0  # seconds between two looks for a kind the list does not have

CHANNELS: dict[str, Words] = {
    "grid": Words("网格员", "grid worker"),
    "phone": Words("电话", "telephone"),
    "resident": Words("居民", "resident"),
    "hotline": Words("热线 12345", "hotline 12345"),
    "patrol": Words("巡查", "patrol"),
    "app": Words("小程序、应用", "app"),
    "mailbox": Words("信箱", "mailbox"),
    "desk": Words("指挥室", "command room"),
    "enterprise": Words("企业", "company"),
    "chamber": Words("商会", "chamber"),
    "county": Words("上级交办", "from above"),
    "import": Words("外部系统", "another system"),
    "video": Words("视频", "camera"),
    "open311": Words("接口", "interface"),
    "split": Words("拆分", "split off"),
    "peer": Words("其他镇街系统转来", "another town's system"),
}

_kinds: dict[str, Words] = {}
_kinds_read = float("-inf")


def kind_names() -> dict[str, Words]:
    """All kinds by code, in the order of their codes; one query a minute in each worker."""
    if time.monotonic() - _kinds_read > KINDS_HOLD:
        _read_kinds()
    return _kinds


def kind_words(code: str) -> Words:
    """What a kind is called; its code where the list does not know it."""
    names = kind_names()
    if code not in names and time.monotonic() - _kinds_read > KINDS_AGAIN:
        _read_kinds()
        names = _kinds
    bare = code.rpartition("/")[2] or code
    return names.get(code, Words(bare, bare))


def is_leaf(code: str) -> bool:
    """Whether the list knows the kind and has none below it."""
    names = kind_names()
    return code in names and not any(
        other.startswith((f"{code}.", f"{code}/")) for other in names)


def _read_kinds() -> None:
    global _kinds, _kinds_read
    rows = Kind.objects.order_by("code").values_list("code", "name", "name_en")
    _kinds = {code: Words(name, name_en or name) for code, name, name_en in rows}
    _kinds_read = time.monotonic()


def forget_kinds() -> None:
    """Let the next question read the list of kinds anew."""
    global _kinds, _kinds_read
    _kinds, _kinds_read = {}, float("-inf")


def channel_words(code: str) -> Words:
    """Where a report came from."""
    return CHANNELS.get(code, Words(code, code))


def unit_names(codes: Iterable[str]) -> dict[str, Words]:
    """Names of the units that hold these units or cells, by unit code; one query."""
    known = set(codes)
    wanted = {code[:VILLAGE] for code in known} | {code[:TOWN] for code in known}
    return {code: Words(name, name_en or name) for code, name, name_en in _units(wanted)}


def _units(codes: set[str]) -> list[tuple[str, str, str]]:
    """On every page with cases: a plain statement, the ORM would cost more."""
    if not codes:
        return []
    holes = ", ".join(["%s"] * len(codes))
    with connection.cursor() as cursor:  # the holes are placeholders, not codes
        cursor.execute("SELECT code, name, name_en FROM kernel_unit "  # noqa: S608
                       f"WHERE code IN ({holes})", list(codes))
        found: list[tuple[str, str, str]] = cursor.fetchall()
    return found


def unit_words(unit: Unit) -> Words:
    """A unit's name in both languages; the Chinese one where it has no other."""
    return Words(unit.name, unit.name_en or unit.name)


def area_names(codes: Iterable[str]) -> dict[str, Words]:
    """For each unit or cell what people call it: village, and the cell's own name; two queries."""
    wanted = {code for code in codes if code}
    units = unit_names(wanted)
    cells = dict(Cell.objects.filter(code__in=wanted).values_list("code", "name"))
    return {code: _called(code, units, cells.get(code, "")) for code in wanted}


def _called(code: str, units: dict[str, Words], cell: str) -> Words:
    village = units.get(code[:VILLAGE]) or units.get(code[:TOWN]) or Words(code, code)
    if not cell or len(code) <= VILLAGE:
        return village
    chinese = cell if cell.startswith(village.zh) else f"{village.zh} {cell}"
    return Words(chinese, f"{village.en} {_numbers(code) or cell}")


def _numbers(code: str) -> str:
    """Grid and micro-grid as figures: 330206005221001006 gives 1-6; empty for another code."""
    parts = [part for part in (code[VILLAGE:GRID], code[GRID:MICRO]) if part]
    return "-".join(str(int(part)) for part in parts if part.isdigit())


def area_words(area: str, units: dict[str, Words]) -> Words:
    """霞南村 2-3 微网格: the unit, and below a village the numbers of grid and micro-grid."""
    unit = units.get(area[:VILLAGE]) or units.get(area[:TOWN]) or Words(area, area)
    if not area[VILLAGE:].isdigit():
        return unit
    grid = int(area[VILLAGE:GRID])
    if len(area) < MICRO:
        return Words("{unit} 第 {grid} 网格", "{unit}, grid {grid}").filled(unit=unit, grid=grid)
    return Words("{unit} {grid}-{micro} 微网格", "{unit}, micro-grid {grid}-{micro}").filled(
        unit=unit, grid=grid, micro=int(area[GRID:MICRO]))


def short_area_words(area: str, units: dict[str, Words]) -> Words:
    """The same for a list: 霞南村 2-3."""
    unit = units.get(area[:VILLAGE]) or units.get(area[:TOWN]) or Words(area, area)
    tail = _numbers(area)
    return Words(f"{unit.zh} {tail}", f"{unit.en} {tail}") if tail else unit


def team_words(team: Team) -> Words:
    """A team's name in both languages; the Chinese one where it has no other."""
    return Words(team.name, team.name_en or team.name)


def team_names(ids: Iterable[UUID]) -> dict[str, Words]:
    """Names of teams by id as text; one query."""
    rows = Team.objects.filter(id__in=set(ids)).values_list("id", "name", "name_en")
    return {str(id_): Words(name, name_en or name) for id_, name, name_en in rows}


def people_names(refs: Iterable[str]) -> dict[str, Words]:
    """Names behind ``person/<id>`` as the trail keeps them, by that text; one query."""
    ids = {ref.partition("/")[2] for ref in refs if ref.startswith("person/")}
    valid = [found for id_ in ids if (found := uuid_or_none(id_))]
    rows = Person.objects.filter(id__in=valid).values_list("id", "name")
    return {f"person/{id_}": Words(name, name) for id_, name in rows}


def who_words(ref: str, people: dict[str, Words]) -> Words:
    """Who did it, as far as a colleague may know: residents stay nameless."""
    if ref in people:
        return people[ref]
    if ref.startswith(("reporter/", "resident")):
        return Words("反映人", "the reporter")
    if ref.startswith("key/"):
        return CHANNELS["import"]
    if ref.startswith("peer/"):
        return Words("对方系统", "the other instance")
    if ref.startswith("system"):
        return Words("系统", "the system")
    return Words("工作人员", "staff") if ref.startswith("person/") else Words(ref, ref)
