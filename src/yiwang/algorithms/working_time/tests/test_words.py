"""What the derivation says, and what a year file may hold."""

import json
from datetime import date, datetime
from typing import Any

import pytest

from yiwang.algorithms.working_time import (
    ZONE,
    Calendar,
    ClockKind,
    TermError,
    announced_calendar,
    derivation,
    due,
    length_words,
    parse_year_file,
)

CAL = announced_calendar()
CAL_2026 = Calendar(CAL.exceptions, frozenset(range(2004, 2027)), CAL.names)
FILE: dict[str, Any] = {
    "year": 2027,
    "papers": ["https://example.org/2027"],
    "days": [
        {"name": "元旦", "date": "2026-12-26", "isOffDay": False},
        {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
        {"name": "国庆节、中秋节", "date": "2027-10-01", "isOffDay": True},
    ],
}


def said(kind: ClockKind, start: str, amount: float) -> tuple[str, str]:
    begins = datetime.fromisoformat(start).replace(tzinfo=ZONE)
    words = derivation(due(kind, begins, amount, CAL_2026))
    return words.zh, words.en


def test_working_hours_over_a_weekend() -> None:
    zh, en = said(ClockKind.WORKING_HOURS, "2022-03-11T16:30", 4)
    assert zh == (
        "工作时 4 小时：周五 03-11 16:30 起，当日计 1.5 小时；03-12、03-13 周末不计；"
        "周一 03-14 08:00 起计 2.5 小时 → 10:30"
    )
    assert en == (
        "4 working hours: from Fri 03-11 16:30, 1.5 hours that day; 03-12, 03-13 weekend, "
        "not counted; from Mon 03-14 08:00, 2.5 hours → 10:30"
    )


def test_working_days_over_a_make_up_workday_and_a_holiday() -> None:
    zh, _ = said(ClockKind.WORKING_DAYS, "2022-04-01T10:00", 3)
    assert zh == (
        "工作日 3 天：周五 04-01 起，当日不计；周六 04-02 清明节调休上班，计第 1 天；"
        "04-03 至 04-05 清明节不计；04-06、04-07 计第 2、3 天 → 周四 04-07 18:00"
    )


def test_calendar_days_that_give_way() -> None:
    zh, _ = said(ClockKind.CALENDAR_DAYS, "2022-03-10T09:00", 2)
    assert zh.endswith("03-12、03-13 周末，期满顺延 → 周一 03-14 24:00")


def test_the_missing_year_is_named() -> None:
    zh, en = said(ClockKind.WORKING_DAYS, "2026-12-21T09:00", 9)
    assert zh.endswith("2027 年的放假安排尚未公布，暂按周一至周五上班推算，公布后重算。")
    assert "holidays of 2027 are not announced yet" in en


def test_a_very_long_derivation_is_shortened() -> None:
    zh, en = said(ClockKind.WORKING_DAYS, "2022-03-10T09:00", 3_660)
    assert "……（略" in zh
    assert len(zh) < 700
    assert "left out" in en


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1:30:00", "1.5 小时"), ("0:20:00", "20 分"), ("2:0:1", "2 小时 1 秒"), ("0:0:0", "0 小时")],
)
def test_lengths(text: str, expected: str) -> None:
    zero = datetime(2022, 1, 1, tzinfo=ZONE)
    hour, minute, second = map(int, text.split(":"))
    assert length_words(zero.replace(hour=hour, minute=minute, second=second) - zero).zh == expected


def test_a_year_file_is_merged_and_the_december_before_with_it() -> None:
    file = parse_year_file(json.dumps(FILE))
    merged = file.merged(CAL_2026)
    assert merged.works(date(2026, 12, 26))
    assert not merged.works(date(2027, 1, 1))
    assert merged.name(date(2027, 10, 1)).en == "National Day, Mid-autumn Festival"
    start = datetime(2026, 12, 24, 9, tzinfo=ZONE)
    before = due(ClockKind.WORKING_DAYS, start, 2, CAL_2026)
    after = due(ClockKind.WORKING_DAYS, start, 2, merged)
    assert (before.due_at.day, before.provisional) == (28, True)
    assert (after.due_at.day, after.provisional) == (26, False)


def test_merging_again_leaves_no_day_of_the_earlier_file() -> None:
    first = parse_year_file(json.dumps(FILE)).merged(CAL_2026)
    again = {**FILE, "days": FILE["days"][1:2]}
    merged = parse_year_file(json.dumps(again)).merged(first)
    assert not merged.works(date(2026, 12, 26))
    assert merged.works(date(2027, 10, 1))
    assert set(CAL_2026.exceptions) < set(merged.exceptions)


def test_a_file_without_days_is_a_year_still_out() -> None:
    file = parse_year_file('{"year": 2026, "papers": [], "days": []}')
    assert not file.announced
    assert 2026 not in file.merged(CAL_2026).announced


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"year": "2027"}, "year"),
        ({"year": 1}, "year"),
        ({"days": {}}, "days"),
        ({"days": [FILE["days"][0]] * 500}, "days"),
        ({"papers": [1]}, "papers"),
        ({"days": [1]}, "第 1 行：不是对象"),
        ({"days": [{**FILE["days"][0], "name": ""}]}, "第 1 行：name"),
        ({"days": [{**FILE["days"][0], "name": "长" * 41}]}, "第 1 行：name"),
        ({"days": [{**FILE["days"][0], "isOffDay": "no"}]}, "第 1 行：isOffDay"),
        ({"days": [FILE["days"][0], {**FILE["days"][1], "date": "2027-02-30"}]}, "第 2 行：date"),
        ({"days": [{**FILE["days"][1], "date": "2028-01-01"}]}, "不在 2027 年"),
        ({"days": [FILE["days"][1]] * 2}, "第 2 行：2027-01-01 重复"),
        ({"days": [{**FILE["days"][1], "isOffDay": False}]}, "本来就上班"),
    ],
)
def test_a_bad_year_file_is_refused_with_its_row(change: dict[str, Any], part: str) -> None:
    with pytest.raises(TermError) as refused:
        parse_year_file(json.dumps({**FILE, **change}))
    assert part in refused.value.what.zh


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 10_000, b"\xff\xfe\x00", " " * 300_000])
def test_what_is_no_year_file_at_all(text: str | bytes) -> None:
    with pytest.raises(TermError):
        parse_year_file(text)
