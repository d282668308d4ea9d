"""Laws of the calendar and the clocks, over 2019–2026."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import chinese_calendar
from hypothesis import given
from hypothesis import strategies as st

from yiwang.algorithms.working_time import (
    OFFICE_HOURS,
    ZONE,
    ClockKind,
    announced_calendar,
    derivation,
    due,
    earlier,
    elapsed,
    is_working_time,
    moved,
)

CAL = announced_calendar()
FIRST, LAST = datetime(2019, 1, 1), datetime(2026, 12, 31, 23, 59)  # noqa: DTZ001
moments = st.datetimes(FIRST, LAST, timezones=st.just(ZONE))
kinds = st.sampled_from(list(ClockKind))
amounts = st.integers(1, 90)
spans = st.timedeltas(timedelta(), timedelta(days=40))


def test_every_day_agrees_with_chinesecalendar() -> None:
    for ordinal in range(date(2004, 1, 1).toordinal(), date(2026, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        assert CAL.works(day) == chinese_calendar.is_workday(day), day


def test_counting_days_agrees_with_walking_them() -> None:
    start = date(2019, 1, 1).toordinal()
    count = CAL.worked_through(start - 1)
    for ordinal in range(start, date(2027, 2, 1).toordinal()):
        works = CAL.works(date.fromordinal(ordinal))
        count += works
        assert CAL.worked_through(ordinal) == count
        if works:
            assert CAL.nth_working(count) == ordinal
        assert CAL.next_working(ordinal) == CAL.nth_working(count + (not works))


@given(kinds, moments, amounts, amounts)
def test_a_longer_term_is_never_due_earlier(
    kind: ClockKind, start: datetime, one: int, two: int
) -> None:
    low, high = sorted((one, two))
    assert due(kind, start, low, CAL).due_at <= due(kind, start, high, CAL).due_at


@given(kinds, moments, moments, amounts)
def test_a_later_start_is_never_due_earlier(
    kind: ClockKind, one: datetime, two: datetime, amount: int
) -> None:
    low, high = sorted((one, two))
    assert due(kind, low, amount, CAL).due_at <= due(kind, high, amount, CAL).due_at


@given(kinds, moments, moments, moments)
def test_elapsed_adds_up(kind: ClockKind, a: datetime, b: datetime, c: datetime) -> None:
    whole = elapsed(kind, a, c, CAL)
    assert elapsed(kind, a, b, CAL) + elapsed(kind, b, c, CAL) == whole
    assert elapsed(kind, c, a, CAL) == -whole


@given(st.sampled_from([ClockKind.EMERGENCY_HOURS, ClockKind.WORKING_HOURS]), moments, amounts)
def test_what_has_elapsed_when_due_is_the_amount(
    kind: ClockKind, start: datetime, amount: int
) -> None:
    assert elapsed(kind, start, due(kind, start, amount, CAL).due_at, CAL) == timedelta(
        hours=amount
    )


@given(moments, amounts)
def test_working_days_are_counted_one_by_one(start: datetime, amount: int) -> None:
    day, left = start.date(), amount
    while left:
        day += timedelta(days=1)
        left -= CAL.works(day)
    found = due(ClockKind.WORKING_DAYS, start, amount, CAL).due_at
    assert (found.date(), found.hour, found.minute) == (day, 18, 0)


@given(moments, st.floats(0.01, 200))
def test_working_hours_never_fall_due_outside_office_hours(start: datetime, amount: float) -> None:
    found = due(ClockKind.WORKING_HOURS, start, amount, CAL).due_at
    assert is_working_time(found - timedelta(microseconds=1), CAL)


@given(moments, amounts)
def test_calendar_days_end_a_working_day_at_midnight(start: datetime, amount: int) -> None:
    found = due(ClockKind.CALENDAR_DAYS, start, amount, CAL)
    plain = start.date() + timedelta(days=amount)
    assert (found.due_at.hour, found.due_at.minute) == (0, 0)
    assert CAL.works(found.last_day)
    assert found.last_day >= plain
    assert not any(
        CAL.works(plain + timedelta(days=n)) for n in range((found.last_day - plain).days)
    )


@given(kinds, moments, amounts, st.floats(0, 1), spans)
def test_a_pause_moves_a_term_by_what_stood_still(
    kind: ClockKind, start: datetime, amount: int, part: float, span: timedelta
) -> None:
    found = due(kind, start, amount, CAL)
    begins = start + (found.due_at - start) * part
    due_at, _ = moved(found, [(begins, begins + span)])
    assert due_at >= max(found.due_at, begins + span)  # nothing is violated while paused
    if kind is not ClockKind.CALENDAR_DAYS and begins < found.due_at:
        left = elapsed(kind, begins, found.due_at, CAL)
        if left:
            assert elapsed(kind, begins + span, due_at, CAL) == left


@given(st.sampled_from([ClockKind.WORKING_HOURS, ClockKind.WORKING_DAYS]), moments, amounts)
def test_a_pause_outside_office_hours_moves_nothing(
    kind: ClockKind, start: datetime, amount: int
) -> None:
    found = due(kind, start, amount, CAL)
    night = start.replace(hour=18, minute=0, second=0, microsecond=0)
    if night < start or night >= found.due_at:
        return
    assert moved(found, [(night, night + timedelta(hours=14))])[0] == found.due_at


@given(kinds, moments, amounts)
def test_steps_account_for_the_whole_term(kind: ClockKind, start: datetime, amount: int) -> None:
    steps = due(kind, start, amount, CAL).steps
    if kind.in_days:
        assert sum(step.days for step in steps) == amount
    else:
        assert sum((step.counted for step in steps), timedelta()) == timedelta(hours=amount)
    for one, two in pairwise(steps):
        assert one.last < two.first or kind is ClockKind.CALENDAR_DAYS


@given(kinds, moments, amounts)
def test_every_derivation_is_said_in_both_languages(
    kind: ClockKind, start: datetime, amount: int
) -> None:
    words = derivation(due(kind, start, amount, CAL))
    assert words.zh
    assert not any("一" <= letter <= "鿿" for letter in words.en)
    assert "{" not in words.zh + words.en


def test_make_up_workdays_count() -> None:
    make_ups = [day for day in CAL.exceptions if CAL.is_make_up(day)]
    assert len(make_ups) == len(chinese_calendar.constants.workdays)
    for day in make_ups:
        opens = datetime(day.year, day.month, day.day, 8, tzinfo=ZONE)
        assert elapsed(
            ClockKind.WORKING_HOURS, opens, opens + timedelta(hours=10), CAL
        ) == timedelta(microseconds=OFFICE_HOURS.day)


@given(kinds, moments, spans)
def test_what_lies_earlier_by_a_span_has_that_span_to_run(
    kind: ClockKind, at: datetime, span: timedelta
) -> None:
    before = earlier(kind, at, span, CAL)
    assert before <= at
    assert elapsed(kind, before, at, CAL) == span
