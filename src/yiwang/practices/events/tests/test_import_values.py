"""Cells as values: a truth table of what is read and what is refused with a way out."""

from datetime import date, datetime

import pytest

from yiwang.practices.events.importing.channels import CHANNELS, channel_of
from yiwang.practices.events.importing.problems import BadCellError
from yiwang.practices.events.importing.values import (
    degrees_of,
    late_of,
    moment_of,
    name_of,
    number_of,
    text_of,
)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("9148", "9148"), (9148.0, "9148"), (9148, "9148"), (" A-7 ", "A-7"), ("'007", "007"),
        ("007", "007"), ("2022082618252062523", "2022082618252062523"),
        ("XQW202009100204", "XQW202009100204"), (123456789012345.0, "123456789012345"),
        ("12E", "12E"),
    ],
)
def test_numbers_stay_as_they_are(cell: object, number: str) -> None:
    assert number_of(cell) == number


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("3.3E+11", "科学计数"), ("3.30206E+11", "科学计数"), ("2e18", "科学计数"),
        (2022082618252062523, "15 位"), (2.02208261825206e18, "15 位"),
        ("", "没有编号"), ("-", "没有编号"), (None, "没有编号"), ("x" * 61, "60"),
    ],
)
def test_numbers_a_spreadsheet_spoilt_are_named(cell: object, says: str) -> None:
    with pytest.raises(BadCellError, match=says) as wrong:
        number_of(cell)
    assert wrong.value.todo.zh


@pytest.mark.parametrize(
    ("cell", "iso", "day_only"),
    [
        ("2018-02-08", "2018-02-08T00:00:00+08:00", True),
        ("2018/2/8", "2018-02-08T00:00:00+08:00", True),
        ("2018.02.08", "2018-02-08T00:00:00+08:00", True),
        ("2018年2月8日", "2018-02-08T00:00:00+08:00", True),
        ("2018年2月8日 9时5分", "2018-02-08T09:05:00+08:00", False),
        ("20180208", "2018-02-08T00:00:00+08:00", True),
        ("20180208090501", "2018-02-08T09:05:01+08:00", False),
        ("2018-02-08 9:05", "2018-02-08T09:05:00+08:00", False),
        ("2018-02-08 09:05:01.0", "2018-02-08T09:05:01+08:00", False),
        ("2018-02-08T01:05:01Z", "2018-02-08T09:05:01+08:00", False),
        ("2018-02-08T09:05:01+08:00", "2018-02-08T09:05:01+08:00", False),
        (datetime(2018, 2, 8, 9, 5), "2018-02-08T09:05:00+08:00", False),  # noqa: DTZ001 - as a workbook gives it
        (date(2018, 2, 8), "2018-02-08T00:00:00+08:00", True),
        (43139, "2018-02-08T00:00:00+08:00", True),
        (43139.5, "2018-02-08T12:00:00+08:00", False),
    ],
)
def test_dates(cell: object, iso: str, day_only: bool) -> None:
    found = moment_of(cell)
    assert (found.at.isoformat(), found.day_only) == (iso, day_only)


@pytest.mark.parametrize(
    "cell", ["", "-", "yesterday", "2018-02-30", "2018-13-01", "08/02/18", "1900-01-01", 3, True]
)
def test_what_is_no_date_is_refused(cell: object) -> None:
    with pytest.raises(BadCellError) as wrong:
        moment_of(cell)
    assert "2024-03-01" in wrong.value.todo.en


@pytest.mark.parametrize(
    ("cell", "header", "late"),
    [
        ("intime", "", False), ("overtime", "", True), ("按时", "", False), ("超期", "", True),
        ("是", "是否超时", True), ("是", "是否按时", False), ("否", "是否超时", False),
        ("", "", None), ("-", "", None), (True, "overdue", True),
    ],
)
def test_in_time_or_late(cell: object, header: str, late: bool | None) -> None:
    assert late_of(cell, header) is late


def test_other_words_are_refused() -> None:
    with pytest.raises(BadCellError):
        late_of("perhaps")


def test_text_loses_control_characters_only() -> None:
    assert text_of("一\x00二\n三\x1f😀𠮷") == "一二\n三😀𠮷"
    assert name_of(" 东  风 ") == "东 风"


@pytest.mark.parametrize("cell", ["x", "181", "nan"])
def test_degrees_out_of_the_world_are_refused(cell: str) -> None:
    assert degrees_of("0", 180) is None
    if cell == "nan":
        assert degrees_of(cell, 180) is None
        return
    with pytest.raises(BadCellError):
        degrees_of(cell, 180)


@pytest.mark.parametrize(
    ("word", "channel"),
    [("12345", "hotline"), ("@东风", "app"), ("政府信箱", "mailbox"), ("固话投诉", "phone"),
     ("网格巡查", "grid"), ("", "import")],
)
def test_channels(word: str, channel: str) -> None:
    assert channel_of(word) == channel
    assert channel in CHANNELS
