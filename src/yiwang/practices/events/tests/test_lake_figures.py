"""The lake's figures are the town's own, to the last digit, over a lived year."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from yiwang.kernel.cases.history_models import Advice
from yiwang.kernel.cases.models import Case
from yiwang.kernel.lake.answers import board_of_lake
from yiwang.kernel.lake.board import Board
from yiwang.kernel.lake.counting import counted, counted_metrics, passes_of, told
from yiwang.kernel.lake.engines import on_duckdb
from yiwang.kernel.lake.export import export
from yiwang.kernel.lake.town import OPERATOR, board_in_town
from yiwang.kernel.practice import practices
from yiwang.kernel.records.metrics import Metric, Period
from yiwang.practices.events.demo import make


def _windows() -> list[Period]:
    """This month, last week, one day, a year, three years; the last two looked at later."""
    at = timezone.localtime()
    today = at.date()
    spans = [(today.replace(day=1), today), (today - timedelta(7), today),
             (today - timedelta(40), today - timedelta(40)), (today - timedelta(365), today),
             (today - timedelta(3 * 365), today)]
    return [Period(since, until, at + timedelta(days=place))
            for place, (since, until) in enumerate(spans)]


@pytest.fixture
def lake(db: None, tmp_path: Path) -> Path:
    """The demo town's year (a part of it), exported; the suggestions some were sent out by."""
    make(at=timezone.now(), closed=48, still_open=12)
    handled = Case.objects.filter(handler__isnull=False).select_related("handler")
    advised = handled.order_by("number")[::2]
    Advice.objects.bulk_create(
        Advice(case=case, team=case.handler, learned=True, taken=place % 3 > 0)
        for place, case in enumerate(advised))
    export(tmp_path, at=timezone.now())
    return tmp_path


def test_every_figure_of_the_cockpit_in_every_window(lake: Path) -> None:
    practice, tables = practices["events"], on_duckdb([lake])
    told = 0
    for period in _windows():
        town = board_in_town(practice, OPERATOR, period)
        assert board_of_lake(tables, practice, period).as_plain() == town.as_plain()
        assert board_of_lake(tables, practice, period, days=False) == town
        told += len(town.hours) + sum(figure.rows for parts in town.parts.values()
                                      for by in parts.by.values() for figure in by.values())
    assert told > 300  # equal because both count, not because both are empty


def test_what_is_counted_together_is_what_each_figure_counts_alone(lake: Path) -> None:
    tables, metrics = on_duckdb([lake]), counted_metrics(practices["events"])
    period = _windows()[3]

    def counts(some: list[Metric]) -> list[dict[str, Any]]:
        return [row for one in passes_of(some) for row in told(
            counted(tables, one, period.at, period).to_pyarrow(), one).to_pylist()]

    def sorted_by_name(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(rows, key=lambda row: (row["metric"], row["by"], str(row["key"])))

    alone = [row for metric in metrics for row in counts([metric])]
    assert sorted_by_name(counts(metrics)) == sorted_by_name(alone)
    assert {row["metric"] for row in alone} == {metric.code for metric in metrics}
    asked = [(metric.code, one.by) for one in passes_of(metrics) for metric in one.metrics]
    assert sorted(asked) == sorted((m.code, by) for m in metrics for by in ("", *m.by))
    assert len(passes_of(metrics)) < len(asked)


def test_an_empty_lake_has_empty_figures(db: None, tmp_path: Path) -> None:
    export(tmp_path, at=timezone.now())
    period = Period(date(2026, 1, 1), date(2026, 12, 31), timezone.localtime())
    town: Board = board_in_town(practices["events"], OPERATOR, period)
    assert board_of_lake(on_duckdb([tmp_path]), practices["events"], period) == town
