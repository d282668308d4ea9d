"""Verbs that change cells. A boundary changes as a new version from a day on; nothing is lost.

Cases are never touched: a running case keeps the cell it was opened in. Who may is asked by the
caller (``cells.edit`` over the cell's code): roles live in a higher package.
"""

from datetime import date, datetime, timedelta
from typing import Any, Protocol

from django.db import transaction

from yiwang.algorithms.coordinates import Datum, convert_geometry
from yiwang.algorithms.polygons import BrokenShape, Outline, geojson, problems, read_shape
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.records import trail

from .locate import shapes_changed, valid_on
from .models import Cell, CellShape, Layer
from .queries import has_parent
from .rules import GOVERNANCE, LONGEST_NAME, code_fault

MOST_HOUSEHOLDS = 1_000_000  # a typing slip, not a norm
THIS = Words("这个网格", "this cell")
LAYERS = {GOVERNANCE: ("治理网格", "governance grid")}


class Author(Protocol):
    """Whoever acts, as the trail remembers them."""

    @property
    def ref(self) -> str: ...


@transaction.atomic
def draw_cell(
    *, code: str, name: str, geometry: dict[str, Any], since: date, by: Author, at: datetime,
    layer: str = GOVERNANCE, households: int | None = None, datum: Datum = "wgs84",
    source: str = "", illustrative: bool = False,
) -> Cell:
    """A new cell with its first boundary, from the day ``since`` on.

    Raises ``Refusal`` for a code that is malformed, taken or without a parent, and for a
    boundary that is no valid polygon.
    """
    _check_new(code, layer)
    cell = Cell.objects.create(
        code=code, layer=_layer(layer), name=_checked_name(name), since=since,
        households=_checked_households(households),
        households_as_of=None if households is None else since,
    )
    shape = _new_shape(cell, geometry, since, datum, source, illustrative)
    trail.append(
        stream_of(code), verb="cell_drawn", by=by.ref, at=at,
        changes={"layer": layer, "name": cell.name, "since": since,
                 "households": cell.households, "households_as_of": cell.households_as_of},
        note=_shape_note(shape),
    )
    shapes_changed()
    return cell


@transaction.atomic
def change_shape(
    cell_code: str, geometry: dict[str, Any], *, since: date, by: Author, at: datetime,
    datum: Datum = "wgs84", source: str = "", illustrative: bool = False,
    replaces: CellShape | None = None,
) -> CellShape:
    """A new boundary from ``since`` on; the one before ends the day before.

    ``replaces`` is the version the person saw: a newer one by somebody else raises
    ``SomebodyElseDecided``. A day before the newest version's is refused.
    """
    cell = _locked(cell_code)
    newest = _newest(cell)
    if replaces is not None and newest is not None and newest.pk != replaces.pk:
        raise _seen_by_another()
    _check_day(since, newest, cell)
    ended = CellShape.objects.filter(valid_on(since), cell=cell)
    ended.update(until=since - timedelta(days=1))
    shape = _new_shape(cell, geometry, since, datum, source, illustrative)
    trail.append(
        stream_of(cell_code), verb="shape_changed", by=by.ref, at=at,
        changes={"shape": shape.pk, "shape_since": since},
        note={**_shape_note(shape), "replaced": newest.pk if newest else None},
    )
    shapes_changed()
    return shape


@transaction.atomic
def end_cell(cell_code: str, *, last: date, by: Author, at: datetime) -> Cell:
    """A cell and its boundary end with the day ``last``; what was located in it stays so.

    ``last`` the day before its first: it was replaced the day it began, and never held.
    """
    cell = _locked(cell_code)
    _check_day(last + timedelta(days=1), _newest(cell), cell)
    cell.until = last
    cell.save(update_fields=["until"])
    CellShape.objects.filter(valid_on(last + timedelta(days=1)), cell=cell).update(until=last)
    trail.append(stream_of(cell_code), verb="cell_ended", by=by.ref, at=at,
                 changes={"until": last})
    shapes_changed()
    return cell


@transaction.atomic
def set_households(
    cell_code: str, households: int, *, as_of: date, by: Author, at: datetime
) -> Cell:
    """How many households a cell holds, as counted on a day."""
    cell = _locked(cell_code)
    cell.households, cell.households_as_of = _checked_households(households), as_of
    cell.save(update_fields=["households", "households_as_of"])
    trail.append(
        stream_of(cell_code), verb="households_set", by=by.ref, at=at,
        changes={"households": households, "households_as_of": as_of},
    )
    return cell


def stream_of(cell_code: str) -> str:
    """The trail of a cell."""
    return f"cell/{cell_code}"


def _locked(cell_code: str) -> Cell:
    cell = Cell.objects.select_for_update().filter(code=cell_code).first()
    if cell is None:
        raise Refusal(
            "no_such_cell",
            Words("没有网格 {code}。", "There is no cell {code}.").filled(code=cell_code),
            field="code",
        )
    return cell


def _newest(cell: Cell) -> CellShape | None:
    return CellShape.objects.filter(cell=cell).order_by("-since", "-id").first()


def _layer(code: str) -> Layer:
    name, name_en = LAYERS.get(code, (code, code))
    return Layer.objects.get_or_create(code=code, defaults={"name": name, "name_en": name_en})[0]


def _check_new(code: str, layer: str) -> None:
    if fault := code_fault(code, layer):
        raise Refusal("code_malformed", *fault, field="code")
    if Cell.objects.filter(code=code).exists():
        raise Refusal(
            "code_taken",
            Words("编码 {code} 已经有网格。", "Code {code} is a cell already.").filled(code=code),
            Words("要改它的边界，请从它的页面改。", "To change its boundary, open its page."),
            field="code",
        )
    if not has_parent(code, layer):
        raise Refusal(
            "no_parent",
            Words("没有上级 {code}。", "There is no unit or cell {code} above it.").filled(
                code=code[:-3]),
            Words("先建上级，或改编码。", "Make that first, or change the code."),
            field="code",
        )


def _checked_name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > LONGEST_NAME:
        raise Refusal(
            "name_malformed",
            Words("名称为 1–{most} 字。", "A name has 1–{most} characters.").filled(
                most=LONGEST_NAME),
            field="name",
        )
    return tidy


def _checked_households(households: int | None) -> int | None:
    if households is not None and not 0 <= households <= MOST_HOUSEHOLDS:
        raise Refusal(
            "households_malformed",
            Words("户数是 0 到 {most} 的整数。", "Households are a number from 0 to {most}.")
            .filled(most=MOST_HOUSEHOLDS),
            field="households",
        )
    return households


def _check_day(since: date, newest: CellShape | None, cell: Cell) -> None:
    earliest = newest.since if newest else cell.since
    if since < earliest:
        raise Refusal(
            "before_newest_shape",
            Words("生效日不能早于 {day}：那天起已有边界。",
                  "The effective day cannot be before {day}: a boundary stands from then on.")
            .filled(day=earliest),
            field="since",
        )
    if cell.until is not None and since > cell.until:
        raise Refusal(
            "cell_is_over",
            Words("这个网格到 {day} 为止。", "This cell ended on {day}.").filled(day=cell.until),
            field="since",
        )


def _seen_by_another() -> SomebodyElseDecided:
    return SomebodyElseDecided(
        "shape_changed_meanwhile",
        Words("刚才有人改了这个边界。", "Somebody changed this boundary just now."),
        Words("请打开新的边界再改；你画的仍留在下面。",
              "Open the new one and change that; what you drew is kept below."),
        field="geometry",
    )


def _new_shape(
    cell: Cell, geometry: dict[str, Any], since: date, datum: Datum, source: str,
    illustrative: bool,
) -> CellShape:
    return CellShape.objects.create(
        cell=cell, since=since, until=cell.until, geometry=checked_geometry(geometry, datum),
        datum=datum, original=geometry if datum != "wgs84" else None, source=source[:200],
        illustrative=illustrative,
    )


def checked_geometry(geometry: Any, datum: Datum) -> dict[str, Any]:
    """The geometry in WGS-84, heights dropped; ``Refusal`` where it is no valid polygon."""
    try:
        plain = geojson(read_shape(geometry))
    except BrokenShape as broken:
        raise Refusal(broken.code, broken.what, broken.todo, field="geometry") from None
    for fault in problems([Outline("", str(THIS), plain)]):
        if fault.blocks:
            raise Refusal(fault.code, fault.what, fault.todo, field="geometry")
    return convert_geometry(plain, source=datum, target="wgs84")


def _shape_note(shape: CellShape) -> dict[str, Any]:
    return {"shape": shape.pk, "since": shape.since, "datum": shape.datum,
            "geometry": shape.geometry, "source": shape.source,
            "illustrative": shape.illustrative}
