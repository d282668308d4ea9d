"""Figures as Ibis expressions: made of each metric's one definition, run by DuckDB or Spark.

Figures of one table, moment and respect are counted in one pass over its rows. Every engine returns
counts and sums of whole numbers; shares and means are worked out of them in one place
(``value_of``), so that engines agree to the last digit.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

import ibis
import pyarrow as pa
import pyarrow.compute as pc

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


@dataclass(frozen=True, slots=True)
class Pass:
    """Figures that one walk over a table counts: of one moment, told in one respect."""

    table: str
    practice: str
    on: str
    by: str
    metrics: tuple[Metric, ...]


def counted_metrics(practice: Practice) -> list[Metric]:
    """The practice's figures, and the seconds each team held the cases counted as closed."""
    closed = next((one for one in practice.metrics if one.code == f"{practice.code}.closed"), None)
    hours = [] if closed is None else [replace(
        closed, code=hours_code(practice), way=Way.MEAN, column="seconds", by=("team",))]
    return [*practice.board, *hours]


def hours_code(practice: Practice) -> str:
    """The name under which seconds held are counted."""
    return f"{practice.code}.hours"


def passes_of(metrics: Iterable[Metric]) -> list[Pass]:
    """The walks that count all these figures, whole and in each of their respects."""
    together: dict[tuple[str, str, str, str], list[Metric]] = {}
    for metric in metrics:
        table = "holds" if metric.column == "seconds" else "cases"
        for by in ("", *metric.by):
            key = (table, metric.practice, metric.on, by)
            together.setdefault(key, []).append(metric)
    return [Pass(*key, tuple(found)) for key, found in together.items()]


def counted(tables: Tables, one: Pass, at: datetime, period: Period | None) -> Any:
    """What a pass counts in a period; without one, day by day. For :func:`told`."""
    rows = getattr(tables, one.table)
    rows = rows.filter(rows.practice == one.practice, *_of_moment(rows, one.on, period))
    if all(metric.where for metric in one.metrics):  # lets an engine pass over what none counts
        rows = rows.filter(reduce(or_, (_counts(rows, metric, at) for metric in one.metrics)))
    keys = {"key": rows[one.by] if one.by else ibis.null("string")}
    if period is None:
        keys["day"] = rows[DAY_OF[one.on]]
    return rows.group_by(**keys).aggregate(**{
        f"{name}{place}": value for place, metric in enumerate(one.metrics)
        for name, value in _asked(rows, metric, at)})


def told(found: pa.Table, one: Pass) -> pa.Table:
    """What a pass counted, a row for each figure and key that has rows."""
    keys = [name for name in ("key", "day") if name in found.column_names]
    return pa.concat_tables(
        _of_metric(found.filter(pc.greater(found[f"n{place}"], 0)), metric, one.by, keys, place)
        for place, metric in enumerate(one.metrics))


def from_days(tables: Tables, period: Period) -> Any:
    """The figures of a period, added up from days."""
    days = tables.days.filter(tables.days.day.between(period.since, period.until))
    return days.group_by("metric", "by", "key").aggregate(
        **{name: days[name].sum().cast("int64") for name in COUNTS})


def by_month(tables: Tables, metric: Metric, period: Period) -> Any:
    """One figure by kind and month over a period, added up from days."""
    days = tables.days.filter(
        tables.days.metric == metric.code, tables.days.by == "kind",
        tables.days.day.between(period.since, period.until))
    return days.group_by("key", month=days.day.year() * 100 + days.day.month()).aggregate(
        n=days.n.sum().cast("int64"))


def _of_moment(rows: Any, on: str, period: Period | None) -> list[Any]:
    if not on:
        return []
    if period is None:
        return [rows[on].notnull()]
    begins, ends = period.bounds()
    return [rows[on] >= begins, rows[on] < ends]


def _counts(rows: Any, metric: Metric, at: datetime) -> Any:
    return None if metric.where is None else metric.where(rows, at)


def _asked(rows: Any, metric: Metric, at: datetime) -> Iterator[tuple[str, Any]]:
    where = _counts(rows, metric, at)
    yield "n", rows.count(where=where)
    if metric.hit is not None:
        hit = metric.hit(rows, at)
        yield "hits", rows.count(where=hit if where is None else where & hit)
    if metric.column:
        column = rows[metric.column]
        yield "sum", ibis.coalesce(column.sum(where=where), 0)
        yield "of", column.count(where=where)


def _of_metric(rows: pa.Table, metric: Metric, by: str, keys: list[str], place: int) -> pa.Table:
    def of(value: Any) -> pa.Array:
        return pa.repeat(pa.scalar(value), rows.num_rows)

    # A sum of DuckDB is wider than Ibis believes.
    counts = {name: rows[f"{name}{place}"].cast("int64")
              if f"{name}{place}" in rows.column_names else of(0) for name in COUNTS}
    return pa.table({"metric": of(metric.code), "by": of(by),
                     **{key: rows[key] for key in keys}, **counts})
