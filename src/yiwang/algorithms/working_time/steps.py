"""The runs of days a deadline was counted over, as plain data for words, pages and machines."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yiwang.algorithms.words import Words

from .calendar import Calendar
from .hours import OfficeHours
from .kinds import ClockKind
from .timeline import Timeline, moment


class StepKind(StrEnum):
    """What a run of days did to the term."""

    COUNTED = "counted"
    START_DAY = "start_day"
    CLOSED = "closed"
    """A working day of which nothing was left after the office had closed."""
    REST = "rest"
    ROLLED = "rolled"
    """A day of rest on which a term of calendar days would have ended."""


NO_NAME = Words("", "")


@dataclass(frozen=True, slots=True)
class Step:
    """Days ``first`` to ``last``, alike. ``counted``: working or plain time, or whole days.

    ``counted_from`` and ``counted_to`` bound the time counted on them; ``name`` is the holiday.
    """

    kind: StepKind
    first: date
    last: date
    counted: timedelta = timedelta()
    days: int = 0
    counted_from: datetime | None = None
    counted_to: datetime | None = None
    name: Words = NO_NAME
    make_up: bool = False


def steps_of(
    kind: ClockKind,
    start: datetime,
    term_end: datetime,
    due_at: datetime,
    calendar: Calendar,
    hours: OfficeHours,
) -> tuple[Step, ...]:
    """Every day from the start to the due moment, in runs of like days."""
    if kind is ClockKind.EMERGENCY_HOURS:
        return (_plain(start, due_at),)
    if kind is ClockKind.CALENDAR_DAYS:
        return _calendar_days(start, term_end, due_at, calendar)
    last = (due_at - timedelta(microseconds=1)).date()
    days = (date.fromordinal(n) for n in range(start.toordinal(), last.toordinal() + 1))
    if kind is ClockKind.WORKING_DAYS:
        return _runs([_working_day(day, start, calendar) for day in days])
    line = Timeline(calendar, hours)
    return _runs([_hours_of(day, start, due_at, line, hours) for day in days])


def _plain(start: datetime, end: datetime) -> Step:
    return Step(
        StepKind.COUNTED,
        start.date(),
        end.date(),
        counted=end - start,
        counted_from=start,
        counted_to=end,
    )


def _calendar_days(
    start: datetime, term_end: datetime, due_at: datetime, calendar: Calendar
) -> tuple[Step, ...]:
    first = start.date()
    last = (term_end - timedelta(microseconds=1)).date()
    steps = [Step(StepKind.START_DAY, first, first)]
    if last > first:
        steps.append(
            Step(StepKind.COUNTED, first + timedelta(days=1), last, days=(last - first).days)
        )
    due_day = (due_at - timedelta(microseconds=1)).toordinal()
    rest = [date.fromordinal(n) for n in range(last.toordinal(), due_day)]
    return (
        *steps,
        *_runs([Step(StepKind.ROLLED, day, day, name=calendar.name(day)) for day in rest]),
    )


def _working_day(day: date, start: datetime, calendar: Calendar) -> Step:
    if day == start.date():
        return Step(StepKind.START_DAY, day, day)
    if not calendar.works(day):
        return Step(StepKind.REST, day, day, name=calendar.name(day))
    return _worked(day, calendar, days=1)


def _hours_of(
    day: date, start: datetime, due_at: datetime, line: Timeline, hours: OfficeHours
) -> Step:
    calendar = line.calendar
    if not calendar.works(day):
        return Step(StepKind.REST, day, day, name=calendar.name(day))
    ordinal = day.toordinal()
    begins = max(start, moment(ordinal, hours.opens))
    ends = min(due_at, moment(ordinal, hours.closes))
    if begins >= moment(ordinal, hours.closes):
        return Step(StepKind.CLOSED, day, day)
    run = line.position(ends) - line.position(begins)
    return _worked(
        day, calendar, counted=timedelta(microseconds=run), counted_from=begins, counted_to=ends
    )


def _worked(
    day: date,
    calendar: Calendar,
    *,
    days: int = 0,
    counted: timedelta = timedelta(),
    counted_from: datetime | None = None,
    counted_to: datetime | None = None,
) -> Step:
    make_up = calendar.is_make_up(day)
    name = calendar.name(day) if make_up else NO_NAME
    return Step(
        StepKind.COUNTED, day, day, counted, days, counted_from, counted_to, name, make_up
    )


def _runs(days: list[Step]) -> tuple[Step, ...]:
    """Join neighbours that are alike: same kind, same name, same make-up mark."""
    runs: list[Step] = []
    for day in days:
        if runs and _alike(runs[-1], day):
            runs[-1] = _joined(runs[-1], day)
        else:
            runs.append(day)
    return tuple(runs)


def _alike(one: Step, two: Step) -> bool:
    return (one.kind, one.name, one.make_up) == (two.kind, two.name, two.make_up)


def _joined(one: Step, two: Step) -> Step:
    return Step(
        one.kind,
        one.first,
        two.last,
        one.counted + two.counted,
        one.days + two.days,
        one.counted_from,
        two.counted_to,
        one.name,
        one.make_up,
    )
