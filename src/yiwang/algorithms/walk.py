"""An order to walk a few dozen points in: nearest neighbour, then 2-opt. Plain and fast.

The way is open: it begins at ``start`` (or at an outermost point) and ends anywhere. It is never
longer than the order given; for up to 50 points it takes milliseconds. Ties go to the earlier
point, so that the same points give the same order. ``walk.js`` of the phone does the same.
"""

from collections.abc import Sequence
from itertools import pairwise

from .coordinates import Point, distance_m

MOST_ROUNDS = 60  # of 2-opt; each round only ever shortens the way


def walking_order(points: Sequence[Point], *, start: Point | None = None) -> list[int]:
    """Indexes of ``points`` (degrees WGS-84, lon before lat) in the order to walk them."""
    if not points:
        return []
    if start is None:
        ways = [_untangled(_nearest_first(points, first), points, None)
                for first in _candidates(points)]
        return min(ways, key=lambda way: (round(way_length(points, way), 3), way))
    ways = [_untangled(way, points, start)
            for way in (_nearest_first(points, None, start), list(range(len(points))))]
    return min(ways, key=lambda way: (round(way_length(points, way, start=start), 3), way))


def way_length(
    points: Sequence[Point], order: Sequence[int], *, start: Point | None = None
) -> float:
    """Metres along the way as the crow flies, from ``start`` where there is one."""
    way = [points[index] for index in order]
    stops = way if start is None else [start, *way]
    return sum(distance_m(here, there) for here, there in pairwise(stops))


def _candidates(points: Sequence[Point]) -> list[int]:
    """Where an open way may well begin: the outermost points."""
    indexes = range(len(points))
    ends = [choose(indexes, key=lambda index: points[index][axis])
            for axis in (0, 1) for choose in (min, max)]
    return list(dict.fromkeys(ends))


def _nearest_first(
    points: Sequence[Point], first: int | None, start: Point | None = None
) -> list[int]:
    left = list(range(len(points)))
    here = start if start is not None else points[first or 0]
    order: list[int] = []
    while left:
        nearest = min(left, key=lambda index: (distance_m(here, points[index]), index))
        left.remove(nearest)
        order.append(nearest)
        here = points[nearest]
    return order


def _untangled(order: list[int], points: Sequence[Point], start: Point | None) -> list[int]:
    """Turn stretches of the way round as long as that shortens it."""
    fixed = 1 if start is None else 0  # without a start the chosen first point stays first
    for _ in range(MOST_ROUNDS):
        better = _one_round(order, points, start, fixed)
        if better == order:
            return order
        order = better
    return order


def _one_round(
    order: list[int], points: Sequence[Point], start: Point | None, fixed: int
) -> list[int]:
    for low in range(fixed, len(order) - 1):
        before = points[order[low - 1]] if low else start
        for high in range(low + 1, len(order)):
            first, last = points[order[low]], points[order[high]]
            after = points[order[high + 1]] if high + 1 < len(order) else None
            gain = _gap(before, first) + _gap(last, after)
            gain -= _gap(before, last) + _gap(first, after)
            if gain > 0.01:  # metres
                order = [*order[:low], *reversed(order[low : high + 1]), *order[high + 1 :]]
    return order


def _gap(here: Point | None, there: Point | None) -> float:
    return 0.0 if here is None or there is None else distance_m(here, there)
