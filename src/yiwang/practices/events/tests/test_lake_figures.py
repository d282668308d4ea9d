"""The lake's figures are the town's own, to the last digit, over a lived year."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from yiwang.kernel.lake.answers import board_of_lake
from yiwang.kernel.lake.board import Board
from yiwang.kernel.lake.engines import on_duckdb
from yiwang.kernel.lake.export import export
from yiwang.kernel.lake.town import OPERATOR, board_in_town
from yiwang.kernel.practice import practices
from yiwang.kernel.records.metrics import Period
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
    """The demo town's year (a part of it), exported."""
    make(at=timezone.now(), closed=48, still_open=12)
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


def test_an_empty_lake_has_empty_figures(db: None, tmp_path: Path) -> None:
    export(tmp_path, at=timezone.now())
    period = Period(date(2026, 1, 1), date(2026, 12, 31), timezone.localtime())
    town: Board = board_in_town(practices["events"], OPERATOR, period)
    assert board_of_lake(on_duckdb([tmp_path]), practices["events"], period) == town
