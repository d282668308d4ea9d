"""The figures of a cockpit from the town's own tables."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Case, Count, F, QuerySet, Sum, Value, When
from django.db.models.functions import Substr

from yiwang.kernel.cases.models import Hold
from yiwang.kernel.frameworks.queries import TrackSheet
from yiwang.kernel.people.rules import Actor, Grant
from yiwang.kernel.places.rules import VILLAGE
from yiwang.kernel.practice import Practice
from yiwang.kernel.records.metrics import Metric, Parts, Period, parts_together
from yiwang.kernel.records.seconds import Seconds

from .board import Board, hours_of, month_begins

# Whoever may run the command line holds the database: no scope narrows what it counts.
OPERATOR = Actor("system", grants=(Grant("operator", frozenset({"figures.view"}), ""),))
Counted = list[tuple[int, str, int]]  # place of the month, kind, how many


def parts_in_town(
    metrics: Iterable[Metric], reader: Actor, period: Period, sheet: TrackSheet
) -> dict[str, Parts]:
    """Each figure whole and in each of its respects; those of one moment from one walk."""
    walks: dict[tuple[Any, str], list[Metric]] = {}
    for metric in metrics:
        walks.setdefault((metric.reach, metric.on or metric.code), []).append(metric)
    return {code: parts for together in walks.values()
            for code, parts in _walk(together, reader, period, sheet).items()}


def _walk(
    metrics: list[Metric], reader: Actor, period: Period, sheet: TrackSheet
) -> dict[str, Parts]:
    first, every = metrics[0], {by for metric in metrics for by in metric.by}
    rows = first.walked(reader, period) if len(metrics) > 1 else first.rows(reader, period)
    columns = {name: column for by in every for name, column in _columns(by, sheet).items()}
    respects = {metric: {by: partial(_key, sheet, by) for by in metric.by} for metric in metrics}
    return parts_together(respects, rows, columns, period)


def _columns(by: str, sheet: TrackSheet) -> dict[str, Any]:
    if by == "track":
        return {"by_kind": F("kind"), "by_era": sheet.era}
    return {f"by_{by}": Substr("area", 1, VILLAGE) if by == "area" else F(by)}


def _key(sheet: TrackSheet, by: str, group: Mapping[str, Any]) -> Any:
    if by == "track":
        return sheet.track_of(group["by_kind"], group["by_era"])
    return group[f"by_{by}"]


def hours_held(closed: QuerySet[Any]) -> dict[Any, Decimal]:
    """Mean hours each team held one of these closed cases, by wall clock, in whole seconds."""
    seconds = Seconds(F("until")) - Seconds(F("since"))
    held = Hold.objects.filter(
        case__in=closed.order_by().values("pk"), until__isnull=False,
    ).values("team").annotate(seconds=Sum(seconds), cases=Count("case", distinct=True))
    return {row["team"]: hours_of(row["seconds"], row["cases"]) for row in held}


def received(opened: Metric, reader: Actor, begins: list[datetime], until: datetime, at: datetime,
             first: int) -> Counted:
    """How many of each kind came in, in each of the months that begin then; the first has number
    ``first``."""
    rows = opened.rows(reader, Period(begins[0].date(), until.date(), at))
    # Bounds as plain numbers: truncating dates costs SQLite a call to Python for every row.
    month = Case(*(When(opened_at__gte=begin, then=Value(first + place))
                   for place, begin in reversed(list(enumerate(begins)))), default=Value(first))
    return list(rows.values(month=month, class_=F("kind")).annotate(n=Count("pk"))
                .order_by("month").values_list("month", "class_", "n"))


def board_in_town(practice: Practice, reader: Actor, period: Period) -> Board:
    """All of it, in the reader's scope."""
    sheet, metrics = TrackSheet(), {metric.code: metric for metric in practice.board}
    begins = month_begins(period.at)
    closed, opened = metrics[f"{practice.code}.closed"], metrics[f"{practice.code}.opened"]
    return Board(
        {code: _texted(parts)
         for code, parts in parts_in_town(practice.board, reader, period, sheet).items()},
        {_text(team): hours for team, hours in hours_held(closed.rows(reader, period)).items()},
        {(begins[place].strftime("%Y-%m"), kind): n for place, kind, n
         in received(opened, reader, begins, period.at, period.at, 0)},
    )


def _texted(parts: Parts) -> Parts:
    return Parts(parts.whole, {by: {_text(key): figure for key, figure in found.items()}
                               for by, found in parts.by.items()})


def _text(key: Any) -> str | None:
    return None if key is None else str(key)
