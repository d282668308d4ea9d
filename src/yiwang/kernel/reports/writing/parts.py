"""What the parts of a report are made with: the report at hand, cells, rows, headings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from yiwang.algorithms.words import Words
from yiwang.kernel.practice import practices
from yiwang.kernel.records.metrics import Metric, Way

from ..counting import Counted
from ..document import Cell, Heading
from ..months import Month
from ..rules import IN_PART, NO_RECORD, NOT_OVER, NOTHING, change_words

NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True)
class Writing:
    """A report at hand. ``at`` is when it was counted."""

    counted: Counted
    practice: str
    area: str
    unit: Words
    author: str
    at: datetime
    own_only: bool = False

    @property
    def month(self) -> Month:
        return self.counted.month

    @property
    def is_over(self) -> bool:
        """Whether the whole month could be counted."""
        return self.month.is_over(self.at.date())

    def metric(self, name: str) -> Metric:
        return practices.metric(f"{self.practice}.{name}")

    def cell(self, name: str, value: Decimal | int | None, by: str = "", key: str = "",
             month: Month | None = None) -> Cell:
        """A figure in a table, by its metric and part."""
        return Cell(number(value), f"{self.practice}.{name}", str(month or self.month), by, key)

    def whole(self, name: str, month: Month | None = None) -> Cell:
        """The figure of all the area's cases."""
        month = month or self.month
        text = self.cell(name, self.counted.value(name, month), month=month)
        return text if self.counted.on_record(month) else Cell(NO_RECORD)

    def why_not(self, earlier: Month) -> Words | None:
        """Why the month is not compared with an earlier one; None where it is."""
        if not self.is_over:
            return NOT_OVER
        if not self.counted.on_record(earlier):
            return NO_RECORD
        return None if self.counted.is_whole(earlier) else IN_PART

    def change(self, name: str, earlier: Month) -> Words:
        """环比 or 同比 of a figure, or in words why there is none."""
        why = self.why_not(earlier)
        if why is not None:
            return why
        way = self.metric(name).way
        return change_words(
            self.counted.value(name), self.counted.value(name, earlier),
            is_share=way is Way.SHARE, is_mean=way is Way.MEAN)


def number(value: Decimal | int | None) -> Words:
    """A value as printed."""
    return NOTHING if value is None else Words(str(value), str(value))


def per_cent(value: Decimal | None) -> Words:
    """A share as printed in a table whose head has no room for its unit."""
    return NOTHING if value is None else Words(f"{value}%", f"{value}%")


def section(place: int, text: Words) -> Heading:
    """一、总体情况."""
    return Heading(Words(f"{NUMERALS[place - 1]}、{text.zh}", f"{place}. {text.en}"))


def ordered(columns: Iterable[Mapping[str, object]], first: Mapping[str, int]) -> list[str]:
    """All keys, the largest of ``first`` in front."""
    keys: set[str] = set().union(*columns)
    return sorted(keys, key=lambda key: (-first.get(key, 0), key))
