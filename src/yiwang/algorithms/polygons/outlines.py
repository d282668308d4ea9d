"""Outlines of many polygons in flat arrays, and which of them cover which points."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Yes = NDArray[np.bool_]

AT_ONCE = 500_000  # edges looked at together: some 30 MB
FEW = 100  # up to so many edges, plain numbers are quicker than arrays


@dataclass(frozen=True, slots=True)
class Outlines:
    """``edges[:, first[i]:first[i + 1]]`` are polygon i's: x and y of the lower end, of the higher.

    Holes and parts need no distinction: a point lies inside where a ray from it crosses an odd
    number of edges. Read from the lower end, an edge decides alike for both its neighbours.
    """

    edges: Floats  # 4 × edges, degrees
    first: Ints
    bounds: Floats  # 4 × polygons: west, south, east, north

    def __len__(self) -> int:
        return len(self.first) - 1

    def parts(self) -> Iterator[tuple[int, "Outlines"]]:
        """Some polygons after another, and how many came before: for work through all of them."""
        for some in _bites(np.diff(self.first)):
            first = self.first[some.start:some.stop + 1]
            yield some.start, Outlines(self.edges[:, first[0]:first[-1]], first - first[0],
                                       self.bounds[:, some])


def runs(first: Ints, count: Ints) -> tuple[Ints, Ints]:
    """``first[i]`` and the ``count[i] - 1`` numbers after it, for every i; and which i each is."""
    which = np.repeat(np.arange(len(count)), count)
    starts = np.cumsum(count) - count
    return np.arange(len(which)) + (first - starts)[which], which


def covers(outlines: Outlines, which: int, lon: float, lat: float) -> bool:
    """Whether one polygon covers one point; its border belongs to it."""
    west, south, east, north = outlines.bounds[:, which].tolist()
    if not (west <= lon <= east and south <= lat <= north):
        return False
    first, end = outlines.first[which:which + 2].tolist()
    if end - first > FEW:
        one = np.array([which]), np.array([lon]), np.array([lat])
        return bool(covering(outlines, *one)[0])
    inside = False
    for low_x, low_y, high_x, high_y in zip(*outlines.edges[:, first:end].tolist(), strict=True):
        if low_y <= lat <= high_y:
            side = (high_x - low_x) * (lat - low_y) - (lon - low_x) * (high_y - low_y)
            if side == 0 and min(low_x, high_x) <= lon <= max(low_x, high_x):
                return True
            inside ^= side > 0 and lat < high_y
    return inside


def covering(outlines: Outlines, which: Ints, lons: Floats, lats: Floats) -> Yes:
    """The same for many: whether polygon ``which[i]`` covers point i."""
    west, south, east, north = outlines.bounds
    covered: Yes = ((west[which] <= lons) & (lons <= east[which])
                    & (south[which] <= lats) & (lats <= north[which]))
    near = np.flatnonzero(covered)
    near = near[np.argsort(which[near], kind="stable")]  # edges are read where they lie together
    first = outlines.first[which[near]]
    count = outlines.first[which[near] + 1] - first
    for part in _bites(count):
        pairs = near[part]
        covered[pairs] = _covering(outlines.edges, first[part], count[part], lons[pairs],
                                   lats[pairs])
    return covered


def _bites(sizes: Ints) -> Iterator[slice]:
    """Slices whose sizes add up to about what is looked at together."""
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    cuts = np.searchsorted(ends, np.arange(AT_ONCE, total, AT_ONCE)).tolist()
    for start, end in zip([0, *cuts], [*cuts, len(sizes)], strict=True):
        yield slice(start, end)


def _covering(edges: Floats, first: Ints, count: Ints, lons: Floats, lats: Floats) -> Yes:
    """One answer for each run of edges and its point."""
    edge, pair = runs(first, count)
    lat = lats[pair]
    level = np.flatnonzero((edges[1, edge] <= lat) & (lat <= edges[3, edge]))
    edge, pair, lat = edge[level], pair[level], lat[level]
    (low_x, low_y, high_x, high_y), lon = edges[:, edge], lons[pair]
    side = (high_x - low_x) * (lat - low_y) - (lon - low_x) * (high_y - low_y)
    crossed = (side > 0) & (lat < high_y)
    on = (side == 0) & (np.minimum(low_x, high_x) <= lon) & (lon <= np.maximum(low_x, high_x))
    inside = (np.bincount(pair[crossed], minlength=len(first)) & 1).astype(bool)
    inside[pair[on]] = True
    return inside
