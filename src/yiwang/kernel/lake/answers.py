"""A cockpit's board out of a lake: what the engine counted, made into figures."""

from typing import Any

from yiwang.kernel.practice import Practice
from yiwang.kernel.records.metrics import Figure, Metric, Parts, Period, value_of

from .board import Board, hours_of, month_begins
from .counting import (
    Tables,
    by_month,
    counted,
    counted_metrics,
    from_days,
    hours_code,
    passes_of,
    told,
)

Found = dict[tuple[str, str], dict[str | None, dict[str, int]]]  # metric, respect → key → counts


def board_of_lake(
    tables: Tables, practice: Practice, period: Period, *, days: bool = True
) -> Board:
    """All a cockpit shows. ``days`` False: from the cases themselves, not from their daily sums."""
    metrics = counted_metrics(practice)
    found = _found(tables, metrics, period, days)
    hours = found.get((hours_code(practice), "team"), {})
    return Board(
        {metric.code: _parts(metric, found, period) for metric in practice.board},
        {team: hours_of(one["sum"], one["of"]) for team, one in hours.items()},
        _months(tables, practice, period),
    )


def _found(tables: Tables, metrics: list[Metric], period: Period, days: bool) -> Found:
    """Stocks always come from the cases that are open; the rest as asked."""
    asked = [metric for metric in metrics if metric.is_stock] if days else metrics
    tables_found = [told(counted(tables, one, period.at, period).to_pyarrow(), one)
                    for one in passes_of(asked)]
    tables_found += [from_days(tables, period).to_pyarrow()] if days else []
    found: Found = {}
    for table in tables_found:
        for row in table.to_pylist():
            found.setdefault((row["metric"], row["by"]), {})[row["key"]] = row
    return found


def _parts(metric: Metric, found: Found, period: Period) -> Parts:
    def figure(counts: dict[str, Any]) -> Figure:
        return Figure(metric, value_of(metric, counts), counts["n"], period)

    nothing = {"n": 0, "hits": 0, "sum": 0, "of": 0}
    whole = found.get((metric.code, ""), {}).get(None, nothing)
    return Parts(figure(whole), {
        by: {key: figure(one) for key, one in found.get((metric.code, by), {}).items()}
        for by in metric.by})


def _months(tables: Tables, practice: Practice, period: Period) -> dict[tuple[str, str], int]:
    begins = month_begins(period.at)
    year = Period(begins[0].date(), period.at.date(), period.at)
    opened = next(one for one in practice.metrics if one.code == f"{practice.code}.opened")
    rows = by_month(tables, opened, year).to_pyarrow().to_pylist()
    return {(f"{row['month'] // 100}-{row['month'] % 100:02}", row["key"]): row["n"]
            for row in rows}


