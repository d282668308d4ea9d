"""The made lake is the same each time, and occupies what a cockpit tells."""

from datetime import timedelta
from typing import Any

import pyarrow.compute as pc
import pytest

from .lake import table_of
from .machine import facts
from .made_lake import AS_OF, COUNTIES, _drawn

ROWS = 24_000


def december(rows: int) -> dict[str, Any]:
    return dict(_drawn((2026, 12), 7, rows))


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return december(ROWS)


def test_the_same_cases_come_out_twice(made: dict[str, Any]) -> None:
    assert december(ROWS) == made


def test_every_county_is_like_a_town(made: dict[str, Any]) -> None:
    assert len(made) == COUNTIES
    for part, tables in made.items():
        cases = tables["cases"]
        assert set(pc.unique(pc.utf8_slice_codeunits(cases["area"], 0, 6)).to_pylist()) == {
            part.partition("/")[0].removeprefix("county=")}
        assert pc.max(cases["opened_at"]).as_py() < AS_OF
        assert pc.min(cases["opened_at"]).as_py() < AS_OF - timedelta(days=29)
        assert {"closed", "merged", "rejected", "handling"} == set(
            cases["state"].unique().to_pylist())
        for column in ("late", "counted", "advice__taken"):
            assert 0.01 < pc.mean(pc.cast(cases[column], "int8")).as_py() < 0.99
        assert tables["holds"].num_rows == 2 * (cases.num_rows - cases["closed_at"].null_count)


def test_what_misses_its_aim_or_differs_stands_out() -> None:
    span = {"span": "a year", "duckdb": 1.5, "cpu": 1.0, "from cases": 20.0, "spark": None,
            "equal": True}
    found = {"machine": facts(), "rows": 10, "files": 3, "bytes": 5, "spans": [
        span, {**span, "span": "a month", "duckdb": 3.2, "spark": 70.0, "equal": False}]}
    told = table_of(found)
    assert "| a year | 1.50 | 1.00 | 20.0 | docs/lake.md | yes |" in told
    assert "| a month | **3.20** | 1.00 | 20.0 | 70 | **no** |" in told
