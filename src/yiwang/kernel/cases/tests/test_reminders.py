"""A reminder comes while there is still time, in office hours, and never before the start."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.algorithms.working_time import (
    ZONE,
    ClockKind,
    announced_calendar,
    elapsed,
    is_working_time,
)
from yiwang.kernel.cases.clocks import start
from yiwang.kernel.cases.reminders import RULES, ReminderRules, remind_at

CALENDAR = announced_calendar()
FIRST, LAST = datetime(2026, 1, 5), datetime(2026, 10, 1)  # noqa: DTZ001
MOMENTS = st.datetimes(FIRST, LAST, timezones=st.just(ZONE))
TUESDAY = datetime(2026, 3, 10, 9, 30, tzinfo=ZONE)


@pytest.mark.parametrize(("kind", "amount", "at", "reminded"), [
    ("working_hours", 4, "2026-03-10 09:30", "2026-03-10 14:30"),  # due 15:30
    ("working_hours", 1, "2026-03-10 09:30", "2026-03-10 10:00"),  # half an hour is left
    ("working_hours", 8, "2026-03-13 08:30", "2026-03-13 17:30"),  # due Monday 08:30
    ("emergency_hours", 3, "2026-03-10 22:00", "2026-03-11 00:00"),  # day and night
    ("working_days", 3, "2026-03-10 09:30", "2026-03-13 08:00"),  # the last day begins
    ("working_days", 1, "2026-02-14 09:30", "2026-02-24 08:00"),  # after the Spring Festival
    ("calendar_days", 3, "2026-03-10 09:30", "2026-03-13 08:00"),  # due 24:00 of that day
])
def test_when(kind: str, amount: float, at: str, reminded: str) -> None:
    begins = datetime.fromisoformat(at).replace(tzinfo=ZONE)
    clock = start(kind, amount, at=begins, calendar=CALENDAR)
    found = remind_at(clock, CALENDAR)
    assert found is not None
    assert found.strftime("%Y-%m-%d %H:%M") == reminded


def test_a_term_of_minutes_has_none() -> None:
    quarter = start("emergency_hours", 0.25, at=TUESDAY, calendar=CALENDAR)
    assert remind_at(quarter, CALENDAR) is None


@given(kind=st.sampled_from(ClockKind), amount=st.integers(1, 40), at=MOMENTS)
def test_there_is_time_left_and_somebody_at_work(
    kind: ClockKind, amount: int, at: datetime
) -> None:
    clock = start(kind, amount, at=at, calendar=CALENDAR)
    found = remind_at(clock, CALENDAR)
    assert found is not None
    assert clock.started_at < found < clock.due_at
    if kind is ClockKind.EMERGENCY_HOURS:
        assert clock.due_at - found in (RULES.hours, RULES.hours_short)
        return
    assert is_working_time(found, CALENDAR)
    left = elapsed(ClockKind.WORKING_HOURS, found, clock.due_at, CALENDAR)
    wanted = (RULES.day, RULES.day_short) if kind.in_days else (RULES.hours, RULES.hours_short)
    assert left in wanted


@pytest.mark.parametrize("bad", [{"hours_short": timedelta(hours=2)}, {"day_short": timedelta()}])
def test_rules_are_checked(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="shorter"):
        ReminderRules(**bad)
