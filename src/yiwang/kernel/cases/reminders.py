"""When somebody is reminded of a deadline: while a working hour or day is still left. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from yiwang.algorithms.working_time import (
    OFFICE_HOURS,
    Calendar,
    ClockKind,
    OfficeHours,
    earlier,
    next_working_time,
)

from .clocks import Clock


@dataclass(frozen=True, slots=True)
class ReminderRules:
    """How much time is left at a reminder; ``short`` where the term allows no more than that."""

    hours: timedelta = timedelta(hours=1)
    hours_short: timedelta = timedelta(minutes=30)
    day: timedelta = timedelta(microseconds=OFFICE_HOURS.day)
    day_short: timedelta = timedelta(hours=1)
    source: str = "一网默认，2026-11 / own choice: one working hour, or one working day, before"

    def __post_init__(self) -> None:
        if not (timedelta() < self.hours_short < self.hours
                and timedelta() < self.day_short < self.day):
            raise ValueError("the short reminders are above 0 and shorter than the others")


RULES = ReminderRules()


def remind_at(
    clock: Clock, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS,
    rules: ReminderRules = RULES,
) -> datetime | None:
    """The moment to remind at: in office hours, unless the clock runs day and night by the hour.

    None where the clock had not started by then.
    """
    moments = _moments(clock, calendar, hours, rules)
    return next((moment for moment in moments if clock.started_at < moment < clock.due_at), None)


def _moments(
    clock: Clock, calendar: Calendar, hours: OfficeHours, rules: ReminderRules
) -> Iterator[datetime]:
    days = clock.kind.in_days
    for left in (rules.day, rules.day_short) if days else (rules.hours, rules.hours_short):
        kind = ClockKind.WORKING_DAYS if days else clock.kind
        moment = earlier(kind, clock.due_at, left, calendar, hours)
        yield next_working_time(moment, calendar, hours) if kind.follows_office_hours else moment
