"""The leader's page: what is late and why, each number a door to its rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat, Substr
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.names import kind_words, team_names, unit_names
from yiwang.kernel.frameworks.queries import NO_TRACK, track_column, track_names
from yiwang.kernel.places.models import CellShape
from yiwang.kernel.practice import Practice, practices
from yiwang.kernel.records.metrics import Figure, Metric, Period, figure, figures_by

from ..doors import Asked, door
from ..figures import WHOLE, Part, address_of, period_from
from .case_times import case_lamp

MONTHS = 12
KINDS_SHOWN = 5
VILLAGE = 12  # digits of a village's code
MOST_POINTS = 500


@dataclass(frozen=True)
class Cell:
    """A number in a table: what it is, and the address of its rows."""

    figure: Figure | None
    url: str

    @property
    def bad(self) -> bool:
        """Whether the number stands on the wrong side of what its metric calls good."""
        bound = self.figure.metric.bad_when_above if self.figure else None
        value = self.figure.value if self.figure else None
        return bound is not None and value is not None and value > bound


@door("figures.view")
def cockpit(request: Asked, code: str = "events") -> HttpResponse:
    """Figures, the map by village, kinds over time, and who holds what."""
    return render(request, "shell/figures/cockpit.html", board(request, code))


@door("figures.view")
def wall(request: Asked, code: str = "events") -> HttpResponse:
    """The same for the wall screen, renewed every minute."""
    return render(request, "shell/figures/wall.html", board(request, code))


def board(request: Asked, code: str) -> dict[str, Any]:
    """Everything a cockpit shows of one practice."""
    practice = practices[code]
    period = period_from(request.GET, timezone.localtime())
    metrics = {metric.code: metric for metric in practice.metrics}
    return {
        "practice": practice, "period": period, "points": _open_points(request, metrics, code),
        "as_of": period.at.strftime("%m-%d %H:%M"),
        "figures": [_cell(metric, request, period) for metric in practice.metrics],
        "teams": _teams(request, practice, metrics, period),
        "villages": _villages(request, practice, metrics, period),
        "tracks": _tracks(request, practice, metrics, period),
        "chart": _kinds_over_time(request, metrics[f"{code}.opened"], period.at),
        "cells": _village_shapes(request, period),
    }


def _cell(metric: Metric, request: Asked, period: Period) -> Cell:
    return Cell(figure(metric, request.actor, period), _url(metric, period))


def _url(metric: Metric, period: Period, part: Part = WHOLE) -> str:
    return f"/figures/{metric.code}?{address_of(period, part)}"


def _grouped(request: Asked, metric: Metric, column: Any, period: Period, by: str
             ) -> dict[Any, Cell]:
    rows = metric.rows(request.actor, period)
    return {
        key: Cell(found, _url(metric, period, Part(by, str(key or ""))))
        for key, found in figures_by(metric, rows, column, period).items()
    }


def _teams(request: Asked, practice: Practice, metrics: dict[str, Metric], period: Period
           ) -> list[dict[str, Any]]:
    """Who has how many now, how many of them late, and how they did in the period."""
    code = practice.code
    columns = [
        _grouped(request, metrics[f"{code}.{name}"], F(by), period, by)
        for name, by in (("open", "holder"), ("overdue", "holder"), ("closed", "handler"),
                         ("in_time", "handler"))
    ]
    keys = set().union(*columns)
    names = team_names(key for key in keys if key)
    hours = _hours_held(metrics[f"{code}.closed"].rows(request.actor, period), period)
    table = [
        {"name": names.get(str(key), Words("指挥室", "command room")),
         "cells": [column.get(key) for column in columns], "hours": hours.get(key)}
        for key in keys
    ]
    return sorted(table, key=lambda row: -_value(row["cells"][0]) * 1000 - _value(row["cells"][2]))


def _value(cell: Cell | None) -> int:
    return int(cell.figure.value or 0) if cell and cell.figure else 0


def _hours_held(closed: QuerySet[Any], period: Period) -> dict[Any, float]:
    """Mean hours each team held a case that was closed in the period, by wall clock."""
    from yiwang.kernel.cases.models import Hold

    held = (
        Hold.objects.filter(case__in=closed.values("pk"))
        .values("team", "case")
        .annotate(length=_sum_of(Coalesce("until", period.at) - F("since")))
        .values_list("team", "length")
    )
    totals: dict[Any, list[float]] = {}
    for team, length in held:
        totals.setdefault(team, []).append(length.total_seconds() / 3600)
    return {team: round(sum(each) / len(each), 1) for team, each in totals.items()}


def _sum_of(expression: Any) -> Any:
    from django.db.models import DurationField, ExpressionWrapper, Sum

    return Sum(ExpressionWrapper(expression, output_field=DurationField()))


def _villages(request: Asked, practice: Practice, metrics: dict[str, Metric], period: Period
              ) -> list[dict[str, Any]]:
    village = Substr("area", 1, VILLAGE)
    columns = [
        _grouped(request, metrics[f"{practice.code}.{name}"], village, period, "area")
        for name in ("open", "overdue", "opened", "in_time")
    ]
    keys = sorted(set().union(*columns))
    names = unit_names(keys)
    table = [
        {"code": key, "name": names.get(key) or names.get(key[:9]) or Words(key, key),
         "cells": [column.get(key) for column in columns]}
        for key in keys
    ]
    return sorted(table, key=lambda row: -_value(row["cells"][0]))


def _tracks(request: Asked, practice: Practice, metrics: dict[str, Metric], period: Period
            ) -> list[dict[str, Any]]:
    """The same by track of each framework that has tracks, in the framework's order."""
    names = track_names(period.until)
    table = []
    for framework in dict.fromkeys(code.partition("/")[0] for code in names):
        columns = [
            _grouped(request, metrics[f"{practice.code}.{name}"],
                     Concat(Value(f"{framework}/"), track_column(framework)), period, "track")
            for name in ("open", "overdue", "opened", "in_time")
        ]
        keys = set().union(*columns)
        table += [{"name": names.get(key, NO_TRACK), "cells": [of.get(key) for of in columns]}
                  for key in (*names, f"{framework}/") if key in keys]
    return table


def _kinds_over_time(request: Asked, opened: Metric, at: datetime) -> dict[str, Any]:
    """Cases received by month and class over a year; small classes together."""
    begins = _months_before(at)
    rows = opened.rows(request.actor, Period(begins[0].date(), at.date(), at))
    # Bounds as plain numbers: truncating dates costs SQLite a call to Python for every row.
    number = Case(*(When(opened_at__gte=begin, then=Value(place))
                    for place, begin in reversed(list(enumerate(begins)))), default=Value(0))
    counted = rows.values(month=number, class_=F("kind")).annotate(n=Count("pk"))
    months: dict[str, dict[str, int]] = {}
    totals: dict[str, int] = {}
    for row in counted.order_by("month"):
        name = str(kind_words(_class_of(row["class_"])))
        month = months.setdefault(begins[row["month"]].strftime("%Y-%m"), {})
        month[name] = month.get(name, 0) + row["n"]
        totals[name] = totals.get(name, 0) + row["n"]
    kept = sorted(totals, key=lambda name: -totals[name])[:KINDS_SHOWN]
    return _chart(months, kept, str(Words("其他", "others")))


def _months_before(at: datetime) -> list[datetime]:
    """The first moments of the last twelve months, this one included, oldest first."""
    begins = [at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)]
    while len(begins) < MONTHS:
        begins.append((begins[-1] - timedelta(days=1)).replace(day=1))
    return begins[::-1]


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


def _village_shapes(request: Asked, period: Period) -> dict[str, Any]:
    """Outlines of the villages the reader may see, as they stand today."""
    areas = [grant.area for grant in request.actor.grants if "figures.view" in grant.capabilities]
    shapes = [
        shape for shape in CellShape.objects.filter(
            cell__layer="units", since__lte=period.until, until__isnull=True)
        if len(shape.cell_id) == VILLAGE and shape.cell_id.startswith(tuple(areas))
    ]
    names = unit_names(shape.cell_id for shape in shapes)
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": shape.geometry,
         "properties": {"id": shape.cell_id, "name": str(names.get(shape.cell_id, ""))}}
        for shape in shapes
    ]}


def _open_points(request: Asked, metrics: dict[str, Metric], code: str) -> list[dict[str, Any]]:
    """Open cases as lamps on the map, those that fall due first, up to a bound."""
    now, calendar = timezone.localtime(), calendar_now()
    rows = metrics[f"{code}.open"].rows(request.actor, Period.month_of(now))
    shown = rows.filter(longitude__isnull=False).order_by("due_at")[:MOST_POINTS]
    return [
        {"id": str(case.id), "lon": case.longitude, "lat": case.latitude, "title": case.title,
         "lamp": case_lamp(case, at=now, calendar=calendar)}
        for case in shown
    ]
