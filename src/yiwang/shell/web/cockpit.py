"""The leader's page: what is late and why, each number a door to its rows."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.names import team_names, unit_names
from yiwang.kernel.frameworks.queries import NO_TRACK, TrackSheet, track_names
from yiwang.kernel.lake.town import hours_held, parts_in_town
from yiwang.kernel.places.models import CellShape
from yiwang.kernel.places.rules import VILLAGE
from yiwang.kernel.practice import Practice, practices
from yiwang.kernel.records.metrics import Figure, Metric, Period

from ..doors import Asked, door
from ..figures import WHOLE, Part, address_of, period_from
from ..replica import may_lag
from .case_times import case_lamp
from .cockpit_chart import kinds_over_time

MOST_POINTS = 500
BY_PLACE = ("open", "overdue", "opened", "in_time")  # what a village and a track are told by


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
@may_lag
def cockpit(request: Asked, code: str = "events") -> HttpResponse:
    """Figures, the map by village, kinds over time, and who holds what."""
    return render(request, "shell/figures/cockpit.html", board(request, code))


@door("figures.view")
@may_lag
def wall(request: Asked, code: str = "events") -> HttpResponse:
    """The same for the wall screen, renewed every minute."""
    return render(request, "shell/figures/wall.html", board(request, code))


def board(request: Asked, code: str) -> dict[str, Any]:
    """Everything a cockpit shows of one practice."""
    practice = practices[code]
    period = period_from(request.GET, timezone.localtime())
    metrics = {metric.code: metric for metric in practice.metrics}
    numbers = Numbers(request, practice, period)
    return {
        "practice": practice, "period": period, "points": _open_points(request, metrics, code),
        "as_of": period.at.strftime("%m-%d %H:%M"),
        "figures": [numbers.cell(metric) for metric in practice.board],
        "teams": _teams(numbers, hours_held(
            metrics[f"{code}.closed"].rows(request.actor, period))),
        "villages": _villages(numbers), "tracks": _tracks(numbers),
        "chart": kinds_over_time(request.actor, metrics[f"{code}.opened"], period.at),
        "cells": _village_shapes(request, period),
    }


class Numbers:
    """The figures of a practice, each walked once: whole, and in every respect a table wants."""

    def __init__(self, request: Asked, practice: Practice, period: Period) -> None:
        self.period, self.practice, self.sheet = period, practice, TrackSheet()
        self._parts = parts_in_town(practice.board, request.actor, period, self.sheet)

    def cell(self, metric: Metric) -> Cell:
        """The number itself."""
        return Cell(self._parts[metric.code].whole, _url(metric, self.period))

    def column(self, name: str, by: str) -> dict[Any, Cell]:
        """The numbers of one respect, by key."""
        metric = self._parts[f"{self.practice.code}.{name}"].whole.metric
        return {key: Cell(found, _url(metric, self.period, Part(by, str(key or ""))))
                for key, found in self._parts[metric.code].by.get(by, {}).items()}


def _url(metric: Metric, period: Period, part: Part = WHOLE) -> str:
    return f"/figures/{metric.code}?{address_of(period, part)}"


def _teams(numbers: Numbers, hours: dict[Any, Decimal]) -> list[dict[str, Any]]:
    """Who has how many now, how many of them late, and how they did in the period."""
    columns = [numbers.column(name, by) for name, by in (
        ("open", "holder"), ("overdue", "holder"), ("closed", "handler"), ("in_time", "handler"))]
    keys = set().union(*columns)
    names = team_names(key for key in keys if key)
    table = [
        {"name": names.get(str(key), Words("指挥室", "command room")),
         "cells": [column.get(key) for column in columns], "hours": hours.get(key)}
        for key in keys
    ]
    return sorted(table, key=lambda row: -_value(row["cells"][0]) * 1000 - _value(row["cells"][2]))


def _value(cell: Cell | None) -> int:
    return int(cell.figure.value or 0) if cell and cell.figure else 0


def _villages(numbers: Numbers) -> list[dict[str, Any]]:
    columns = [numbers.column(name, "area") for name in BY_PLACE]
    keys = sorted(set().union(*columns))
    names = unit_names(keys)
    table = [
        {"code": key, "name": names.get(key) or names.get(key[:9]) or Words(key, key),
         "cells": [column.get(key) for column in columns]}
        for key in keys
    ]
    return sorted(table, key=lambda row: -_value(row["cells"][0]))


def _tracks(numbers: Numbers) -> list[dict[str, Any]]:
    """The same by track, in the framework's order; what stands on none comes last."""
    columns = [numbers.column(name, "track") for name in BY_PLACE]
    names = track_names(numbers.period.until)
    return [{"name": names.get(key, NO_TRACK), "cells": [of.get(key) for of in columns]}
            for key in (*names, numbers.sheet.none) if any(key in of for of in columns)]


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
    shown = rows.filter(longitude__isnull=False).order_by("due_at").only(
        "id", "longitude", "latitude", "title", "is_open", "clocks")[:MOST_POINTS]
    return [
        {"id": str(case.id), "lon": case.longitude, "lat": case.latitude, "title": case.title,
         "lamp": case_lamp(case, at=now, calendar=calendar)}
        for case in shown
    ]
