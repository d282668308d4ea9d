"""Letting the border of a drawn cell meet its neighbours exactly."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import shapely
from shapely import affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points

from yiwang.algorithms.coordinates import metres_per_degree

Position = tuple[float, float]


@dataclass(frozen=True)
class Snapped:
    """A polygon after snapping, and how many of its points were moved or added."""

    shape: BaseGeometry
    moved: int
    added: int


def snap(shape: BaseGeometry, neighbours: Iterable[BaseGeometry], tolerance_m: float) -> Snapped:
    """Points within ``tolerance_m`` of a neighbour move onto it: onto a corner if one is near.

    Corners of neighbours near an edge become points of it, so that both share one border. A snap
    that would make the shape cross itself is not taken: the shape comes back as it was.
    """
    east, north = metres_per_degree(shape.centroid.y)
    scale = (east, north)
    reach = _scaled(shape, scale).buffer(tolerance_m)
    near = [other for other in neighbours if _scaled(other, scale).intersects(reach)]
    if not near:
        return Snapped(shape, 0, 0)
    snapper = _Snapper(near, tolerance_m, scale)
    result = _rebuilt(shape, snapper)
    if not result.is_valid or result.is_empty:
        return Snapped(shape, 0, 0)
    return Snapped(result, snapper.moved, snapper.added)


class _Snapper:
    """Works in metres, but hands back the neighbours' own degrees, to the last bit."""

    def __init__(self, near: list[BaseGeometry], tolerance_m: float, scale: Position) -> None:
        self.scale, self.tolerance = scale, tolerance_m
        corners = {tuple(c) for other in near for c in shapely.get_coordinates(other).tolist()}
        self.degrees: list[Position] = sorted(corners)
        self.tree = shapely.STRtree([Point(x * scale[0], y * scale[1]) for x, y in self.degrees])
        self.edges = shapely.union_all([_scaled(other.boundary, scale) for other in near])
        self.moved = self.added = 0

    def ring(self, positions: list[Position]) -> list[Position]:
        """A closed ring with its points moved and the neighbours' corners taken in."""
        moved = [self.point(position) for position in positions[:-1]]
        moved.append(moved[0])
        line: list[Position] = []
        for here, there in pairwise(moved):
            line += [here, *self.between(here, there)]
        return [*_without_repeats(line), line[0]]

    def point(self, position: Position) -> Position:
        """The corner within reach, else the nearest spot of an edge within reach, else itself."""
        here = Point(position[0] * self.scale[0], position[1] * self.scale[1])
        nearest = int(self.tree.nearest(here))
        if here.distance(self.tree.geometries[nearest]) <= self.tolerance:
            target = self.degrees[nearest]
        elif here.distance(self.edges) <= self.tolerance:
            spot = nearest_points(self.edges, here)[0]
            target = (spot.x / self.scale[0], spot.y / self.scale[1])
        else:
            return position
        self.moved += target != position
        return target

    def between(self, here: Position, there: Position) -> list[Position]:
        """Corners of neighbours lying on the way, in order."""
        ends = [(x * self.scale[0], y * self.scale[1]) for x, y in (here, there)]
        if ends[0] == ends[1]:
            return []
        line = LineString(ends)
        close = self.tree.query(line, predicate="dwithin", distance=self.tolerance)
        on_way = sorted(
            (line.project(self.tree.geometries[i]), self.degrees[i])
            for i in close.tolist()
            if self.degrees[i] not in (here, there)
        )
        inside = [spot for along, spot in on_way if 0 < along < line.length]
        self.added += len(inside)
        return inside


def _rebuilt(shape: BaseGeometry, snapper: _Snapper) -> BaseGeometry:
    def polygon(part: Polygon) -> Polygon:
        rings = [snapper.ring(list(ring.coords)) for ring in (part.exterior, *part.interiors)]
        rings = [ring for ring in rings if len(ring) > 3]
        return Polygon(rings[0], rings[1:]) if rings else Polygon()

    if shape.geom_type == "MultiPolygon":
        return MultiPolygon([polygon(part) for part in shape.geoms])
    return polygon(shape)


def _scaled(shape: BaseGeometry, scale: Position) -> BaseGeometry:
    return affinity.scale(shape, scale[0], scale[1], origin=(0, 0))


def _without_repeats(line: list[Position]) -> list[Position]:
    kept = [point for i, point in enumerate(line) if i == 0 or point != line[i - 1]]
    while len(kept) > 1 and kept[-1] == kept[0]:
        kept.pop()
    return kept
