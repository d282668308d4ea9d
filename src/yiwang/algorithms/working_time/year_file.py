"""A year's announcement as a file, in the shape of ``holiday-cn``: read, checked, merged.

``{"year": 2026, "papers": [address, …], "days": [{"name", "date", "isOffDay"}, …]}``. A file is
named after the announcement, so it may hold days of the December before; without days the year
is not announced. All that is wrong is said at once, each fault with its row.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from yiwang.algorithms.words import Words

from .announced import HOLIDAYS
from .calendar import YEAR_END, Calendar
from .errors import TermError
from .phrases import joined
from .timeline import FIRST_DAY, LAST_DAY

MAX_NAME, MAX_DAYS, MAX_BYTES, MAX_SAID = 40, 120, 200_000, 8
"""Bounds of a file (no year announced so far names more than 40 days), and faults said at once."""


@dataclass(frozen=True, slots=True)
class YearDay:
    """One announced day: a day of rest, or a make-up workday of that holiday."""

    day: date
    works: bool
    name: Words


@dataclass(frozen=True, slots=True)
class YearFile:
    """One year's announcement. ``papers`` are the addresses it was taken from."""

    year: int
    papers: tuple[str, ...]
    days: tuple[YearDay, ...]

    @property
    def announced(self) -> bool:
        """A file without days stands for a year that is still out."""
        return bool(self.days)

    def replaces(self, day: date) -> bool:
        """Whether a day known so far is this announcement's to say again.

        Its own year up to 12-24, and the last week of the December before: the last week of its
        own year belongs to the next announcement.
        """
        late = (day.month, day.day) >= YEAR_END
        return day.year == (self.year - 1 if late else self.year)

    def merged(self, calendar: Calendar) -> Calendar:
        """``calendar`` with this announcement in place of what was known of it."""
        changed = calendar.changed(
            forget=[day for day in calendar.exceptions if self.replaces(day)],
            days={row.day: row.works for row in self.days},
            names={row.day: row.name for row in self.days},
            announced=[self.year] if self.announced else [],
        )
        if self.announced:
            return changed
        years = changed.announced - {self.year}
        return Calendar(changed.exceptions, years, changed.names)


def parse_year_file(text: str | bytes) -> YearFile:
    """Read and check one file; raises ``TermError`` that names each bad row."""
    data = _object(text)
    faults: list[Words] = []
    year = data.get("year")
    if not isinstance(year, int) or not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise _refused([Words("year 要是 2000 至 2199 的整数", "year is an integer, 2000–2199")])
    rows = data.get("days")
    if not isinstance(rows, list) or len(rows) > MAX_DAYS:
        raise _refused([Words(f"days 要是列表，至多 {MAX_DAYS} 行",
                              f"days is a list of at most {MAX_DAYS} rows")])
    days: dict[date, YearDay] = {}
    for number, row in enumerate(rows, start=1):
        try:
            day = _year_day(row, year)
            if day.day in days:
                raise TermError(Words(f"{day.day} 重复", f"{day.day} stands twice"))
            days[day.day] = day
        except TermError as wrong:
            row_says = Words("第 {n} 行：{why}", "row {n}: {why}")
            faults.append(row_says.filled(n=number, why=wrong.what))
    if faults:
        raise _refused(faults)
    return YearFile(year, _papers(data), tuple(sorted(days.values(), key=lambda row: row.day)))


def _object(text: str | bytes) -> dict[str, Any]:
    if len(text) > MAX_BYTES:
        raise _refused([Words("文件太大", "the file is too large")])
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise _refused([Words("不是 JSON", "it is not JSON")]) from None
    if not isinstance(data, dict):
        raise _refused([Words("最外层要是一个对象", "the outermost value is an object")])
    return data


def _papers(data: dict[str, Any]) -> tuple[str, ...]:
    papers = data.get("papers", [])
    if not isinstance(papers, list) or not all(isinstance(paper, str) for paper in papers):
        raise _refused([Words("papers 要是网址列表", "papers is a list of addresses")])
    return tuple(papers)


def _year_day(row: object, year: int) -> YearDay:
    if not isinstance(row, dict):
        raise TermError(Words("不是对象", "not an object"))
    name, off = row.get("name"), row.get("isOffDay")
    if not isinstance(name, str) or not 0 < len(name.strip()) <= MAX_NAME:
        raise TermError(Words(f"name 要 1 至 {MAX_NAME} 个字", f"name has 1–{MAX_NAME} characters"))
    if not isinstance(off, bool):
        raise TermError(Words("isOffDay 要是 true 或 false", "isOffDay is true or false"))
    day = _day(row.get("date"), year)
    if not off and day.weekday() < 5:
        raise TermError(
            Words(f"{day} 本来就上班，不用列出", f"{day} is a working day anyway: leave it out")
        )
    return YearDay(day, not off, holiday_words(name.strip()))


def _day(text: object, year: int) -> date:
    try:
        day = date.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        raise TermError(Words("date 要写成 2026-01-01 这样", "date reads 2026-01-01")) from None
    if not date(year, 1, 1) - timedelta(days=31) <= day <= date(year, 12, 31):
        raise TermError(Words(f"{day} 不在 {year} 年（或上年 12 月）",
                              f"{day} is not in {year} or the December before"))
    return day


def holiday_words(name: str) -> Words:
    """A Chinese holiday name with its English; one we do not know reads “public holiday”."""
    known = {words.zh: words.en for words in HOLIDAYS.values()}
    parts = [part.strip() for part in name.replace("，", "、").split("、") if part.strip()]
    english = [known.get(part) or known.get(f"{part}节") or "public holiday" for part in parts]
    return Words(name, ", ".join(dict.fromkeys(english)))


def _refused(faults: list[Words]) -> TermError:
    more = len(faults) - MAX_SAID
    shown = faults[:MAX_SAID]
    if more > 0:
        shown.append(Words(f"另有 {more} 处", f"and {more} more"))
    why = joined(shown)
    return TermError(
        Words("年份文件不能用：{why}。", "The year file cannot be used: {why}.").filled(why=why),
        field="file",
    )
