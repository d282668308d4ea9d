"""A condition in Ibis's words means the same to the town's tables and to DuckDB."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import ibis
import pytest

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.step import commit_step
from yiwang.kernel.cases.tests.town import make_town
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records.conditions import as_q

CONDITIONS: dict[str, Callable[[Any, datetime], Any]] = {
    "bare": lambda c, at: c.late,
    "not": lambda c, at: ~c.late,
    "and": lambda c, at: c.late & (c.due_at < at),
    "or": lambda c, at: c.late | (c.due_at < at),
    "neither": lambda c, at: ~(c.late | c.stars.notnull()),
    "above": lambda c, at: c.stars > 2,
    "at most": lambda c, at: c.stars <= 2,
    "from": lambda c, at: c.due_at >= at,
    "one of": lambda c, at: c.state.isin(("closed",)),
    "none of": lambda c, at: c.state.notin(("closed",)),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_both_find_the_same_rows(
    name: str, db: None, at: datetime, actor: Callable[..., Any]
) -> None:
    town = make_town(at, actor)
    for stars, late, hours in ((1, True, -1), (4, False, -1), (None, True, 1), (None, False, None)):
        due = None if hours is None else at + timedelta(hours=hours)
        commit_step(town.open(), verb="v", by=SYSTEM, at=at,
                    changes={"stars": stars, "late": late, "due_at": due})
    town.closed()
    rows = [{"number": case.number, "stars": case.stars, "late": case.late, "due_at": case.due_at,
             "state": case.state} for case in Case.objects.all()]
    table = ibis.memtable(rows, schema={"number": "string", "stars": "int16", "late": "boolean",
                                        "due_at": "timestamp('UTC')", "state": "string"})
    where = CONDITIONS[name]
    in_duckdb = ibis.duckdb.connect().to_pyarrow(table.filter(where(table, at)))["number"]
    in_town = Case.objects.filter(as_q(where, at)).values_list("number", flat=True)
    assert sorted(in_town) == sorted(in_duckdb.to_pylist())
    assert 0 < len(in_town) < len(rows)
