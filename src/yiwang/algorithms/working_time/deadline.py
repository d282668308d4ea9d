"""When a term falls due, and how much of it has run.

The convention for terms of days: the day of the start is not counted; a term of working days is
due at the end of office hours of its last day, one of calendar days at 24:00 of its last day
(stored as 00:00 of the next), and a last day of rest gives way to the next working day where
``TermRule.rolls``. Terms of hours run from the moment itself.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yiwang.algorithms.words import Words

from .calendar import Calendar
from .errors import TermError
from .hours import MINUTE, OFFICE_HOURS, OfficeHours
from .kinds import TERM_RULE, ClockKind, TermRule
from .steps import Step, steps_of
from .timeline import DAY, Timeline, local, microseconds, moment, split

HOUR = 60 * MINUTE
MAX_HOURS = 87_600
MAX_DAYS = 3_660
"""Ten years: no limit in the field is longer; more is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A due moment with all it was counted from. ``provisional``: a missing year may move it.

    ``term_end`` is the end before a day of rest gave way, equal to ``due_at`` otherwise.
    """

    kind: ClockKind
    start: datetime
    amount: float
    due_at: datetime
    provisional: bool
    term_end: datetime
    calendar: Calendar
    hours: OfficeHours

    @property
    def last_day(self) -> date:
        """The day the term ends on; 00:00 belongs to the day it closes."""
        return (self.due_at - timedelta(microseconds=1)).date()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The runs of days it was counted over; worked out when asked for."""
        return steps_of(
            self.kind, self.start, self.term_end, self.due_at, self.calendar, self.hours
        )


def due(
    kind: ClockKind,
    start: datetime,
    amount: float,
    calendar: Calendar,
    hours: OfficeHours = OFFICE_HOURS,
    *,
    rule: TermRule = TERM_RULE,
) -> Deadline:
    """The deadline of ``amount`` hours or whole days after ``start`` (aware; any zone).

    Raises ``TermError`` for amounts that are not positive, too large, or not whole days.
    """
    begins = local(start)
    check_amount(kind, amount)
    line = timeline_of(kind, calendar, hours)
    end = line.reached(allowance_end(kind, begins, amount, line))
    due_at = rolled(kind, end, calendar, rule)
    unsure = is_unsure(kind, begins, end, due_at, calendar, rule)
    return Deadline(kind, begins, amount, due_at, unsure, end, calendar, hours)


def elapsed(
    kind: ClockKind,
    begins: datetime,
    ends: datetime,
    calendar: Calendar,
    hours: OfficeHours = OFFICE_HOURS,
) -> timedelta:
    """The time of this kind between two moments, exact; negative where they stand the other way.

    Both kinds that follow office hours count working time; the other two count day and night.
    """
    line = timeline_of(kind, calendar, hours)
    run = line.position(local(ends, field="ends")) - line.position(local(begins, field="begins"))
    return timedelta(microseconds=run)


def earlier(
    kind: ClockKind,
    at: datetime,
    by: timedelta,
    calendar: Calendar,
    hours: OfficeHours = OFFICE_HOURS,
) -> datetime:
    """The moment from which ``by`` of this kind's time runs until ``at``; the first such one."""
    line = timeline_of(kind, calendar, hours)
    return line.reached(line.position(local(at, field="at")) - microseconds(by))


def is_working_time(at: datetime, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS) -> bool:
    """Whether ``at`` lies in office hours of a working day (no notices, no force outside)."""
    here = local(at, field="at")
    return calendar.works(here.date()) and hours.is_open(split(here)[1])


def next_working_time(
    at: datetime, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS
) -> datetime:
    """``at`` itself in office hours, otherwise the moment they next open."""
    here = local(at, field="at")
    if is_working_time(here, calendar, hours):
        return here
    line = Timeline(calendar, hours)
    first = line.reached(line.position(here) + 1)
    return first - timedelta(microseconds=1)


def timeline_of(kind: ClockKind, calendar: Calendar, hours: OfficeHours) -> Timeline:
    """The number line a clock of this kind runs on."""
    return Timeline(calendar, hours if kind.follows_office_hours else None)


def check_amount(kind: ClockKind, amount: float) -> None:
    """Raise ``TermError`` unless ``amount`` is a positive, finite, sensible one of its kind."""
    most = MAX_DAYS if kind.in_days else MAX_HOURS
    if not 0 < amount <= most or (not kind.in_days and amount * HOUR < 1):
        raise TermError(
            Words(f"时限要大于 0，不超过 {most}。", f"A term is more than 0 and at most {most}."),
            field="amount",
        )
    if kind.in_days and amount != int(amount):
        raise TermError(
            Words("按日计的时限要是整数天。", "A term of days is a whole number."), field="amount"
        )


def allowance_end(kind: ClockKind, begins: datetime, amount: float, line: Timeline) -> int:
    """The position on ``line`` at which ``amount`` is used up; ``begins`` is local."""
    if not kind.in_days:
        return line.position(begins) + round(amount * HOUR)
    day = line.hours.day if line.hours else DAY
    return line.day_end(begins.toordinal()) + int(amount) * day


def rolled(kind: ClockKind, end: datetime, calendar: Calendar, rule: TermRule) -> datetime:
    """``end``, or 24:00 of the next working day where a calendar-day term ends on a day of rest."""
    if kind is not ClockKind.CALENDAR_DAYS or not rule.rolls:
        return end
    last = (end - timedelta(microseconds=1)).date()
    if calendar.works(last):
        return end
    return moment(calendar.next_working(last.toordinal()), DAY)


def is_unsure(
    kind: ClockKind,
    begins: datetime,
    end: datetime,
    due_at: datetime,
    calendar: Calendar,
    rule: TermRule,
) -> bool:
    """Whether an announcement still to come could move this deadline."""
    if kind is ClockKind.EMERGENCY_HOURS or (kind is ClockKind.CALENDAR_DAYS and not rule.rolls):
        return False
    first = begins if kind.follows_office_hours else end - timedelta(microseconds=1)
    last = due_at - timedelta(microseconds=1)
    return bool(calendar.unsure_years(first.date(), last.date()))
