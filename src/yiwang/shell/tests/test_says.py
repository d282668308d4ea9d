"""Times and lengths, said shortly in both languages."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from yiwang.shell.says import distance, lasting, moment

BEIJING = ZoneInfo("Asia/Shanghai")


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BEIJING)  # type: ignore[misc, arg-type]


NOW = local(2026, 3, 10, 9, 30)


@pytest.mark.parametrize(
    ("at", "zh", "en"),
    [
        (local(2026, 3, 10, 8, 42), "08:42", "08:42"),
        (local(2026, 3, 9, 16, 50), "昨 16:50", "yesterday 16:50"),
        (local(2026, 3, 11, 0, 5), "明 00:05", "tomorrow 00:05"),
        (local(2026, 1, 2, 14, 0), "01-02 14:00", "2 Jan 14:00"),
        (local(2025, 11, 25, 14, 0), "2025-11-25", "25 Nov 2025"),
    ],
)
def test_a_moment_is_as_short_as_today_allows(at: datetime, zh: str, en: str) -> None:
    said = moment(at, now=NOW)
    assert (said.zh, said.en) == (zh, en)


@pytest.mark.parametrize(
    ("minutes", "zh", "en"),
    [
        (0, "0 分", "0 min"),
        (18.4, "18 分", "18 min"),
        (70, "1 小时 10 分", "1 h 10 min"),
        (180, "3 小时", "3 h"),
        (3120, "2 天 4 小时", "2 d 4 h"),
    ],
)
def test_a_length_names_two_units_at_most(minutes: float, zh: str, en: str) -> None:
    said = lasting(minutes)
    assert (said.zh, said.en) == (zh, en)


def test_midnight_divides_today_from_yesterday() -> None:
    midnight = local(2026, 3, 10)
    assert moment(midnight, now=NOW).zh == "00:00"
    assert moment(midnight - timedelta(minutes=1), now=NOW).zh == "昨 23:59"


@pytest.mark.parametrize(("metres", "zh", "en"), [
    (4, "4 米", "4 m"), (64.4, "64 米", "64 m"), (638, "640 米", "640 m"),
    (996, "1.0 公里", "1.0 km"), (1131, "1.1 公里", "1.1 km"), (15_600, "15.6 公里", "15.6 km"),
])
def test_a_way_is_said_in_one_form(metres: float, zh: str, en: str) -> None:
    assert (distance(metres).zh, distance(metres).en) == (zh, en)
