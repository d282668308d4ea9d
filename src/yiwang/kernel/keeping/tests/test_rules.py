"""Which backups stay, when the next is due, when a lamp turns."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.keeping.rules import (
    KEEPING,
    age_lamp,
    backup_is_due,
    room_lamp,
    staying,
)

TOWN = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 3, 10, 12, tzinfo=TOWN)
DAY = timedelta(days=1)


def test_a_year_of_nights_leaves_days_weeks_and_months() -> None:
    nights = [NOON - DAY * number for number in range(365)]
    stay = sorted(staying(nights), reverse=True)
    assert stay[:7] == nights[:7]
    assert len(stay) <= KEEPING.days + KEEPING.weeks + KEEPING.months
    assert len({(at.year, at.month) for at in stay}) == 12


def test_the_last_few_stay_though_they_are_of_one_day() -> None:
    hours = [NOON - timedelta(hours=number) for number in range(5)]
    assert staying(hours) == set(hours[: KEEPING.newest])


@given(st.lists(st.integers(0, 24 * 800), max_size=60))
def test_the_newest_always_stays_and_nothing_is_made_up(hours: list[int]) -> None:
    times = [NOON - timedelta(hours=hour) for hour in hours]
    stay = staying(times)
    assert stay <= set(times)
    assert not times or max(times) in stay
    assert staying(stay) == stay, "what stays today is not dropped by looking again"


@pytest.mark.parametrize(("newest", "now", "due"), [
    (None, NOON, True),
    (NOON - DAY, NOON, True),
    (NOON.replace(hour=2, minute=31), NOON, False),
    (NOON.replace(hour=2, minute=29), NOON, True),
    (NOON - DAY, NOON.replace(hour=1), False),
    (NOON - 2 * DAY, NOON.replace(hour=1), True),
    (NOON + 300 * DAY, NOON, True),  # the clock was a year ahead
])
def test_tonights_backup_is_due_once(newest: datetime | None, now: datetime, due: bool) -> None:
    assert backup_is_due(newest, now) is due


@pytest.mark.parametrize(("hours", "lamp"), [(1, "ok"), (26, "warn"), (71, "warn"), (72, "bad"),
                                             (None, "bad")])
def test_the_lamp_of_an_age(hours: int | None, lamp: str) -> None:
    age = None if hours is None else timedelta(hours=hours)
    assert age_lamp(age, KEEPING.late, KEEPING.too_late) == lamp


@pytest.mark.parametrize(("share", "lamp"), [(0.5, "ok"), (0.09, "warn"), (0.02, "bad")])
def test_the_lamp_of_a_disk(share: float, lamp: str) -> None:
    assert room_lamp(share) == lamp
