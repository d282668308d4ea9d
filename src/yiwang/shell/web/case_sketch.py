"""A small drawing of where a case lies: its point in its cell, as plain SVG."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import cos, radians
from typing import Any

from yiwang.kernel.cases.models import Case
from yiwang.kernel.places.models import CellShape

WIDTH, HEIGHT, EDGE = 320.0, 180.0, 12.0  # of the drawing, in its own units
LENGTHS = (18, 15, 12)  # of the codes looked for: micro-grid, grid, village
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Sketch:
    """Paths from the widest cell to the narrowest, and the point; ``made_up`` marks 示意."""

    paths: tuple[str, ...]
    x: float | None
    y: float | None
    lamp: str
    made_up: bool


def sketch_of(case: Case, lamp: str) -> Sketch | None:
    """The drawing, or None where no boundary and no point is known; one query."""
    codes = {case.area[:length] for length in LENGTHS} | {case.area}
    shapes = list(CellShape.objects.filter(cell__in=codes, until__isnull=True).order_by("cell"))
    if not shapes:
        return None
    rings = [list(_rings(shape.geometry)) for shape in shapes]
    here = _point(case)
    box = _box([spot for group in rings for ring in group for spot in ring], here)
    place = _Scale(box)
    x, y = place.at(*here[0]) if here else (None, None)
    return Sketch(tuple(" ".join(map(place.path, group)) for group in rings), x, y, lamp,
                  any(shape.illustrative for shape in shapes))


def _point(case: Case) -> Ring:
    if case.longitude is None or case.latitude is None:
        return []
    return [(case.longitude, case.latitude)]


def _rings(geometry: dict[str, Any]) -> Iterator[Ring]:
    polygons = geometry.get("coordinates", [])
    if geometry.get("type") == "Polygon":
        polygons = [polygons]
    for polygon in polygons:
        for ring in polygon:
            yield [(float(spot[0]), float(spot[1])) for spot in ring]


def _box(spots: Ring, more: Ring) -> tuple[float, float, float, float]:
    xs = [spot[0] for spot in [*spots, *more]]
    ys = [spot[1] for spot in [*spots, *more]]
    return min(xs), min(ys), max(xs), max(ys)


class _Scale:
    """Degrees to the drawing's units, true to shape at this latitude, centred."""

    def __init__(self, box: tuple[float, float, float, float]) -> None:
        west, south, east, north = box
        self.squeeze = cos(radians((south + north) / 2))
        wide, high = max((east - west) * self.squeeze, 1e-9), max(north - south, 1e-9)
        self.scale = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)
        self.west, self.north = west, north
        self.left = (WIDTH - wide * self.scale) / 2
        self.top = (HEIGHT - high * self.scale) / 2

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self.left + (longitude - self.west) * self.squeeze * self.scale
        return round(x, 1), round(self.top + (self.north - latitude) * self.scale, 1)

    def path(self, ring: Ring) -> str:
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in (self.at(*spot) for spot in ring)) + "Z"
