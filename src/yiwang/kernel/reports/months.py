"""A calendar month as a report means it. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.algorithms.words import Words

A_YEAR = 12
EARLIEST = 1990  # as the figures' own bound


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year, 1–12."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (EARLIEST <= self.year <= 9998 and 1 <= self.month <= A_YEAR):
            raise ValueError(f"{self.year}-{self.month} is no month")

    @classmethod
    def of(cls, text: str) -> "Month":
        """``2026-10``; raises ``ValueError`` for anything else."""
        year, dash, month = text.partition("-")
        plain = year.isascii() and year.isdigit() and month.isascii() and month.isdigit()
        if not (dash and plain and (len(year), len(month)) == (4, 2)):
            raise ValueError(f"{text!r} is no month")
        return cls(int(year), int(month))

    @classmethod
    def holding(cls, day: date) -> "Month":
        """The month a day lies in."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return self.later(1).first - timedelta(days=1)

    def later(self, months: int) -> "Month":
        """So many months on; back for a negative number."""
        place = self.year * A_YEAR + self.month - 1 + months
        return Month(place // A_YEAR, place % A_YEAR + 1)

    def is_over(self, day: date) -> bool:
        """Whether the whole month lies before ``day``."""
        return day > self.last

    @property
    def words(self) -> Words:
        return Words(f"{self.year}年{self.month}月", f"{self.first:%B} {self.year}")


def year_up_to(month: Month) -> list[Month]:
    """Thirteen months, oldest first: the same month of last year up to this one."""
    return [month.later(back) for back in range(-A_YEAR, 1)]
