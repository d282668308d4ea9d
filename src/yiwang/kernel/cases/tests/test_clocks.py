"""The clock of a case: pauses, extensions, 挂账, lateness, as truth tables and laws."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.algorithms.working_time import ZONE, Calendar, ClockKind, announced_calendar
from yiwang.kernel.cases.clock_words import explain
from yiwang.kernel.cases.clocks import (
    RULES,
    Clock,
    ClockRules,
    extend,
    pause,
    recompute,
    remaining,
    resume,
    start,
    stop,
    suspend,
)
from yiwang.kernel.errors import Refusal

CAL = announced_calendar()
OUT_2027 = Calendar(CAL.exceptions, frozenset(range(2004, 2027)), CAL.names)
HOURS, DAYS = ClockKind.WORKING_HOURS, ClockKind.WORKING_DAYS


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


FRIDAY = at("2022-03-11T16:30")


def running(kind: ClockKind = HOURS, amount: float = 4) -> Clock:
    return start(kind, amount, at=FRIDAY, calendar=CAL)


def refusal_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        act()
    assert refused.value.what.zh
    assert refused.value.what.en
    return refused.value.code


def test_start() -> None:
    clock = running()
    assert clock.due_at == at("2022-03-14T10:30")
    assert (clock.is_running, clock.late, clock.provisional) == (True, False, False)


@pytest.mark.parametrize(
    ("moment", "late"),
    [("2022-03-14T10:30:00", False), ("2022-03-14T10:30:01", True), ("2022-03-11T16:30", False)],
)
def test_late_from_the_moment_after(moment: str, late: bool) -> None:
    assert running().is_late(at(moment)) is late
    assert stop(running(), at=at(moment)).late is late


@pytest.mark.parametrize(
    ("begins", "ends", "due_at"),
    [
        ("2022-03-11T17:00", "2022-03-14T09:00", "2022-03-14T14:30"),  # 2 working hours
        ("2022-03-11T17:00", "2022-03-14T10:00", "2022-03-14T15:30"),  # 3 working hours
        ("2022-03-12T10:00", "2022-03-13T10:00", "2022-03-14T10:30"),  # a weekend: nothing
        ("2022-03-14T10:30", "2022-03-15T09:00", "2022-03-15T09:00"),  # nothing was left
        ("2022-03-11T16:30", "2022-04-01T18:00", "2022-04-02T12:00"),
    ],
)
def test_a_pause_moves_the_deadline_by_what_stood_still(
    begins: str, ends: str, due_at: str
) -> None:
    paused = pause(running(), at=at(begins))
    assert not paused.is_running
    assert resume(paused, at=at(ends), calendar=CAL).due_at == at(due_at)


def test_nothing_is_violated_while_paused() -> None:
    paused = pause(running(), at=at("2022-03-14T10:00"))
    assert not paused.is_late(at("2030-01-01T00:00"))
    assert remaining(paused, at("2030-01-01T00:00"), calendar=CAL) == timedelta(minutes=30)
    assert not stop(paused, at=at("2022-05-01T00:00")).late


def test_late_before_a_pause_stays_late() -> None:
    paused = pause(running(), at=at("2022-03-14T11:00"))
    going = resume(paused, at=at("2022-03-20T09:00"), calendar=CAL)
    assert paused.late
    assert going.late
    assert going.due_at == at("2022-03-14T10:30")


def _extended(times: int, kind: ClockKind = DAYS, amount: float = 3) -> Clock:
    clock = running(kind, amount)
    for _ in range(times):
        clock = extend(clock, at=FRIDAY, calendar=CAL)
    return clock


@pytest.mark.parametrize(
    ("granted", "moment", "answer"),
    [
        (0, "2022-03-14T09:00", "granted"),
        (1, "2022-03-14T09:00", "granted"),
        (2, "2022-03-14T09:00", "extensions_used"),
        (0, "2022-03-16T18:00", "granted"),  # the last moment
        (0, "2022-03-16T18:01", "clock_overdue"),
        (1, "2022-03-21T18:00", "granted"),
        (1, "2022-03-21T18:01", "clock_overdue"),
        (2, "2022-03-24T18:01", "clock_overdue"),
    ],
)
def test_extensions(granted: int, moment: str, answer: str) -> None:
    clock = _extended(granted)
    if answer == "granted":
        longer = extend(clock, at=at(moment), calendar=CAL)
        assert (longer.extensions, longer.amount) == (granted + 1, 3 * (granted + 2))
    else:
        assert refusal_of(lambda: extend(clock, at=at(moment), calendar=CAL)) == answer
        assert clock.extensions == granted  # a refused request does not count


@pytest.mark.parametrize(
    ("times", "due_at"), [(0, "2022-03-16"), (1, "2022-03-21"), (2, "2022-03-24")]
)
def test_each_extension_adds_one_original_limit(times: int, due_at: str) -> None:
    assert _extended(times).due_at == at(f"{due_at}T18:00")


def test_an_extension_may_be_granted_during_a_pause() -> None:
    paused = pause(running(), at=at("2022-03-11T17:00"))
    longer = extend(paused, at=at("2022-03-16T10:00"), calendar=CAL)
    going = resume(longer, at=at("2022-03-17T08:00"), calendar=CAL)
    assert remaining(going, at("2022-03-17T08:00"), calendar=CAL) == timedelta(hours=7.5)


@pytest.mark.parametrize(
    ("moment", "until", "answer"),
    [
        ("2022-03-14T09:00", "2022-09-14T09:00", ""),
        ("2022-03-14T09:00", "2023-03-14T09:00", ""),
        ("2022-03-14T09:00", "2023-03-14T09:01", "suspension_term"),
        ("2022-03-14T09:00", "2022-03-14T09:00", "suspension_term"),
        ("2022-03-14T09:00", "2022-03-01T09:00", "suspension_term"),
    ],
)
def test_suspension_lasts_a_year_at_most(moment: str, until: str, answer: str) -> None:
    def act() -> Clock:
        return suspend(running(), at=at(moment), until=at(until), calendar=CAL)

    if answer:
        assert refusal_of(act) == answer
    else:
        assert remaining(act(), at(moment), calendar=CAL) == timedelta(hours=1.5)


def test_suspension_only_once_and_it_ends_by_itself() -> None:
    held = suspend(
        running(), at=at("2022-03-14T10:00"), until=at("2022-06-01T08:00"), calendar=CAL
    )
    assert held.is_running  # its end is known, so it is to be kept
    assert held.due_at == at("2022-06-01T08:30")
    assert not held.is_late(at("2022-06-01T07:00"))
    assert held.is_late(at("2022-06-01T08:31"))
    early = resume(held, at=at("2022-03-15T08:00"), calendar=CAL)
    assert early.due_at == at("2022-03-15T08:30")
    again = {"at": at("2022-03-15T08:10"), "until": at("2022-05-01T00:00"), "calendar": CAL}
    assert refusal_of(lambda: suspend(early, **again)) == "suspensions_used"  # type: ignore[arg-type]


def test_a_suspension_that_ran_out_is_closed_at_its_limit() -> None:
    held = suspend(
        running(), at=at("2022-03-14T10:00"), until=at("2022-06-01T08:00"), calendar=CAL
    )
    late = resume(held, at=at("2022-07-01T08:00"), calendar=CAL)
    assert late.late
    assert late.due_at == at("2022-06-01T08:30")
    assert late.pauses[0].ends == at("2022-06-01T08:00")


def test_a_leap_day_suspension_ends_on_28_february() -> None:
    clock = start(DAYS, 3, at=at("2024-02-28T09:00"), calendar=CAL)
    last = at("2025-02-28T09:00")
    assert suspend(clock, at=at("2024-02-29T09:00"), until=last, calendar=CAL).suspensions == 1


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: pause(stop(running(), at=FRIDAY), at=FRIDAY), "clock_stopped"),
        (lambda: pause(pause(running(), at=FRIDAY), at=FRIDAY), "clock_paused"),
        (lambda: resume(running(), at=FRIDAY, calendar=CAL), "clock_not_paused"),
        (lambda: pause(running(), at=at("2022-03-10T09:00")), "clock_backdated"),
        (lambda: stop(running(), at=at("2022-03-10T09:00")), "clock_backdated"),
        (lambda: extend(stop(running(), at=FRIDAY), at=FRIDAY, calendar=CAL), "clock_stopped"),
        (lambda: start(HOURS, 0, at=FRIDAY, calendar=CAL), "bad_term"),
        (lambda: start("weeks", 1, at=FRIDAY, calendar=CAL), "bad_term"),
        (lambda: start(DAYS, 0.5, at=FRIDAY, calendar=CAL), "bad_term"),
    ],
)
def test_refusals(act: Callable[[], object], code: str) -> None:
    assert refusal_of(act) == code


def test_stopping_twice_changes_nothing() -> None:
    once = stop(running(), at=at("2022-03-14T09:00"))
    assert stop(once, at=at("2022-03-20T09:00")) == once
    assert not once.is_late(at("2023-01-01T00:00"))


def test_a_provisional_deadline_is_recomputed_when_the_year_is_announced() -> None:
    begins = at("2026-12-21T09:00")
    clock = start(DAYS, 9, at=begins, calendar=OUT_2027)
    assert (clock.provisional, clock.due_at) == (True, at("2027-01-01T18:00"))
    announced = OUT_2027.changed(days={date(2027, 1, 1): False}, announced=[2027])
    firm = recompute(clock, calendar=announced)
    assert (firm.provisional, firm.due_at) == (False, at("2027-01-04T18:00"))
    assert firm == start(DAYS, 9, at=begins, calendar=announced)
    stopped = stop(clock, at=begins)
    assert recompute(stopped, calendar=announced) == stopped


def test_rules_are_checked() -> None:
    assert (RULES.most_extensions, RULES.most_suspensions, RULES.suspension_years) == (2, 1, 1)
    with pytest.raises(ValueError, match="negative"):
        ClockRules(most_extensions=-1)
    with pytest.raises(ValueError, match="suspension_years"):
        ClockRules(suspension_years=0)


def test_explained_with_pauses_and_extensions() -> None:
    clock = extend(running(), at=FRIDAY, calendar=CAL)
    clock = resume(pause(clock, at=at("2022-03-14T09:00")), at=at("2022-03-14T10:00"), calendar=CAL)
    words = explain(clock, CAL)
    assert words.zh.startswith("原时限为工作时 4 小时，批准延期 1 次。工作时 8 小时：")
    assert "暂停 2022-03-14 周一 09:00 至 2022-03-14 周一 10:00，其间不计 1 小时" in words.zh
    assert words.zh.endswith("到期 2022-03-14 周一 17:30")
    assert words.en.endswith("Due Mon 2022-03-14 17:30")
    held = pause(clock, at=at("2022-03-14T11:00"))
    assert "暂停前的期限" in explain(held, CAL).zh


moments = st.datetimes(datetime(2019, 1, 1), datetime(2026, 6, 1), timezones=st.just(ZONE))  # noqa: DTZ001
kinds = st.sampled_from(list(ClockKind))
gaps = st.lists(st.timedeltas(timedelta(), timedelta(days=3)), min_size=0, max_size=8)


@given(kinds, moments, st.integers(1, 40), gaps)
def test_what_is_left_is_the_same_after_every_pause(
    kind: ClockKind, begins: datetime, amount: int, gaps: list[timedelta]
) -> None:
    clock, now = start(kind, amount, at=begins, calendar=CAL), begins
    for run, still in zip(gaps[::2], gaps[1::2], strict=False):
        now += run
        paused = pause(clock, at=now)
        left = remaining(paused, now, calendar=CAL)
        now += still
        assert paused.is_late(now) == paused.late
        clock = resume(paused, at=now, calendar=CAL)
        assert clock.is_late(now) == paused.late
        if not paused.late and left and kind is not ClockKind.CALENDAR_DAYS:
            assert remaining(clock, now, calendar=CAL) == left
    assert Clock.from_json(json.loads(json.dumps(clock.to_json()))) == clock
    assert explain(clock, CAL).en
