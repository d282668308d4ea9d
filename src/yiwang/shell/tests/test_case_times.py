"""Time left in the clock's own unit, and the lamp that goes with it: a truth table."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.algorithms.working_time import ZONE, ClockKind, announced_calendar
from yiwang.kernel.cases.clocks import pause, start, stop
from yiwang.shell.web.case_times import LampRules, lamp_of, standing

CALENDAR = announced_calendar()
TUESDAY = datetime(2026, 3, 10, 9, 0, tzinfo=ZONE)
HOUR = timedelta(hours=1)


def stands(kind: str, amount: float, later: timedelta) -> tuple[str, str, str]:
    clock = start(kind, amount, at=TUESDAY, calendar=CALENDAR)
    found = standing({"x": clock.to_json()}, at=TUESDAY + later, calendar=CALENDAR)
    return found.lamp, found.words.zh, found.words.en


@pytest.mark.parametrize(("kind", "amount", "later", "lamp", "zh", "en"), [
    ("emergency_hours", 1, 0.7 * HOUR, "bad", "剩 18 分", "18 min left"),
    ("emergency_hours", 3, 0 * HOUR, "ok", "剩 3 小时", "3 h left"),
    ("emergency_hours", 1, 3 * HOUR, "bad", "超 2 小时", "2 h over"),
    ("working_hours", 2, HOUR, "warn", "剩 1 小时", "1 h left"),
    ("working_hours", 8, HOUR, "ok", "剩工作时 7 小时", "7 h of office time left"),
    ("working_days", 5, 0 * HOUR, "idle", "剩工作日 5 天", "5 working days left"),
    ("working_hours", 1, 14 * HOUR, "bad", "超工作时 6 小时", "6 h of office time over"),
    ("working_hours", 7, 12 * HOUR, "bad", "已超时", "overdue"),  # no office hour since
    ("calendar_days", 3, HOUR, "idle", "剩 3 天 14 小时", "3 d 14 h left"),
])
def test_left(kind: str, amount: float, later: timedelta, lamp: str, zh: str, en: str) -> None:
    assert stands(kind, amount, later) == (lamp, zh, en)


def test_the_clock_that_ends_first_is_shown() -> None:
    first = start("emergency_hours", 1, at=TUESDAY, calendar=CALENDAR)
    second = start("emergency_hours", 9, at=TUESDAY, calendar=CALENDAR)
    found = standing({"b": second.to_json(), "a": first.to_json()}, at=TUESDAY, calendar=CALENDAR)
    assert found.name == "a"


def test_a_paused_clock_says_so_and_a_stopped_one_nothing() -> None:
    clock = start("emergency_hours", 9, at=TUESDAY, calendar=CALENDAR)
    paused = pause(clock, at=TUESDAY + HOUR)
    assert standing({"a": paused.to_json()}, at=TUESDAY, calendar=CALENDAR).words.zh == "计时暂停"
    stopped = stop(clock, at=TUESDAY + HOUR)
    assert standing({"a": stopped.to_json()}, at=TUESDAY, calendar=CALENDAR).words.zh == ""


@given(st.floats(-48, 480), st.floats(0, 1), st.sampled_from(list(ClockKind)))
def test_a_lamp_never_gets_better_as_time_goes(hours: float, share: float, kind: ClockKind) -> None:
    order = ["idle", "ok", "warn", "bad"]
    now = order.index(lamp_of(kind, timedelta(hours=hours), share))
    later = order.index(lamp_of(kind, timedelta(hours=hours - 1), min(share + 0.1, 1.0)))
    assert later >= now


def test_the_rules_are_bounded() -> None:
    with pytest.raises(ValueError, match="warn_share"):
        LampRules(warn_share=0.9, bad_share=0.5)
