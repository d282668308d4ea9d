"""Classifications of events and their first limits: the national list, the older one, a town's own.

Codes follow GB/T 30428: class (2 digits) and subclass (2 digits); a town's own additions count
down from 99. ``E`` are events, ``C`` are components. Only classes named in a public city standard
are listed; gaps in the numbering are real. A code means nothing without its list: the older list
has 04 and 05 the other way round (docs/field.md, code lists).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Kind, KindList, TimeLimit
from yiwang.kernel.errors import Refusal
from yiwang.kernel.frameworks.rules import Mapping
from yiwang.kernel.frameworks.shipped import seed_tracks
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records import trail

PRACTICE = "events"
NATIONAL, OLDER, TOWN = "GB2021", "CJ214", "XP"
FRAMEWORK = "141"  # whose tracks the classes stand on
TRACKS_SOURCE = "示例，镇街须自定 / example, the town sets its own"
SWAPPED = {"E.04": "E.05", "E.05": "E.04"}  # older 04 突发事件, 05 街面秩序; now the reverse
_CITY = ("某市公布的立案、处置和结案标准（GB/T 30428 编号），国标原文待核对 / "
         "one city's published standard, GB/T 30428 numbers; the national text is to be checked")


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A classification: its names, the days it counts for, and where it comes from."""

    code: str
    title: Words
    since: date
    until: date | None
    source: str


LISTS = (
    ListFacts(NATIONAL, Words("城市管理部件和事件（GB/T 30428）",
                              "urban management components and events (GB/T 30428)"),
              date(2021, 1, 1), None, _CITY),
    ListFacts(OLDER, Words("城市市政监管信息系统 管理部件和事件（CJ/T 214，旧表）",
                           "components and events, older list (CJ/T 214)"),
              date(2007, 1, 1), date(2020, 12, 31),
              "由新表推出：04 与 05 互换，其余相同，原文待核对 / derived from the present list: "
              "04 and 05 change places; the original text is to be checked"),
    ListFacts(TOWN, Words("本镇街自定类别", "the town's own classes"),
              date(2021, 1, 1), None, "示例，镇街须自定 / example, the town sets its own"),
)


@dataclass(frozen=True, slots=True)
class KindFacts:
    """A class of a list: ``code`` is ``GB2021/E.04.06``."""

    code: str
    list_code: str
    name: Words


@lru_cache(maxsize=1)
def known_kinds() -> tuple[KindFacts, ...]:
    """Every class that ships, of all three lists, parents before children."""
    shipped = tuple(
        KindFacts(f"{row['list']}/{row['code']}", row["list"], Words(row["name"], row["name_en"]))
        for row in _rows("classes.csv")
    )
    older = [
        KindFacts(f"{OLDER}/{_swap(_local(kind.code))}", OLDER, kind.name)
        for kind in shipped
        if kind.list_code == NATIONAL
    ]
    return (*shipped, *sorted(older, key=lambda kind: kind.code))


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files(__package__).joinpath("data", name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def _local(code: str) -> str:
    return code.partition("/")[2]


def _swap(local: str) -> str:
    return SWAPPED.get(local[:4], local[:4]) + local[4:]


def translate(code: str) -> str:
    """A code of the older list as the present one: ``CJ214/E.04.01`` → ``GB2021/E.05.01``.

    A code of any other list comes back as it is; raises ``Refusal`` for an unknown older code.
    """
    if not code.startswith(f"{OLDER}/"):
        return code
    now = f"{NATIONAL}/{_swap(_local(code))}"
    if now not in {kind.code for kind in known_kinds()}:
        raise Refusal(
            "no_such_kind",
            Words("旧表里没有“{code}”这一类。", "The older list has no class “{code}”.").filled(
                code=code
            ),
            Words("查对类别代码，如 CJ214/E.04.01。", "Check the code, such as CJ214/E.04.01."),
            field="kind",
        )
    return now


def service_code_of(kind: str) -> str:
    """A kind as an Open311 service code, fit for an address: ``GB2021/E.01.10`` → ``GB2021-E…``."""
    return kind.replace("/", "-", 1)


@transaction.atomic
def seed_kinds(*, by: Actor, at: datetime) -> int:
    """Put in the shipped lists, classes, limits and tracks; how many classes were new.

    Idempotent, and careful with a town's own work: a class or limit that is there already stays.
    """
    for facts in LISTS:
        KindList.objects.get_or_create(code=facts.code, defaults={
            "practice": PRACTICE, "name": facts.title.zh, "name_en": facts.title.en,
            "since": facts.since, "until": facts.until, "source": facts.source,
        })
    there = set(Kind.objects.values_list("code", flat=True))
    new = [
        Kind(code=kind.code, list_id=kind.list_code, name=kind.name.zh, name_en=kind.name.en)
        for kind in known_kinds()
        if kind.code not in there
    ]
    Kind.objects.bulk_create(new)
    limits = _seed_limits()
    seed_tracks(FRAMEWORK, _first_tracks(), source=TRACKS_SOURCE, by=by, at=at)
    if new or limits:
        trail.append(f"kinds/{PRACTICE}", verb="seed_kinds", by=by.ref, at=at,
                     changes={"kinds": len(new), "limits": limits})
    return len(new)


def _seed_limits() -> int:
    """The first limits; a kind under a condition that has any limit, past or present, is left."""
    there = set(TimeLimit.objects.filter(practice=PRACTICE).values_list("kind", "condition"))
    new = [limit for limit in _first_limits() if (limit.kind, limit.condition) not in there]
    TimeLimit.objects.bulk_create(new)
    return len(new)


def _first_tracks() -> Iterator[Mapping]:
    for row in _rows("tracks.csv"):
        yield Mapping(row["kind"], row["member"], date.fromisoformat(row["since"]),
                      date.fromisoformat(row["until"]) if row["until"] else None)


def _first_limits() -> Iterator[TimeLimit]:
    since = {facts.code: facts.since for facts in LISTS}
    for row in _rows("limits.csv"):
        yield TimeLimit(
            practice=PRACTICE, kind=row["kind"], condition=row["condition"],
            condition_en=row["condition_en"], clock=row["clock"], amount=Decimal(row["amount"]),
            since=since[row["kind"].partition("/")[0]], source=row["source"],
        )
