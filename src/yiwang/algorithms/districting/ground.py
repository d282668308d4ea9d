"""The ground of address points: each point's own piece of it, and which pieces share a border."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

ROUND = 30.0  # metres around the outermost points where no boundary is given; own choice
TOUCH = 0.01  # metres; a shorter common border is a corner


@dataclass(frozen=True)
class Ground:
    """Pieces by place of their point, their neighbours, and the boundary they fill. Metres."""

    pieces: tuple[BaseGeometry, ...]
    neighbours: tuple[tuple[int, ...], ...]
    boundary: BaseGeometry


def lay_out(points: Sequence[tuple[float, float]], boundary: BaseGeometry | None = None) -> Ground:
    """The Voronoi pieces of distinct ``points`` (metres), cut to the boundary.

    Without a boundary it is the convex hull and a little more. Raises ``ValueError`` where points
    coincide, or one lies outside.
    """
    many = MultiPoint(points)
    if len(set(points)) < len(points):
        raise ValueError("points coincide")
    edge = many.convex_hull.buffer(ROUND) if boundary is None else boundary
    if not shapely.covers(edge, many):
        raise ValueError("a point lies outside the boundary")
    pieces = _pieces(many, points, edge)
    return Ground(tuple(pieces), _neighbours(pieces), edge)


def _pieces(many: MultiPoint, points: Sequence[tuple[float, float]],
            edge: BaseGeometry) -> list[BaseGeometry]:
    """Each point's piece in one part; what a bay of the boundary cuts off goes to a neighbour."""
    if len(points) == 1:
        return [edge]
    cells = shapely.get_parts(shapely.voronoi_polygons(many, extend_to=edge.envelope))
    tree = STRtree(cells)
    spots = shapely.points(points)
    held: list[BaseGeometry] = []
    stray: list[Polygon] = []
    for spot in spots:
        cell = cells[tree.query_nearest(spot)[0]]
        parts = [part for part in shapely.get_parts(cell.intersection(edge))
                 if part.geom_type == "Polygon"]
        own = parts[min(range(len(parts)), key=[spot.distance(one) for one in parts].__getitem__)]
        held.append(own)
        stray += [part for part in parts if part is not own]
    for part in stray:
        nth = max(range(len(held)), key=lambda one: held[one].intersection(part).length)
        held[nth] = held[nth].union(part)
    return held


def _neighbours(pieces: Sequence[BaseGeometry]) -> tuple[tuple[int, ...], ...]:
    """Places of the pieces with which each shares a border."""
    found: list[set[int]] = [set() for _ in pieces]
    tree = STRtree(pieces)
    for one, other in zip(*tree.query(pieces, predicate="intersects"), strict=True):
        if one < other and pieces[one].intersection(pieces[other]).length > TOUCH:
            found[one].add(int(other))
            found[other].add(int(one))
    return tuple(tuple(sorted(some)) for some in found)
