"""The ground a report lies on: the town, its villages, named places, and where a point falls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models.functions import Length

from yiwang.algorithms.polygons import BrokenShape, read_shape
from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import TOWN, VILLAGE, area_names, unit_words
from yiwang.kernel.people.queries import within
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.places.locate import locate, valid_on
from yiwang.kernel.places.models import Cell, CellShape, Place, Unit

MOST_PLACES = 200


@dataclass(frozen=True, slots=True)
class Spot:
    """A choice in the list of places: ``code`` is a unit's code, or ``place:<uuid>``."""

    code: str
    name: Words


def home_town(actor: Actor | None = None) -> str:
    """The town this instance serves: the actor's own, else the one whose cells come first."""
    areas = sorted((g.area for g in actor.grants if len(g.area) >= TOWN), key=len) if actor else []
    if areas:
        return areas[0][:TOWN]
    cell = Cell.objects.order_by("layer", "code").values_list("code", flat=True).first()
    if cell:
        return cell[:TOWN]
    towns = Unit.objects.annotate(digits=Length("code")).filter(digits=TOWN).order_by("code")
    return towns.values_list("code", flat=True).first() or ""


def villages(town: str) -> Sequence[Spot]:
    """Villages and communities of the town, by code."""
    units = Unit.objects.filter(within(town, "code")).order_by("code")
    return [Spot(unit.code, unit_words(unit)) for unit in units if len(unit.code) == VILLAGE]


def named_places(town: str) -> Sequence[Spot]:
    """Halls, markets, stops … of the town, by name."""
    places = Place.objects.filter(within(town, "area")).order_by("name")[:MOST_PLACES]
    return [Spot(f"place:{p.id}", Words(p.name, p.name_en or p.name)) for p in places]


def unit_name(code: str) -> Words:
    """What people call a unit; nothing for a code that is not known."""
    unit = Unit.objects.filter(code=code).first()
    return unit_words(unit) if unit else Words("", "")


def cell_of(lon: float, lat: float, *, on: date) -> str:
    """The code of the smallest governance cell that holds the WGS-84 point; '' outside the town."""
    return locate(lon, lat, on=on).code


def outlines(town: str, *, on: date) -> list[dict[str, Any]]:
    """Villages' boundaries as GeoJSON features: what a resident taps on."""
    shapes = CellShape.objects.filter(
        valid_on(on), within(town, "cell_id")
    ).annotate(digits=Length("cell_id")).filter(digits=VILLAGE).order_by("cell_id")
    names = area_names([shape.cell_id for shape in shapes])
    return [
        {"type": "Feature", "geometry": _short(shape.geometry),
         "properties": {"id": shape.cell_id, "name": str(names[shape.cell_id]),
                        "illustrative": shape.illustrative}}
        for shape in shapes
    ]


def _short(geometry: dict[str, Any]) -> dict[str, Any]:
    """Five decimals of a degree, a metre: a third of the bytes."""
    def cut(part: Any) -> Any:
        return round(part, 5) if isinstance(part, float) else [cut(inner) for inner in part]

    return {**geometry, "coordinates": cut(geometry["coordinates"])}


def centre_of(codes: Sequence[str], *, on: date) -> dict[str, tuple[float, float]]:
    """A point inside each cell, degrees WGS-84; cells without a boundary are left out."""
    shapes = CellShape.objects.filter(valid_on(on), cell_id__in=set(codes))
    found = {}
    for shape in shapes:
        try:
            inner = read_shape(shape.geometry).representative_point()
        except BrokenShape:
            continue
        found[shape.cell_id] = (round(inner.x, 5), round(inner.y, 5))
    return found
