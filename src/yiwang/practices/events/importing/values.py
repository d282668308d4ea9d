"""Cells as values: numbers of cases as text, dates in many forms, in time or late. Pure."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from yiwang.algorithms.words import Words

from .problems import BadCellError

CHINA = ZoneInfo("Asia/Shanghai")
SAFE_INTEGER = 10**15  # above it a spreadsheet keeps 15 digits and fills up with zeros
EARLIEST = date(1980, 1, 1)  # no event system is older; catches day 0 of a spreadsheet
EXCEL_DAY_ZERO = datetime(1899, 12, 30, tzinfo=CHINA)
_SCIENTIFIC = re.compile(r"[+-]?\d+(\.\d+)?[eE]\+?\d+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_DATE = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})\s*[:：时点]\s*(\d{1,2})?\s*[:：分]?\s*(\d{1,2})?(?:\.\d+)?\s*秒?)?"
)
_PLAIN_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_LATE = frozenset({"overtime", "overdue", "late", "超时", "超期", "逾期", "已超时", "超时办结",
                   "超期办结"})
_IN_TIME = frozenset({"intime", "in time", "in_time", "ontime", "on time", "on_time", "按时",
                      "按期", "未超时", "未超期", "未逾期", "按时办结", "按期办结", "正常"})
_YES, _NO = frozenset({"是", "yes", "y", "true", "1"}), frozenset({"否", "no", "n", "false", "0"})
NOTHING = frozenset({"", "-", "--", "—", "——", "/", "无", "空", "null", "none", "nan", "n/a"})


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as the source gave it; ``day_only``: it named a day and no hour."""

    at: datetime
    day_only: bool


def text_of(cell: object, *, most: int = 10_000) -> str:
    """A cell as text without control characters; marks that mean nothing stay as they are."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _CONTROL.sub("", cell).strip()[:most]
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime):
        cell = cell.isoformat(sep=" ")
    return _CONTROL.sub("", str(cell)).strip()[:most]


def name_of(cell: object) -> str:
    """A name in one line; empty for a cell that says nothing, such as ``-``."""
    return _line_of(cell if isinstance(cell, str) else text_of(cell))


@lru_cache(maxsize=2048)  # classes, units, states: a few words said again in every row
def _line_of(text: str) -> str:
    name = " ".join(text_of(text, most=200).split())
    return "" if name.lower() in NOTHING else name


def number_of(cell: object) -> str:
    """The number of an event, exactly as its system wrote it; raises ``BadCellError``."""
    if isinstance(cell, float | int) and not isinstance(cell, bool) and abs(cell) >= SAFE_INTEGER:
        raise BadCellError(
            Words("编号超过 15 位却存成了数字，表格软件已把末尾几位改成 0。",
                  "The number has over 15 digits but is stored as a number: its last digits are "
                  "gone."),
            _AS_TEXT,
        )
    text = name_of(cell).removeprefix("'")
    if not text:
        raise BadCellError(
            Words("没有编号。", "There is no number."),
            Words("补上原系统的编号；没有编号就无法判断重复。",
                  "Add the number of the source system; without it, repeats cannot be told."),
        )
    if _SCIENTIFIC.fullmatch(text):
        raise BadCellError(
            Words("编号“{text}”被表格软件改成了科学计数，原来的数字已经丢失。",
                  "A spreadsheet turned the number into “{text}”: its digits are lost.").filled(
                text=text),
            _AS_TEXT,
        )
    if len(text) > 60:
        raise BadCellError(Words("编号超过 60 字。", "The number has over 60 characters."),
                      Words("查对列的对应。", "Check which column is the number."))
    return text


_AS_TEXT = Words("从原系统重新导出，先把编号列设成“文本”格式。",
                 "Export it again, with the column of numbers formatted as text.")
_DATE_TODO = Words("写成 2024-03-01 或 2024-03-01 14:30。",
                   "Write it as 2024-03-01 or 2024-03-01 14:30.")


def moment_of(cell: object) -> Moment:
    """A time in Beijing; a day without an hour is its first minute. Raises ``BadCellError``."""
    found = _from_object(cell) or _from_text(name_of(cell))
    if found is None:
        raise BadCellError(
            Words("“{text}”不是能认出的日期。", "“{text}” is no date we know.").filled(
                text=text_of(cell, most=40)),
            _DATE_TODO,
        )
    if found.at.date() < EARLIEST:
        raise BadCellError(
            Words("日期 {day} 太早。", "The date {day} is too early.").filled(
                day=found.at.date().isoformat()),
            _DATE_TODO,
        )
    return found


def _from_object(cell: object) -> Moment | None:
    """What a workbook gives: dates, moments, or the number of a day."""
    if isinstance(cell, datetime):
        return Moment(cell.astimezone(CHINA) if cell.tzinfo else cell.replace(tzinfo=CHINA),
                      cell.time() == time(0))
    if isinstance(cell, date):
        return Moment(datetime.combine(cell, time(0), CHINA), day_only=True)
    if isinstance(cell, float | int) and not isinstance(cell, bool) and 29_000 < cell < 80_000:
        return Moment(EXCEL_DAY_ZERO + timedelta(days=round(float(cell) * 86400) / 86400),
                      float(cell).is_integer())
    return None


def _from_text(text: str) -> Moment | None:
    with suppress(ValueError):
        if "T" in text and text[-1:].isalnum():
            iso = datetime.fromisoformat(text)
            return Moment(iso.astimezone(CHINA) if iso.tzinfo else iso.replace(tzinfo=CHINA), False)
    match = _DATE.fullmatch(text) or _PLAIN_DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, *clock = match.groups()
    with suppress(ValueError):
        hour, minute, second = (int(part or 0) for part in clock)
        return Moment(datetime(int(year), int(month), int(day), hour, minute, second, tzinfo=CHINA),
                      day_only=clock[0] is None)
    return None


def late_of(cell: object, header: str = "") -> bool | None:
    """Whether it was late; ``None`` where nothing is said. Raises ``BadCellError`` for other words.

    Yes and no are read by the column's name: 是否超时 asks the other way round than 是否按时.
    """
    word = name_of(cell).lower()
    if not word:
        return None
    if word in _LATE | _IN_TIME:
        return word in _LATE
    if word in _YES | _NO:
        asks_late = any(part in header.lower() for part in ("超", "逾", "overdue", "late"))
        return (word in _YES) == asks_late
    raise BadCellError(
        Words("“{text}”看不出按时还是超时。", "“{text}” says neither in time nor late.").filled(
            text=word),
        Words("写成 按时 或 超时，或留空。", "Write “in time” or “late”, or leave it empty."),
    )


def degrees_of(cell: object, most: float) -> float | None:
    """A coordinate in degrees; ``None`` where empty or 0. Raises ``BadCellError``."""
    text = cell if isinstance(cell, float) else name_of(cell)
    if text == "":
        return None
    with suppress(ValueError):
        degrees = float(text)
        if degrees == 0:
            return None
        if abs(degrees) <= most:
            return degrees
    raise BadCellError(
        Words("“{text}”不是经纬度。", "“{text}” is no coordinate.").filled(text=str(text)),
        Words("写成十进制度，如 121.87。", "Write decimal degrees, such as 121.87."),
    )


