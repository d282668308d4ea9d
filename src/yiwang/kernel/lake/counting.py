"""Figures as Ibis expressions: made of each metric's one definition, run by DuckDB or Spark.

Every engine returns counts and sums of whole numbers; shares and means are worked out of them in
one place (``value_of``), so that engines agree to the last digit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import ibis

from yiwang.kernel.practice import Practice
from yiwang.kernel.records.metrics import Metric, Period, Way

DAY_OF = {"opened_at": "opened_day", "closed_at": "closed_day"}
COUNTS = ("n", "hits", "sum", "of")


@dataclass(frozen=True, slots=True)
class Tables:
    """The lake's tables in one engine, as Ibis sees them."""

    cases: Any
    holds: Any
    days: Any


def counted_metrics(practice: Practice) -> list[Metric]:
    """The practice's figures, and the seconds each team held the cases counted as closed."""
    closed = next((one for one in practice.metrics if one.code == f"{practice.code}.closed"), None)
    hours = [] if closed is None else [replace(
        closed, code=hours_code(practice), way=Way.MEAN, column="seconds", by=("team",))]
    return [*practice.board, *hours]


def hours_code(practice: Practice) -> str:
    """The name under which seconds held are counted."""
    return f"{practice.code}.hours"


def by_day(tables: Tables, metrics: Iterable[Metric], at: datetime) -> Any:
    """What each figure of a period counts, day by day and in each respect: the table of days."""
    found = [_counted(_rows(tables, metric, at), metric, by, at, day=True)
             for metric in metrics if not metric.is_stock for by in ("", *metric.by)]
    return ibis.union(*found)


def from_days(tables: Tables, period: Period) -> Any:
    """The figures of a period, added up from days."""
    days = tables.days.filter(tables.days.day.between(period.since, period.until))
    return days.group_by("metric", "by", "key").aggregate(
        **{name: days[name].sum().cast("int64") for name in COUNTS})


def from_rows(tables: Tables, metrics: Iterable[Metric], period: Period) -> Any:
    """The figures of a period from the cases themselves."""
    return ibis.union(*(
        _counted(_within(_rows(tables, metric, period.at), metric, period), metric, by, period.at)
        for metric in metrics for by in ("", *metric.by)))


def by_month(tables: Tables, metric: Metric, period: Period) -> Any:
    """One figure by kind and month over a period, added up from days."""
    days = tables.days.filter(
        tables.days.metric == metric.code, tables.days.by == "kind",
        tables.days.day.between(period.since, period.until))
    return days.group_by("key", month=days.day.year() * 100 + days.day.month()).aggregate(
        n=days.n.sum().cast("int64"))


def _rows(tables: Tables, metric: Metric, at: datetime) -> Any:
    rows = tables.holds if metric.column == "seconds" else tables.cases
    rows = rows.filter(rows.practice == metric.practice)
    if metric.where is not None:
        rows = rows.filter(metric.where(rows, at))
    return rows if metric.is_stock else rows.filter(rows[metric.on].notnull())


def _within(rows: Any, metric: Metric, period: Period) -> Any:
    if metric.is_stock:
        return rows
    begins, ends = period.bounds()
    return rows.filter((rows[metric.on] >= begins) & (rows[metric.on] < ends))


def _counted(rows: Any, metric: Metric, by: str, at: datetime, *, day: bool = False) -> Any:
    keys = {"key": rows[by] if by else ibis.null("string")}
    if day:
        keys["day"] = rows[DAY_OF[metric.on]]
    nothing = ibis.literal(0, "int64")
    found = rows.group_by(**keys).aggregate(
        n=rows.count().cast("int64"),
        hits=nothing if metric.hit is None else rows.count(
            where=metric.hit(rows, at)).cast("int64"),
        sum=rows[metric.column].sum().cast("int64") if metric.column else nothing,
        of=rows[metric.column].count().cast("int64") if metric.column else nothing)
    return found.mutate(metric=ibis.literal(metric.code), by=ibis.literal(by)).select(
        "metric", "by", *keys, *COUNTS)
