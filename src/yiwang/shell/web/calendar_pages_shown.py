"""A year as twelve months of days, each with its mark; what an announcement would change. Pure."""

from calendar import Calendar as Weeks
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import Calendar
from yiwang.kernel.cases.calendar_actions import DayChange

MONTHS = (
    Words("一月", "January"), Words("二月", "February"), Words("三月", "March"),
    Words("四月", "April"), Words("五月", "May"), Words("六月", "June"), Words("七月", "July"),
    Words("八月", "August"), Words("九月", "September"), Words("十月", "October"),
    Words("十一月", "November"), Words("十二月", "December"),
)
WEEKDAYS = (
    Words("一", "Mo"), Words("二", "Tu"), Words("三", "We"), Words("四", "Th"), Words("五", "Fr"),
    Words("六", "Sa"), Words("日", "Su"),
)
RESTS, WORKS = Words("休", "off"), Words("班", "on")
A_DAY = timedelta(days=1)
WORKDAY, REST = Words("上班", "workday"), Words("休息", "day of rest")


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month; ``mark`` stands where it is not what its weekday says."""

    day: date
    manner: str  # work, rest, off (a holiday) or on (a make-up workday)
    mark: Words
    name: Words
    today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks from Monday; None where a day belongs to another month."""

    name: Words
    number: int
    weeks: tuple[tuple[Day | None, ...], ...]
    working: int


def months_of(year: int, calendar: Calendar, *, today: date) -> list[Month]:
    """The twelve months of a year by this calendar."""
    return [_month(year, number, calendar, today) for number in range(1, 13)]


def _month(year: int, number: int, calendar: Calendar, today: date) -> Month:
    weeks = tuple(
        tuple(_day(date(year, number, day), calendar, today) if day else None for day in week)
        for week in Weeks().monthdayscalendar(year, number))
    working = sum(day is not None and calendar.works(day.day) for week in weeks for day in week)
    return Month(MONTHS[number - 1], number, weeks, working)


def _day(day: date, calendar: Calendar, today: date) -> Day:
    works, weekday = calendar.works(day), day.weekday() < 5
    listed = day in calendar.names or works != weekday
    name = calendar.name(day) if listed else Words("", "")
    if works:
        manner, mark = ("work", Words("", "")) if weekday else ("on", WORKS)
    else:
        manner, mark = ("off", RESTS) if listed else ("rest", Words("", ""))
    return Day(day, manner, mark, name, day == today)


@dataclass(frozen=True, slots=True)
class Run:
    """Days in a row that differ in the same way, in words."""

    first: date
    last: date
    name: Words
    works: bool

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def weekdays(self) -> Words:
        """周四至周六; Th – Sa."""
        first, last = weekday_words(self.first), weekday_words(self.last)
        if self.first == self.last:
            return first
        return Words("{first}至{last}", "{first} – {last}").filled(first=first, last=last)

    @property
    def does(self) -> Words:
        """Whether people work."""
        return does(self.works)


def listed_runs(year: int, calendar: Calendar) -> list[Run]:
    """Holidays and make-up workdays of a year, in order, days in a row together."""
    runs: list[Run] = []
    for day in sorted(day for day in calendar.exceptions if day.year == year):
        name, works = calendar.name(day), calendar.works(day)
        last = runs[-1] if runs else None
        if last and (last.name, last.works, last.last + A_DAY) == (name, works, day):
            runs[-1] = replace(last, last=day)
        else:
            runs.append(Run(day, day, name, works))
    return runs


def weekday_words(day: date) -> Words:
    """周一; Monday as two letters."""
    return Words(f"周{WEEKDAYS[day.weekday()].zh}", WEEKDAYS[day.weekday()].en)


def does(works: bool) -> Words:
    """Whether people work."""
    return WORKDAY if works else REST


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A day that would count otherwise, in words."""

    day: date
    weekday: Words
    was: Words
    will: Words
    name: Words
    counts: bool


def change_rows(changes: Iterable[DayChange]) -> list[ChangeRow]:
    """Changes in words; those that only rename a day are told as such."""
    return [ChangeRow(c.day, weekday_words(c.day), does(c.worked), does(c.works), c.name,
                      c.worked != c.works) for c in changes]
