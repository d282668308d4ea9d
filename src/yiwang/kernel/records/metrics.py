"""The registry of figures: what a number means, the rows behind it, and how it is worked out.

Page, drill-down, export, assessment and the lake all read the same :class:`Metric`, so that they
agree to the digit. A figure is a count of rows, the share of rows that hit, or the mean of a
column; ``rows`` takes whoever looks and a period, and never reaches beyond the reader's scope.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, QuerySet, Sum

from yiwang.algorithms.words import Words

from .conditions import Where, as_q


class Way(StrEnum):
    """How a number comes from its rows."""

    COUNT = "count"
    SHARE = "share"  # per cent of rows that hit
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Period:
    """From the first moment of a day to the last of another; ``at`` is when it is looked at."""

    since: date
    until: date
    at: datetime

    def __post_init__(self) -> None:
        if self.until < self.since:
            raise ValueError("a period ends after it begins")

    @classmethod
    def month_of(cls, at: datetime) -> "Period":
        """The month of ``at`` up to its day."""
        return cls(at.date().replace(day=1), at.date(), at)

    def bounds(self) -> tuple[datetime, datetime]:
        """The half-open interval of moments, in the zone of ``at``."""
        midnight = self.at.replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight + (self.since - midnight.date()),
                midnight + (self.until - midnight.date()) + timedelta(days=1))


Reach = Callable[[Any, bool], QuerySet[Any]]  # reader, whether found by day → rows in scope


@dataclass(frozen=True)
class Metric:
    """A figure by name, defined once for the town's tables, DuckDB and Spark (``conditions.py``).

    ``where`` says which rows count; ``on`` names the moment that must lie in the period, and a
    figure without one is of the moment of looking. ``hit`` is what a share counts; ``column`` is
    what a mean is taken of; ``by`` are the respects it is told in. ``reach`` gives the rows a
    reader may see. ``unit`` may fit its number: ``{n:case|cases}``. What is not ``on_board`` is for
    reports: no cockpit shows it and no lake counts it.
    """

    code: str
    title: Words
    definition: Words
    unit: Words
    reach: Reach
    where: Where | None = None
    on: str = ""
    by: tuple[str, ...] = ()
    way: Way = Way.COUNT
    hit: Where | None = None
    column: str = ""
    bad_when_above: Decimal | None = None
    on_board: bool = True

    def __post_init__(self) -> None:
        if (self.way is Way.SHARE) != (self.hit is not None):
            raise ValueError(f"{self.code}: a share, and only a share, says what it counts")
        if (self.way is Way.MEAN) != bool(self.column):
            raise ValueError(f"{self.code}: a mean, and only a mean, names its column")

    @property
    def is_stock(self) -> bool:
        """What there is when somebody looks, whatever the period."""
        return not self.on

    @property
    def practice(self) -> str:
        """The line of work it belongs to."""
        return self.code.partition(".")[0]

    def rows(self, reader: Any, period: Period) -> QuerySet[Any]:
        """The rows behind the number, in the reader's scope."""
        return self.walked(reader, period).filter(as_q(self.where, period.at))

    def walked(self, reader: Any, period: Period) -> QuerySet[Any]:
        """The rows of its moment, those that do not count among them."""
        found = self.reach(reader, not self.is_stock)
        if self.is_stock:
            return found
        begins, ends = period.bounds()
        return found.filter(**{f"{self.on}__gte": begins, f"{self.on}__lt": ends})


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as it stood: ``value`` is None where there are no rows to speak of."""

    metric: Metric
    value: Decimal | None
    rows: int
    period: Period

    @property
    def unit(self) -> Words:
        """What is counted, fitting the value: 1 case, 3 cases."""
        return self.metric.unit.filled(n=self.value)


def figure_of(metric: Metric, rows: QuerySet[Any], period: Period) -> Figure:
    """The number for rows already narrowed, such as one village's."""
    return parts_of(metric, rows, {}, {}, period).whole


@dataclass(frozen=True, slots=True)
class Parts:
    """A number and its parts in several respects, all from one walk over its rows."""

    whole: Figure
    by: dict[str, dict[Any, Figure]]


Key = Callable[[Mapping[str, Any]], Any]  # of a group of rows: its key in some respect


def parts_of(
    metric: Metric, rows: QuerySet[Any], columns: Mapping[str, Any], respects: Mapping[str, Key],
    period: Period,
) -> Parts:
    """The number, and for each respect the number of every key; one query.

    Rows are grouped by ``columns`` (names not of the table, and expressions); a respect makes its
    key of such a group.
    """
    return parts_together({metric: respects}, rows, columns, period)[metric.code]


def parts_together(
    wanted: Mapping[Metric, Mapping[str, Key]], rows: QuerySet[Any], columns: Mapping[str, Any],
    period: Period,
) -> dict[str, Parts]:
    """The same of several metrics by code, from one walk over rows that hold those of each."""
    grouped = rows.order_by().values(**columns) if columns else rows
    asked = {f"{name}_{place}": value for place, metric in enumerate(wanted)
             for name, value in _aggregates(metric, period).items()}
    # values() of nothing would be every column of every row
    groups = list(grouped.annotate(**asked)) if columns else [grouped.aggregate(**asked)]
    return {metric.code: _parts(metric, place, groups, respects, period)
            for place, (metric, respects) in enumerate(wanted.items())}


def _parts(
    metric: Metric, place: int, groups: list[Mapping[str, Any]], respects: Mapping[str, Key],
    period: Period,
) -> Parts:
    def told(some: Iterable[Mapping[str, Any]]) -> Figure:
        found = _summed(some, place)
        return Figure(metric, value_of(metric, found), found["n"], period)

    own = [group for group in groups if group[f"n_{place}"]]
    by: dict[str, dict[Any, Figure]] = {}
    for name, key in respects.items():
        together: dict[Any, list[Mapping[str, Any]]] = {}
        for group in own:
            together.setdefault(key(group), []).append(group)
        by[name] = {key: told(some) for key, some in together.items()}
    return Parts(told(own), by)


def _aggregates(metric: Metric, period: Period) -> dict[str, Any]:
    """What is asked of the rows that count; each can be summed up from parts."""
    counts = as_q(metric.where, period.at)
    asked: dict[str, Any] = {"n": Count("pk", filter=counts)}
    if metric.way is Way.SHARE:
        asked["hits"] = Count("pk", filter=counts & as_q(metric.hit, period.at))
    if metric.way is Way.MEAN:
        asked |= {"sum": Sum(metric.column, filter=counts),
                  "of": Count(metric.column, filter=counts)}
    return asked


def _summed(groups: Iterable[Mapping[str, Any]], place: int) -> dict[str, Any]:
    totals = dict.fromkeys(("n", "hits", "sum", "of"), 0)
    for group in groups:
        for name in totals:
            totals[name] += group.get(f"{name}_{place}") or 0
    return totals


def value_of(metric: Metric, found: Mapping[str, Any]) -> Decimal | None:
    """The value from what was counted; shares in per cent and means to one decimal place."""
    if metric.way is Way.COUNT:
        return Decimal(found["n"])
    above, below = ((found["hits"], found["n"]) if metric.way is Way.SHARE
                    else (found["sum"], found["of"]))
    if not below:
        return None
    exact: Decimal = Decimal(str(above)) / below * (100 if metric.way is Way.SHARE else 1)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
