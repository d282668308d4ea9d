"""Which cells a point lies in."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

Chain = tuple[str, ...]


class Locator:
    """An index of cells by place. Codes are hierarchical: a parent's code begins its children's.

    The border rule: a point on a border belongs to the cell with the smallest code (as text)
    among those that cover it. So the chain of a point is the smallest covering code, then the
    smallest covering code that continues it, and so on down; adding finer cells never moves a
    point to another village.
    """

    def __init__(self, cells: Iterable[tuple[str, BaseGeometry]]) -> None:
        ordered = sorted(cells, key=lambda cell: cell[0])
        self.codes: tuple[str, ...] = tuple(code for code, _ in ordered)
        self._shapes = np.array([shape for _, shape in ordered], dtype=object)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def __len__(self) -> int:
        return len(self.codes)

    def locate(self, lon: float, lat: float) -> Chain:
        """Codes from the widest cell to the finest; empty outside all cells."""
        near = self._tree.query(shapely.points(lon, lat))
        if not len(near):
            return ()
        hits = near[shapely.intersects_xy(self._shapes[near], lon, lat)]
        hits.sort()
        return self._chain(hits.tolist())

    def locate_all(self, lons: ArrayLike, lats: ArrayLike) -> list[Chain]:
        """The chain of each of many points, in their order."""
        points = shapely.points(np.asarray(lons, float), np.asarray(lats, float))
        which, hits = self._tree.query(points, predicate="intersects")
        order = np.lexsort((hits, which))
        starts = np.searchsorted(which[order], np.arange(len(points) + 1))
        sorted_hits = hits[order].tolist()
        return [
            self._chain(sorted_hits[start:end])
            for start, end in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
        ]

    def _chain(self, hits: Sequence[int]) -> Chain:
        """Hits come in the order of their codes, so each next one continues or is passed over."""
        chain: list[str] = []
        for hit in hits:
            code = self.codes[hit]
            if not chain or code.startswith(chain[-1]):
                chain.append(code)
        return tuple(chain)
