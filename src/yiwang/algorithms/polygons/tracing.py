"""Outlines traced from cells' GeoJSON, one text after another: only flat arrays are kept."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pydantic_core import from_json  # three times as quick as json, and made for such lists

from .outlines import Floats, Ints, Outlines, Yes, runs
from .shapes import FEWEST_POSITIONS

BROKEN = (IndexError, KeyError, OverflowError, TypeError, ValueError)

Ring = tuple["array[float]", "array[float]"]  # longitudes, latitudes


@dataclass(slots=True)
class _Rings:
    """Of many polygons, as they come: rings of each, positions of each ring, the positions."""

    rings: "array[int]" = field(default_factory=lambda: array("q"))
    sizes: "array[int]" = field(default_factory=lambda: array("q"))
    lons: "array[float]" = field(default_factory=lambda: array("d"))
    lats: "array[float]" = field(default_factory=lambda: array("d"))

    def add(self, rings: Sequence[Ring]) -> None:
        """One more polygon."""
        self.rings.append(len(rings))
        for lons, lats in rings:
            self.sizes.append(len(lons))
            self.lons += lons
            self.lats += lats


def traced(cells: Iterable[tuple[str, str]]) -> tuple[list[str], Outlines]:
    """Codes, rising, and their outlines; cells are codes and GeoJSON texts in any order.

    What is no Polygon or MultiPolygon in degrees is passed by; heights are dropped.
    """
    codes, flat = list[str](), _Rings()
    for code, text in cells:
        try:
            flat.add(list(_rings(from_json(text))))
        except BROKEN:
            continue
        codes.append(code)
    good = np.flatnonzero(_in_degrees(flat))
    order = sorted(good.tolist(), key=codes.__getitem__)
    return [codes[place] for place in order], _outlines(flat, np.array(order, np.int64))


def _rings(geometry: Any) -> Iterator[Ring]:
    """The rings of all parts; raises one of ``BROKEN`` where they are none."""
    parts = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
    for part in parts[geometry["type"]]:
        for ring in part:
            if len(ring) < FEWEST_POSITIONS or ring[0] != ring[-1]:
                raise ValueError("a ring is closed and has four positions or more")
            yield (array("d", [position[0] for position in ring]),
                   array("d", [position[1] for position in ring]))


def _firsts(counts: Any) -> Ints:
    """Where each begins, and the end of the last."""
    return np.concatenate(([0], np.cumsum(counts, dtype=np.int64)))


def _in_degrees(flat: _Rings) -> Yes:
    """Which polygons have positions, and all of them on the globe."""
    first = _firsts(flat.sizes)[_firsts(flat.rings)]
    off = ~((np.abs(flat.lons) <= 180) & (np.abs(flat.lats) <= 90))
    good: Yes = (np.diff(_firsts(off)[first]) == 0) & (np.diff(first) > 0)
    return good


def _outlines(flat: _Rings, order: Ints) -> Outlines:
    """Of these polygons: an edge from each position but a ring's last, its lower end first."""
    rings, sizes = np.asarray(flat.rings), np.asarray(flat.sizes)
    ring, polygon = runs(_firsts(rings)[order], rings[order])
    counts = sizes[ring] - 1
    first = _firsts(np.bincount(polygon, counts, len(order)))
    edges = _edges(np.asarray(flat.lons), np.asarray(flat.lats),
                   runs(_firsts(sizes)[ring], counts)[0])
    return Outlines(edges, first, _bounds(edges, first))


def _edges(lons: Floats, lats: Floats, begin: Ints) -> Floats:
    """Row by row: all four at once would be held twice."""
    rises, edges = lats[begin] <= lats[begin + 1], np.empty((4, len(begin)))
    for row, (degrees, later) in enumerate(
            ((lons, ~rises), (lats, ~rises), (lons, rises), (lats, rises))):
        edges[row] = degrees[begin + later]
    return edges


def _bounds(edges: Floats, first: Ints) -> Floats:
    low_x, low_y, high_x, high_y = edges
    furthest = ((np.minimum, np.minimum(low_x, high_x)), (np.minimum, low_y),
                (np.maximum, np.maximum(low_x, high_x)), (np.maximum, high_y))
    return np.array([most.reduceat(ends, first[:-1]) for most, ends in furthest])
