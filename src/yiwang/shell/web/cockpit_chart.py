"""Cases received by month and class over a year: the cockpit's chart and its table."""

import time
from datetime import datetime, timedelta
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import kind_words
from yiwang.kernel.lake.board import MONTHS, month_begins
from yiwang.kernel.lake.town import Counted, received
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records.metrics import Metric

KINDS_SHOWN = 5
KEPT_FOR = 600.0  # seconds that months gone by are trusted: they change by a correction only
SLOW = 0.1  # seconds; what is counted faster is counted each time

_past: dict[tuple[object, ...], tuple[float, Counted]] = {}


def kinds_over_time(reader: Actor, opened: Metric, at: datetime) -> dict[str, Any]:
    """The months of a year, each with its classes; small classes together."""
    begins = month_begins(at)
    months: dict[str, dict[str, int]] = {}
    totals: dict[str, int] = {}
    for place, kind, n in [*_gone_by(reader, opened, begins, at),
                           *received(opened, reader, begins[-1:], at, at, MONTHS - 1)]:
        name = str(kind_words(_class_of(kind)))
        month = months.setdefault(begins[place].strftime("%Y-%m"), {})
        month[name] = month.get(name, 0) + n
        totals[name] = totals.get(name, 0) + n
    kept = sorted(totals, key=lambda name: -totals[name])[:KINDS_SHOWN]
    return _chart(months, kept, str(Words("其他", "others")))


def _gone_by(reader: Actor, opened: Metric, begins: list[datetime], at: datetime) -> Counted:
    """The months before this one; what took long to count is kept for a while in this worker."""
    scope = tuple(sorted((grant.area, grant.practice, str(grant.team)) for grant in reader.grants
                         if "figures.view" in grant.capabilities))
    key = (opened.code, begins[0], scope)
    since = time.monotonic()
    held = _past.get(key)
    if held is not None and since - held[0] < KEPT_FOR:
        return held[1]
    counted = received(opened, reader, begins[:-1], begins[-1] - timedelta(days=1), at, 0)
    if time.monotonic() - since > SLOW:
        _past[key] = (since, counted)
    return counted


def _class_of(kind: str) -> str:
    """``GB2021/E.05.06`` → ``GB2021/E.05``."""
    return ".".join(kind.split(".")[:2])


def _chart(months: dict[str, dict[str, int]], kept: list[str], others: str) -> dict[str, Any]:
    rows = []
    for month, counts in months.items():
        row: dict[str, Any] = {"month": month, **{name: counts.get(name, 0) for name in kept}}
        row[others] = sum(n for name, n in counts.items() if name not in kept)
        rows.append(row)
    names = [*kept, others]
    return {"rows": rows, "x": "month", "y": names, "kind": "bar",
            "table": [[row["month"], *(row[name] for name in names)] for row in rows]}
