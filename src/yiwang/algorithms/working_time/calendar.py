"""A working calendar: which days work, which years are announced, and counting both ways.

Monday to Friday work unless an exception says otherwise. Counting is closed-form over the
weekdays plus a prefix sum over the exceptions, so its cost does not grow with the term.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from yiwang.algorithms.words import Words

from .errors import TermError

YEAR_END = (12, 25)
"""From this day on a year can still be changed by the next year's announcement (the earliest
such day in 2004–2026 is 12-29); while that one is out, its last days are not certain."""

WEEKEND = Words("周末", "weekend")
LAST_ORDINAL = date.max.toordinal() - 1


@dataclass(frozen=True)
class Calendar:
    """Days that differ from the Monday-to-Friday rule, and the years that have been announced.

    ``names`` gives the holiday a day belongs to; a make-up workday carries the holiday it pays for.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    announced: frozenset[int] = frozenset()
    names: Mapping[date, Words] = field(default_factory=dict)
    _days: list[int] = field(init=False, repr=False, compare=False)
    _sums: list[int] = field(init=False, repr=False, compare=False)
    _bounds: tuple[int, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        days, sums = [0], [0]
        for day in sorted(self.exceptions):
            if self.exceptions[day] != (day.weekday() < 5):
                days.append(day.toordinal())
                sums.append(sums[-1] + (1 if self.exceptions[day] else -1))
        for name, value in (
            ("exceptions", MappingProxyType(dict(self.exceptions))),
            ("names", MappingProxyType(dict(self.names))),
            ("_days", days),
            ("_sums", sums),
            ("_bounds", (min(sums), max(sums))),
        ):
            object.__setattr__(self, name, value)

    def works(self, day: date) -> bool:
        """Whether ``day`` is a working day; in an unannounced year, Monday to Friday."""
        works = self.exceptions.get(day)
        return day.weekday() < 5 if works is None else works

    def is_make_up(self, day: date) -> bool:
        """Whether ``day`` is a weekend day that works (调休上班)."""
        return day.weekday() >= 5 and self.works(day)

    def name(self, day: date) -> Words:
        """The holiday a day belongs to, else 周末 for a weekend day of rest, else nothing."""
        named = self.names.get(day)
        if named is not None:
            return named
        if self.works(day):
            return Words("", "")
        return WEEKEND if day.weekday() >= 5 else Words("节假日", "public holiday")

    def unsure_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years whose announcement is missing and could still change a day of this span.

        At most the years of the span and the one after; ascending.
        """
        end = last.year + (1 if (last.month, last.day) >= YEAR_END else 0)
        return tuple(year for year in range(first.year, end + 1) if year not in self.announced)

    def worked_through(self, ordinal: int) -> int:
        """Working days from the first day of the era through the day ``ordinal``, inclusive."""
        weeks, rest = divmod(ordinal, 7)
        weekdays = weeks * 5 + (min(5, rest))
        return weekdays + self._sums[bisect_right(self._days, ordinal) - 1]

    def nth_working(self, count: int) -> int:
        """The ordinal of the ``count``-th working day, so that ``worked_through`` of it is count.

        Raises ``TermError`` past the last day a date can name.
        """
        low, high = self._bounds
        first = _nth_weekday(max(count - high, 1)) - 1
        last = _nth_weekday(count - low)
        if last >= LAST_ORDINAL:
            raise too_far()
        span = range(first, last + 1)
        return span[bisect_left(span, count, key=self.worked_through)]

    def next_working(self, ordinal: int) -> int:
        """The first working day at or after the day ``ordinal``."""
        return self.nth_working(self.worked_through(ordinal - 1) + 1)

    def changed(
        self,
        *,
        forget: Iterable[date] = (),
        days: Mapping[date, bool] | None = None,
        names: Mapping[date, Words] | None = None,
        announced: Iterable[int] = (),
    ) -> "Calendar":
        """The same calendar with some days forgotten, then others set, and years announced."""
        gone = frozenset(forget)
        kept = {day: works for day, works in self.exceptions.items() if day not in gone}
        named = {day: name for day, name in self.names.items() if day not in gone}
        return Calendar(
            kept | dict(days or {}),
            self.announced | frozenset(announced),
            named | dict(names or {}),
        )


WEEKENDS_ONLY = Calendar()
"""No year announced: Monday to Friday, and every deadline provisional."""


def too_far() -> TermError:
    """The refusal for a term that leaves the calendar."""
    return TermError(
        Words("这个时限超出了可计算的日期。", "This term ends beyond all countable dates."),
        field="amount",
    )


def _nth_weekday(count: int) -> int:
    weeks, rest = divmod(count - 1, 5)
    return weeks * 7 + rest + 1
