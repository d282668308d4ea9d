"""Verbs about units: what kind a unit is from a day on, and what it may do in its own name.

Facts of law are written down when they are learned, so days of the past are allowed; what was
written stays, with its source. Who may is asked by the caller: roles live in a higher package.
"""

from datetime import date, datetime, timedelta

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal, source_missing
from yiwang.kernel.records import trail

from .actions import Author
from .locate import valid_on
from .models import Power, Unit, UnitType

A_DAY = timedelta(days=1)
POWERS: dict[str, Words] = {
    "demolition.order": Words("作出责令限期拆除决定", "order a demolition by a date"),
    "demolition.enforce": Words("组织强制拆除", "carry out a forced demolition"),
    "penalty.integrated": Words("赋权的综合行政执法处罚", "integrated penalties as conferred"),
}


def power_words(code: str) -> Words:
    """What a power is called; its code where the list does not know it."""
    return POWERS.get(code, Words(code, code))


@transaction.atomic
def change_kind(
    unit: Unit, kind: str, since: date, *, source: str, by: Author, at: datetime
) -> UnitType:
    """The unit is of this kind from a day on (撤镇设街道); what it was ends the day before."""
    _need_source(source)
    types = UnitType.objects.select_for_update().filter(unit=unit)
    if types.filter(since__gte=since).exists():
        raise _later()
    if types.filter(valid_on(since), kind=kind).exists():
        raise Refusal("same_kind", Words("它已经是这一类。", "It is of that kind already."),
                      field="kind")
    types.filter(until__isnull=True).update(until=since - A_DAY)
    row = UnitType.objects.create(unit=unit, kind=kind, since=since, source=source.strip())
    trail.append(stream_of(unit), verb="change_kind", by=by.ref, at=at,
                 changes={"kind": kind, "since": since, "source": row.source})
    return row


@transaction.atomic
def confer(
    unit: Unit, code: str, since: date, until: date | None, *, source: str, by: Author,
    at: datetime,
) -> Power:
    """An entry of the power list for this unit alone, from a day to a day."""
    _need_source(source)
    if until is not None and until < since:
        raise Refusal("ends_before", Words("最后一天早于起日。", "It ends before it begins."),
                      field="until")
    own = Power.objects.select_for_update().filter(unit=unit, code=code)
    for held in own:
        if (held.until is None or held.until >= since) and (until is None or held.since <= until):
            raise _later()
    row = Power.objects.create(unit=unit, code=code, since=since, until=until,
                               source=source.strip())
    trail.append(stream_of(unit), verb="confer_power", by=by.ref, at=at, changes={
        "power": code, "since": since, "until": until, "source": row.source})
    return row


@transaction.atomic
def withdraw(power: Power, last_day: date, *, by: Author, at: datetime) -> Power:
    """The unit has its own entry for the last time on that day."""
    if power.unit is None:
        raise Refusal("of_the_kind", Words("这项权力随单位类型，不能单独收回。",
                                           "It comes with the kind of unit."))
    if last_day < power.since or (power.until is not None and last_day > power.until):
        raise Refusal("outside", Words("不在这一项的起止之内。", "That day is outside its dates."),
                      field="last_day")
    power.until = last_day
    power.save(update_fields=["until"])
    trail.append(stream_of(power.unit), verb="withdraw_power", by=by.ref, at=at,
                 changes={"power": power.code, "until": last_day})
    return power


def stream_of(unit: Unit) -> str:
    """Where the trail keeps what happened to a unit."""
    return f"unit/{unit.code}"


def _need_source(source: str) -> None:
    if not source.strip():
        raise source_missing()


def _later() -> Refusal:
    return Refusal("later_exists", Words("与已有的一项同期。", "One of those days is taken."),
                   Words("换日期，或先结束那一项。", "Choose other days, or end that one first."),
                   field="since")
