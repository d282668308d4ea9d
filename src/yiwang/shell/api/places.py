"""Cells, units and named places through the API; within what the key's person may see."""

from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from ninja import Query, Router, Schema

from yiwang.algorithms.coordinates import to_wgs84
from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import area_names, unit_words
from yiwang.kernel.people.queries import scope_filter, within
from yiwang.kernel.people.rules import can
from yiwang.kernel.places.locate import locate
from yiwang.kernel.places.models import Cell, Place, Unit
from yiwang.kernel.places.queries import cells_of, lines, shape_of
from yiwang.kernel.places.rules import GOVERNANCE, parent_of

from .keyed import by_of, operation
from .paging import after, page
from .problems import not_found
from .shapes import AreaCode, Named, Paged, Text, field, named

router = Router(tags=["places"])
READ = ("places:read", "cells.view")


class Under(Paged):
    """A list of what lies under a unit or a cell."""

    under: AreaCode | None = field("只要这个编码以下的", "only what lies under this code", None)


class CellsAsked(Under):
    """Which cells."""

    layer: Text = field("网格层", "the layer of cells", GOVERNANCE, max_length=20)


class UnitOut(Schema):
    """A county, town, village or community, under its statistics code."""

    code: str
    name: str


class CellLine(Schema):
    """A cell of a list."""

    code: str
    layer: str
    name: str
    parent: str | None
    since: str
    households: int | None
    has_boundary: bool
    illustrative: bool = field("边界是示意的", "the boundary is made up")


class CellOut(CellLine):
    """A cell with its boundary of today."""

    households_as_of: str | None
    geometry: dict[str, Any] | None = field("GeoJSON（RFC 7946），WGS-84",
                                            "GeoJSON (RFC 7946), WGS-84")


class PlaceOut(Schema):
    """A place with a name."""

    id: str
    name: str
    kind: str
    area: str
    longitude: float
    latitude: float
    illustrative: bool


class Units(Schema):
    items: list[UnitOut]
    next_cursor: str | None


class Cells(Schema):
    items: list[CellLine]
    next_cursor: str | None


class Places(Schema):
    items: list[PlaceOut]
    next_cursor: str | None


class Spot(Schema):
    """A point whose cell is asked for."""

    longitude: float = field("经度，度", "degrees", ge=-180, le=180)
    latitude: float = field("纬度，度", "degrees", ge=-90, le=90)
    datum: Literal["wgs84", "gcj02", "bd09"] = field("坐标系", "the datum", "wgs84")


class Located(Schema):
    """The cells a point lies in, the widest first; none outside them all."""

    cells: list[Named]


@router.get("/units", response=Units, **operation(
    "units", "单位", "units", problems=(422,), headers=("Link",), gate=READ))
def list_units(request: HttpRequest, response: HttpResponse,
               asked: Query[Under]) -> dict[str, Any]:
    """Units of the person's areas, by code."""
    found = Unit.objects.filter(_scope(request, "code") & within(asked.under or "", "code"))
    rows, last = _by_code(found, asked, "code")
    items = [UnitOut(code=unit.code, name=str(unit_words(unit))) for unit in rows]
    return page(request, response, asked, items, last)


@router.get("/cells", response=Cells, **operation(
    "cells", "网格", "cells", problems=(422,), headers=("Link",), gate=READ))
def list_cells(request: HttpRequest, response: HttpResponse,
               asked: Query[CellsAsked]) -> dict[str, Any]:
    """Cells of the person's areas that stand today, by code."""
    reach = _scope(request, "code") & within(asked.under or "", "code")
    rows, last = _by_code(cells_of(asked.layer, reach, localdate()), asked, "code")
    called = area_names(cell.code for cell in rows)
    items = [CellLine(**_cell(line.cell, str(called[line.cell.code])), has_boundary=line.drawn,
                      illustrative=line.illustrative) for line in lines(rows, localdate())]
    return page(request, response, asked, items, last)


@router.get("/cells/{str:code}", response=CellOut, **operation(
    "cell", "一个网格", "one cell", problems=(404,), gate=READ))
def read_cell(request: HttpRequest, code: str) -> CellOut:
    """A cell with the boundary in force today."""
    safe = code.replace("\0", "")[:24]
    cell = Cell.objects.filter(_scope(request, "code"), code=safe).first()
    if cell is None:
        raise not_found()
    shape = shape_of(cell.code, localdate())
    as_of = cell.households_as_of
    return CellOut(
        **_cell(cell, str(area_names([cell.code])[cell.code])), has_boundary=shape is not None,
        illustrative=bool(shape and shape.illustrative),
        households_as_of=as_of.isoformat() if as_of else None,
        geometry=shape.geometry if shape else None)


@router.get("/places", response=Places, **operation(
    "places", "地点", "named places", problems=(422,), headers=("Link",), gate=READ))
def list_places(request: HttpRequest, response: HttpResponse,
                asked: Query[Under]) -> dict[str, Any]:
    """Places of the person's areas, by area and name."""
    reach = _scope(request, "area") & within(asked.under or "", "area")
    found = Place.objects.filter(reach).order_by("area", "name", "id")
    if mark := after(asked):
        area, name, id_ = mark
        found = found.filter(area__gte=area).filter(
            Q(area__gt=area) | Q(name__gt=name) | Q(name=name, id__gt=id_))
    rows = list(found[: asked.limit + 1])
    shown = rows[: asked.limit]
    last = (shown[-1].area, shown[-1].name, shown[-1].id) if len(rows) > asked.limit else None
    return page(request, response, asked, [_place(place) for place in shown], last)


@router.get("/locate", response=Located, **operation(
    "locate", "一个点在哪个网格", "the cells of a point", problems=(422,), gate=READ))
def locate_point(request: HttpRequest, asked: Annotated[Spot, Query()]) -> Located:
    """Today's cells of a point, as far as the person may see them."""
    lon, lat = to_wgs84(asked.longitude, asked.latitude, asked.datum)
    chain = [code for code in locate(lon, lat, on=localdate()).chain
             if can(by_of(request), "cells.view", area=code)]
    called = area_names(chain)
    return Located(cells=[named(code, called[code]) for code in chain])


def _scope(request: HttpRequest, field_: str) -> Q:
    return scope_filter(by_of(request), "cells.view", "", area_field=field_)


def _by_code(found: Any, asked: Paged, column: str) -> tuple[list[Any], tuple[str] | None]:
    if mark := after(asked):
        found = found.filter(**{f"{column}__gt": mark[0]})
    rows = list(found.order_by(column)[: asked.limit + 1])
    shown = rows[: asked.limit]
    return shown, (getattr(shown[-1], column),) if len(rows) > asked.limit else None


def _cell(cell: Cell, name: str) -> dict[str, Any]:
    parent = parent_of(cell.code) if cell.layer_id == GOVERNANCE else ""
    return {"code": cell.code, "layer": cell.layer_id, "name": name, "parent": parent or None,
            "since": cell.since.isoformat(), "households": cell.households}


def _place(place: Place) -> PlaceOut:
    words = Words(place.name, place.name_en or place.name)
    return PlaceOut(id=str(place.id), name=str(words), kind=place.kind, area=place.area,
                    longitude=place.longitude, latitude=place.latitude,
                    illustrative=place.illustrative)
