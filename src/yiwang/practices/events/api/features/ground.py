"""Cells and places as features."""

from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import area_names
from yiwang.kernel.places.locate import cells_within, valid_on
from yiwang.kernel.places.models import Cell, CellShape, Place
from yiwang.kernel.places.queries import cells_of
from yiwang.kernel.places.rules import GOVERNANCE

from .collections import Collection, Feature, Page, Span, Wanted, feature, point


def _cells(wanted: Wanted) -> Page:
    """Cells in force on the last day asked about; today if none is."""
    on = _day(wanted.span)
    scope = Q(code__gt=wanted.after)
    if wanted.box is not None:
        codes = [code for code in cells_within(*wanted.box, on=on) if code > wanted.after]
        scope = Q(code__in=codes[: wanted.limit + 1])
    cells = list(cells_of(GOVERNANCE, scope, on)[: wanted.limit + 1])
    shown = cells[: wanted.limit]
    return Page(_drawn(shown, on), shown[-1].code if len(cells) > wanted.limit else "")


def _day(span: Span | None) -> date:
    end = span and (span[1] or span[0])
    return localdate(end) if end else localdate()


def _drawn(cells: list[Cell], on: date) -> list[Feature]:
    codes = [cell.code for cell in cells]
    shapes = {shape.cell_id: shape
              for shape in CellShape.objects.filter(valid_on(on), cell_id__in=codes)}
    names = area_names(codes)
    return [feature(cell.code, shapes[cell.code].geometry if cell.code in shapes else None, {
        "code": cell.code, "name": names[cell.code], "since": cell.since.isoformat(),
        "until": cell.until.isoformat() if cell.until else None,
        "illustrative": cell.code in shapes and shapes[cell.code].illustrative,
    }) for cell in cells]


def _cell(code: str) -> Feature | None:
    cell = Cell.objects.filter(code=code, layer=GOVERNANCE).first()
    return _drawn([cell], localdate())[0] if cell else None


def _places(wanted: Wanted) -> Page:
    places = Place.objects.order_by("id")
    if wanted.after:
        places = places.filter(id__gt=UUID(wanted.after))
    if wanted.box is not None:
        west, south, east, north = wanted.box
        across = Q(longitude__gte=west) & Q(longitude__lte=east) if west <= east else (
            Q(longitude__gte=west) | Q(longitude__lte=east))
        places = places.filter(across, latitude__gte=south, latitude__lte=north)
    found = list(places[: wanted.limit + 1])
    shown = found[: wanted.limit]
    return Page([_place(place) for place in shown],
                str(shown[-1].id) if len(found) > wanted.limit else "")


def _place(place: Place) -> Feature:
    return feature(str(place.id), point(place.longitude, place.latitude), {
        "name": Words(place.name, place.name_en or place.name), "kind": place.kind,
        "area": place.area, "illustrative": place.illustrative})


def _one_place(number: str) -> Feature | None:
    try:
        place = Place.objects.filter(id=UUID(number)).first()
    except ValueError:
        return None
    return _place(place) if place else None


CELLS = Collection(
    "cells", Words("网格", "Cells"),
    Words("治理网格和微网格的编码、名称和边界；datetime 取那一天生效的边界",
          "Codes, names and boundaries of governance grids and micro-grids; datetime asks for "
          "those in force on that day"), _cells, _cell)
PLACES = Collection(
    "places", Words("点位", "Places"),
    Words("地图上有名字的地方：会堂、市场、河段、站点",
          "What has a name on the map: halls, markets, rivers, stops"), _places, _one_place)
