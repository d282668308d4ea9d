"""The cases of one month of opening as rows of the lake, by county."""

from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
from django.db.models import F, Sum

from yiwang.algorithms.working_time import ZONE
from yiwang.kernel.cases.models import Case, Hold
from yiwang.kernel.frameworks.queries import TrackSheet
from yiwang.kernel.places.rules import VILLAGE
from yiwang.kernel.records.seconds import Seconds

from .changes import Month
from .schema import CASES, HOLDS

COUNTY = 6  # digits of a county's code
ELSEWHERE = "0" * COUNTY  # county of a case whose area is no county's
READ = ("id", "practice", "kind", "area", "state", "is_open", "handler_id", "holder_id", "due_at",
        "late", "late_excused", "counted", "opened_at", "closed_at", "refusals", "reopenings",
        "stars", "advice__taken")
AT_ONCE = 5_000


def month_tables(month: Month, sheet: TrackSheet) -> dict[str, dict[str, pa.Table]]:
    """County → table of cases and table of holds; sorted, so that the same rows give same bytes."""
    begins, ends = bounds_of(month)
    counties: dict[str, list[dict[str, Any]]] = {}
    for row in Case.objects.filter(opened_at__gte=begins, opened_at__lt=ends).values_list(
            *READ).iterator(AT_ONCE):
        case = _case(dict(zip(READ, row, strict=True)), sheet)
        counties.setdefault(_county(case["area"]), []).append(case)
    held = _held(begins, ends)
    return {county: _tables(cases, held) for county, cases in sorted(counties.items())}


def _tables(cases: list[dict[str, Any]], held: dict[str, list[Any]]) -> dict[str, pa.Table]:
    holds = [{"case": case["id"], "team": team, "seconds": seconds,
              **{name: case[name] for name in HOLDS.names[3:]}}
             for case in cases if case["closed_at"] for team, seconds in held.get(case["id"], ())]
    # By the moment of closing: what is open lies together, and a period reads few row groups.
    return {
        "cases": pa.Table.from_pylist(cases, CASES).sort_by(
            [("closed_at", "ascending"), ("id", "ascending")]),
        "holds": pa.Table.from_pylist(holds, HOLDS).sort_by(
            [("closed_at", "ascending"), ("case", "ascending"), ("team", "ascending")]),
    }


def _case(row: dict[str, Any], sheet: TrackSheet) -> dict[str, Any]:
    opened, closed = row["opened_at"].astimezone(ZONE).date(), row["closed_at"]
    return {
        **row, "id": str(row["id"]), "area": row["area"][:VILLAGE],
        "handler": _text(row["handler_id"]), "holder": _text(row["holder_id"]),
        "track": sheet.track_on(row["kind"], opened), "opened_day": opened,
        "closed_day": closed and closed.astimezone(ZONE).date(),
    }


def _held(begins: datetime, ends: datetime) -> dict[str, list[tuple[str | None, int]]]:
    """Case → team and seconds, for cases that are closed."""
    rows = Hold.objects.filter(
        case__opened_at__gte=begins, case__opened_at__lt=ends, case__closed_at__isnull=False,
        until__isnull=False,
    ).values_list("case", "team").annotate(
        seconds=Sum(Seconds(F("until")) - Seconds(F("since"))))
    held: dict[str, list[tuple[str | None, int]]] = {}
    for case, team, seconds in rows.iterator(AT_ONCE):
        held.setdefault(str(case), []).append((_text(team), int(seconds)))
    return held


def bounds_of(month: Month) -> tuple[datetime, datetime]:
    """The half-open interval of its moments, on the town's own clock."""
    year, number = month
    after = date(year + number // 12, number % 12 + 1, 1)
    return (datetime.combine(date(year, number, 1), time(), ZONE),
            datetime.combine(after, time(), ZONE))


def _county(area: str) -> str:
    county = area[:COUNTY]
    return county if len(county) == COUNTY and county.isdigit() else ELSEWHERE


def _text(key: Any) -> str | None:
    return None if key is None else str(key)
