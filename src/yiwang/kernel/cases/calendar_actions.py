"""Verbs about the calendar, from a page: announce a year, set one day. What they would do, too."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import Calendar, YearFile
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import Actor, can_somewhere, not_allowed
from yiwang.kernel.records import trail

from .calendar import MAX_SOURCE, announce_year, calendar_now, seed_calendar
from .clocks import Clock, recompute
from .models import CalendarDay, CalendarYear, Case
from .rules_actions import somebody_else

LONGEST_NAME = 40  # characters, models.CalendarDay.name
LOOKED_AT = 500  # provisional cases a preview counts anew at most
MARK = " #"  # before the mark that tells every worker that days have changed


@dataclass(frozen=True, slots=True)
class DayChange:
    """A day that would count differently, or be called otherwise."""

    day: date
    worked: bool
    works: bool
    name: Words


@dataclass(frozen=True, slots=True)
class Effect:
    """Provisional deadlines: how many there are, were looked at, would move, would be certain."""

    provisional: int
    looked_at: int
    moved: int
    certain: int


def stamp_of_year(year: int) -> int:
    """A number that grows with every change of the year's days."""
    return trail.newest_seq(f"calendar/{year}")


def announce(file: YearFile, *, by: Actor, at: datetime, seen: int) -> Calendar:
    """Announce a year as the person saw it; gives way to whoever changed it meanwhile."""
    with _one_at_a_time(file.year, seen, by):
        return announce_year(file, by=by, at=at)


def set_day(
    day: date, works: bool | None, name: Words, *, by: Actor, at: datetime, source: str, seen: int
) -> None:
    """Make one day a workday or a day of rest; ``None``: as its weekday says. A town's own day."""
    said = " ".join(source.split())
    if not said or len(said) > MAX_SOURCE - 20:
        raise Refusal("source", Words("写明依据，至多 {n} 字。",
                                      "Say what it rests on, in at most {n} characters.").filled(
            n=MAX_SOURCE - 20), field="source")
    if works is not None and not 0 < len(name.zh.strip()) <= LONGEST_NAME:
        raise Refusal("name", Words("名称 1 至 {n} 字。", "A name has 1–{n} characters.").filled(
            n=LONGEST_NAME), field="name")
    with _one_at_a_time(day.year, seen, by):
        _write_day(day, works, name, by=by, at=at, source=said)


def _write_day(
    day: date, works: bool | None, name: Words, *, by: Actor, at: datetime, source: str
) -> None:
    CalendarDay.objects.filter(day=day).delete()
    if works is not None:
        CalendarDay.objects.create(day=day, works=works, name=name.zh.strip(),
                                   name_en=name.en.strip()[:60], source=source)
    entry = trail.append(
        f"calendar/{day.year}", verb="set_day", by=by.ref, at=at,
        changes={"day": day, "works": works, "name": name.zh}, note={"source": source})
    year, _ = CalendarYear.objects.get_or_create(year=day.year)
    told = year.source.partition(MARK)[0][: MAX_SOURCE - 20]
    year.source = f"{told}{MARK}{hashlib.sha256(entry.digest.encode()).hexdigest()[:12]}"
    year.save(update_fields=["source"])


@contextmanager
def _one_at_a_time(year: int, seen: int, by: Actor) -> Iterator[None]:
    if not can_somewhere(by, "calendar.edit"):
        raise not_allowed("calendar.edit")
    try:
        with transaction.atomic():
            if not CalendarYear.objects.exists():
                seed_calendar()
            if stamp_of_year(year) != seen:
                raise somebody_else()
            yield
    except IntegrityError:  # the same day or the same place in the trail: another was first
        raise somebody_else() from None


def changes_by(file: YearFile) -> list[DayChange]:
    """The days that would count or be called otherwise after the announcement, in order."""
    before = calendar_now()
    after = file.merged(before)
    days = sorted({*before.exceptions, *after.exceptions})
    return [
        DayChange(day, before.works(day), after.works(day), after.name(day))
        for day in days
        if (before.works(day), before.name(day).zh) != (after.works(day), after.name(day).zh)
    ]


def effect_of(after: Calendar, provisional: QuerySet[Case]) -> Effect:
    """What ``after`` would do to these open cases with provisional deadlines; writes nothing."""
    moved = certain = 0
    cases = list(provisional.order_by("due_at").only("id", "clocks")[:LOOKED_AT])
    for case in cases:
        clocks = [Clock.from_json(stored) for stored in case.clocks.values()]
        counted = [recompute(clock, calendar=after) for clock in clocks]
        moved += any(a.due_at != b.due_at for a, b in zip(clocks, counted, strict=True))
        certain += not any(clock.provisional for clock in counted if clock.is_running)
    total = provisional.count() if len(cases) == LOOKED_AT else len(cases)
    return Effect(total, len(cases), moved, certain)
