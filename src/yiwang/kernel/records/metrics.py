"""The registry of figures: what a number means, the rows behind it, and how it is worked out.

Page, drill-down, export and assessment all read the same :class:`Metric`, so that they agree to
the digit. A figure is a count of rows, the share of rows that hit, or the mean of a column;
``rows`` takes whoever looks and a period, and never reaches beyond the reader's scope.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet

from yiwang.algorithms.words import Words


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


Rows = Callable[[Any, Period], QuerySet[Any]]


@dataclass(frozen=True)
class Metric:
    """A figure by name. ``hit`` is what a share counts; ``column`` is what a mean is taken of.

    ``unit`` may fit its number: ``{n:case|cases}``. ``is_stock``: what there is when somebody
    looks, whatever the period.
    """

    code: str
    title: Words
    definition: Words
    unit: Words
    rows: Rows
    way: Way = Way.COUNT
    hit: Q | None = None
    column: str = ""
    bad_when_above: Decimal | None = None
    is_stock: bool = False

    def __post_init__(self) -> None:
        if (self.way is Way.SHARE) != (self.hit is not None):
            raise ValueError(f"{self.code}: a share, and only a share, says what it counts")
        if (self.way is Way.MEAN) != bool(self.column):
            raise ValueError(f"{self.code}: a mean, and only a mean, names its column")


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


def figure(metric: Metric, reader: Any, period: Period) -> Figure:
    """Work the number out, in one query."""
    return figure_of(metric, metric.rows(reader, period), period)


def figure_of(metric: Metric, rows: QuerySet[Any], period: Period) -> Figure:
    """The number for rows already narrowed, such as one village's."""
    found = rows.aggregate(**_aggregates(metric))
    return Figure(metric, value_of(metric, found), found["n"], period)


def _aggregates(metric: Metric) -> dict[str, Any]:
    asked: dict[str, Any] = {"n": Count("pk")}
    if metric.way is Way.SHARE:
        asked["hits"] = Count("pk", filter=metric.hit)
    if metric.way is Way.MEAN:
        asked["mean"] = Avg(metric.column)
    return asked


def value_of(metric: Metric, found: dict[str, Any]) -> Decimal | None:
    """The value from what was counted; shares in per cent and means to one decimal place."""
    if metric.way is Way.COUNT:
        return Decimal(found["n"])
    if not found["n"]:
        return None
    exact = (Decimal(found["hits"]) * 100 / found["n"] if metric.way is Way.SHARE
             else Decimal(str(found["mean"] or 0)))
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def figures_by(
    metric: Metric, rows: QuerySet[Any], column: Any, period: Period
) -> dict[Any, Figure]:
    """The number for each value of ``column`` (a name or an expression), in one query."""
    groups = rows.values(key=column).annotate(**_aggregates(metric)).order_by("key")
    return {
        group["key"]: Figure(metric, value_of(metric, group), group["n"], period)
        for group in groups
    }

