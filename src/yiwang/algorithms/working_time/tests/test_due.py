"""The vectors of the field, the edges of a day, and what is refused."""

from datetime import UTC, date, datetime, timedelta

import pytest

from yiwang.algorithms.working_time import (
    WEEKENDS_ONLY,
    ZONE,
    Calendar,
    ClockKind,
    OfficeHours,
    TermError,
    TermRule,
    announced_calendar,
    due,
    due_words,
    elapsed,
    is_working_time,
    next_working_time,
)

EMERGENCY, HOURS, DAYS, CALENDAR = ClockKind
CAL = announced_calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("kind", "start", "amount", "expected"),
    [
        (DAYS, "2022-04-01T10:00", 1, "2022-04-02T18:00"),
        (DAYS, "2022-04-01T10:00", 2, "2022-04-06T18:00"),
        (DAYS, "2022-04-01T10:00", 3, "2022-04-07T18:00"),
        (EMERGENCY, "2022-03-11T03:00", 2, "2022-03-11T05:00"),
        (EMERGENCY, "2022-09-30T23:00", 2, "2022-10-01T01:00"),
        (HOURS, "2022-03-11T16:30", 4, "2022-03-14T10:30"),
        # received after 17:40 on a Friday: the make-up Sunday is day 1
        (DAYS, "2024-04-26T17:40", 1, "2024-04-28T18:00"),
        (DAYS, "2024-04-26T23:59", 1, "2024-04-28T18:00"),
        # lunch, closing time, before opening, days of rest
        (HOURS, "2022-03-11T11:30", 0.5, "2022-03-11T12:00"),
        (HOURS, "2022-03-11T11:30", 1, "2022-03-11T14:30"),
        (HOURS, "2022-03-11T12:00", 1, "2022-03-11T15:00"),
        (HOURS, "2022-03-11T13:00", 4, "2022-03-11T18:00"),
        (HOURS, "2022-03-11T18:00", 1, "2022-03-14T09:00"),
        (HOURS, "2022-03-11T06:00", 8, "2022-03-11T18:00"),
        (HOURS, "2022-03-12T20:00", 1, "2022-03-14T09:00"),
        (HOURS, "2022-04-01T17:00", 2, "2022-04-02T09:00"),
        (HOURS, "2022-03-11T00:00", 1, "2022-03-11T09:00"),
        # calendar days end at 24:00 and give way to rest
        (CALENDAR, "2022-03-01T09:00", 3, "2022-03-05T00:00"),
        (CALENDAR, "2022-03-01T00:00", 3, "2022-03-05T00:00"),
        (CALENDAR, "2022-09-20T09:00", 15, "2022-10-09T00:00"),
        (CALENDAR, "2022-03-10T09:00", 2, "2022-03-15T00:00"),
        (CALENDAR, "2022-03-31T09:00", 2, "2022-04-03T00:00"),
    ],
)
def test_due(kind: ClockKind, start: str, amount: float, expected: str) -> None:
    found = due(kind, at(start), amount, CAL)
    assert found.due_at == at(expected)
    assert not found.provisional


def test_a_calendar_day_term_need_not_give_way() -> None:
    found = due(CALENDAR, at("2022-03-10T09:00"), 2, WEEKENDS_ONLY, rule=TermRule(rolls=False))
    assert found.due_at == at("2022-03-13T00:00")
    assert not found.provisional


def test_midnight_is_shown_as_24_00_of_the_day_it_ends() -> None:
    found = due(CALENDAR, at("2022-03-01T09:00"), 3, CAL)
    assert due_words(found).zh == "2022-03-04 周五 24:00"
    assert due_words(found).en == "Fri 2022-03-04 24:00"
    assert found.last_day == date(2022, 3, 4)


def test_an_emergency_that_ends_at_midnight_is_shown_as_00_00() -> None:
    found = due(EMERGENCY, at("2022-03-01T22:00"), 2, CAL)
    assert due_words(found).zh == "2022-03-02 周三 00:00"


def test_seconds_are_kept() -> None:
    start = at("2022-03-11T16:30") + timedelta(seconds=7, microseconds=5)
    assert due(HOURS, start, 4, CAL).due_at == at("2022-03-14T10:30") + timedelta(
        seconds=7, microseconds=5
    )


def test_the_start_may_come_in_any_zone() -> None:
    assert due(HOURS, at("2022-03-11T16:30").astimezone(UTC), 4, CAL).due_at.tzinfo is ZONE


@pytest.mark.parametrize(
    ("kind", "start", "amount", "provisional"),
    [
        (DAYS, "2026-12-18T09:00", 4, False),  # 12-24: no announcement has ever reached so far
        (DAYS, "2026-12-18T09:00", 5, True),  # 12-25: next year's may
        (HOURS, "2026-12-24T16:00", 3, True),
        (DAYS, "2026-12-18T09:00", 30, True),
        (DAYS, "2027-03-01T09:00", 1, True),
        (EMERGENCY, "2027-03-01T09:00", 1, False),
        (CALENDAR, "2027-03-01T09:00", 3, True),
        (DAYS, "2025-12-29T09:00", 3, False),
        (DAYS, "2003-12-29T09:00", 3, True),
    ],
)
def test_provisional_where_an_announcement_is_missing(
    kind: ClockKind, start: str, amount: float, provisional: bool
) -> None:
    calendar = Calendar(CAL.exceptions, frozenset(range(2004, 2027)), CAL.names)
    assert due(kind, at(start), amount, calendar).provisional is provisional


@pytest.mark.parametrize(
    ("kind", "start", "amount", "field"),
    [
        (HOURS, "2022-03-11T16:30", 0, "amount"),
        (HOURS, "2022-03-11T16:30", -1, "amount"),
        (HOURS, "2022-03-11T16:30", float("nan"), "amount"),
        (HOURS, "2022-03-11T16:30", float("inf"), "amount"),
        (HOURS, "2022-03-11T16:30", 1e-12, "amount"),
        (HOURS, "2022-03-11T16:30", 1e18, "amount"),
        (DAYS, "2022-03-11T16:30", 1.5, "amount"),
        (DAYS, "2022-03-11T16:30", 10**30, "amount"),
        (CALENDAR, "2022-03-11T16:30", 0, "amount"),
        (HOURS, "1999-12-31T16:30", 1, "start"),
        (HOURS, "2200-01-01T00:00", 1, "start"),
        (HOURS, "9999-12-31T23:59", 1, "start"),
    ],
)
def test_refused(kind: ClockKind, start: str, amount: float, field: str) -> None:
    with pytest.raises(TermError) as refused:
        due(kind, at(start), amount, CAL)
    assert refused.value.field == field
    assert refused.value.what.zh
    assert refused.value.what.en


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = at("2022-03-11T16:30").replace(tzinfo=None)
    with pytest.raises(TermError):
        due(HOURS, naive, 1, CAL)


@pytest.mark.parametrize("kind", list(ClockKind))
def test_the_largest_terms_are_counted(kind: ClockKind) -> None:
    most = 3_660 if kind.in_days else 87_600
    assert due(kind, at("2199-12-31T23:59"), most, CAL).due_at.year > 2199


def test_a_calendar_without_a_working_day_left_is_refused_not_hung() -> None:
    nobody_works = Calendar({date(9998, 1, 1): True})
    line = due(HOURS, at("2199-12-31T09:00"), 87_600, nobody_works)
    assert line.due_at.year < 2300


@pytest.mark.parametrize(
    ("begins", "ends", "minutes"),
    [
        ("2022-03-11T16:30", "2022-03-14T10:30", 240),
        ("2022-03-11T12:00", "2022-03-11T14:00", 0),
        ("2022-03-11T18:00", "2022-03-14T08:00", 0),
        ("2022-04-01T18:00", "2022-04-06T08:00", 480),
        ("2022-03-14T10:30", "2022-03-11T16:30", -240),
    ],
)
def test_elapsed_working_time(begins: str, ends: str, minutes: int) -> None:
    found = elapsed(HOURS, at(begins), at(ends), CAL)
    assert found == elapsed(DAYS, at(begins), at(ends), CAL) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("moment", "works", "opens"),
    [
        ("2022-03-11T08:00", True, "2022-03-11T08:00"),
        ("2022-03-11T12:00", False, "2022-03-11T14:00"),
        ("2022-03-11T18:00", False, "2022-03-14T08:00"),
        ("2022-03-11T21:00", False, "2022-03-14T08:00"),
        ("2022-10-01T10:00", False, "2022-10-08T08:00"),
        ("2022-04-02T10:00", True, "2022-04-02T10:00"),
    ],
)
def test_working_time(moment: str, works: bool, opens: str) -> None:
    assert is_working_time(at(moment), CAL) is works
    assert next_working_time(at(moment), CAL) == at(opens)


def test_other_office_hours() -> None:
    summer = OfficeHours.parse("08:30-12:00，15:00–18:00")
    assert str(summer) == "08:30–12:00、15:00–18:00"
    assert due(HOURS, at("2022-07-01T11:00"), 2, CAL, summer).due_at == at("2022-07-01T16:00")


def test_office_hours_to_midnight() -> None:
    round_the_clock = OfficeHours.parse("00:00-24:00")
    assert due(HOURS, at("2022-03-11T23:00"), 2, CAL, round_the_clock).due_at == at(
        "2022-03-14T01:00"
    )
    assert due(DAYS, at("2022-03-10T23:00"), 1, CAL, round_the_clock).due_at == at(
        "2022-03-12T00:00"
    )


@pytest.mark.parametrize(
    "text",
    ["", "8", "08:00", "12:00-08:00", "08:00-12:00,12:00-18:00", "08:00-25:00", "a-b",
     "08:61-09:00", "14:00-18:00,08:00-12:00", ",".join(["08:00-09:00"] * 9)],
)  # fmt: skip
def test_office_hours_that_make_no_sense(text: str) -> None:
    with pytest.raises(TermError):
        OfficeHours.parse(text)


@pytest.mark.parametrize("text", ["working-hours", "working_hours", "工作时", " Working-Hours "])
def test_kind_named(text: str) -> None:
    assert ClockKind.named(text) is HOURS


def test_kind_unknown() -> None:
    with pytest.raises(TermError):
        ClockKind.named("fortnight")
