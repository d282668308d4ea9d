"""Which cells a point lies in."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .outlines import Ints, Outlines, covering, covers, runs
from .squares import Frame, Squares
from .squaring import squares_of
from .tracing import traced

Chain = tuple[str, ...]


class Locator:
    """An index of cells by place. Codes are hierarchical: a parent's code begins its children's.

    The border rule: a point on a border belongs to the cell with the smallest code (as text)
    among those that cover it. So the chain of a point is the smallest covering code, then the
    smallest covering code that continues it, and so on down; adding finer cells never moves a
    point to another village.

    It lies in flat arrays: saved once, it is mapped by every process of a machine.
    """

    def __init__(
        self, codes: NDArray[np.bytes_], parents: Ints, outlines: Outlines, squares: Squares
    ) -> None:
        self._codes, self._parents = codes, parents
        self._outlines, self._squares = outlines, squares

    @classmethod
    def of(cls, cells: Iterable[tuple[str, str]]) -> Self:
        """From cells' codes and GeoJSON texts, in any order; what is no polygon is passed by."""
        codes, outlines = traced(cells)
        return cls(np.array(codes, dtype=bytes), _parents(codes), outlines, squares_of(outlines))

    def save(self, folder: Path) -> None:
        """Write the arrays into an empty folder."""
        for name, array in self._arrays().items():
            np.save(folder / f"{name}.npy", array)
        (folder / "frame.json").write_text(json.dumps(asdict(self._squares.frame)))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Map what was saved: pages are read when they are needed, and shared."""
        frame = Frame(**json.loads((folder / "frame.json").read_text()))
        arrays = {path.stem: np.asarray(np.load(path, mmap_mode="r"))
                  for path in folder.glob("*.npy")}
        squares = Squares(frame, *(arrays[name] for name in ("node", "leaf", "asked")))
        outlines = Outlines(*(arrays[name] for name in ("edges", "first", "bounds")))
        return cls(arrays["codes"], arrays["parents"], outlines, squares)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        squares, outlines = self._squares, self._outlines
        return {
            "codes": self._codes, "parents": self._parents, "edges": outlines.edges,
            "first": outlines.first, "bounds": outlines.bounds, "node": squares.node,
            "leaf": squares.first, "asked": squares.asked,
        }

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes, rising."""
        return tuple(code.decode() for code in self._codes.tolist())

    def __len__(self) -> int:
        return len(self._codes)

    def locate(self, lon: float, lat: float) -> Chain:
        """Codes from the widest cell to the finest; empty outside all cells."""
        leaf = self._squares.leaf(lon, lat)
        if leaf < 0:
            return ()
        first, end = self._squares.first[leaf:leaf + 2].tolist()
        return self._chain([~which if which < 0 else which
                            for which in self._squares.asked[first:end].tolist()
                            if which < 0 or covers(self._outlines, which, lon, lat)])

    def locate_all(self, lons: ArrayLike, lats: ArrayLike) -> list[Chain]:
        """The chain of each of many points, in their order."""
        x, y = np.asarray(lons, float), np.asarray(lats, float)
        leaf = self._squares.leaves(x, y)
        first = self._squares.first[leaf]
        count = np.where(leaf < 0, 0, self._squares.first[leaf + 1] - first)
        place, point = runs(first, count)
        asked = self._squares.asked[place].astype(np.int64)
        hit = asked < 0
        borders = np.flatnonzero(~hit)
        hit[borders] = covering(self._outlines, asked[borders], x[point[borders]],
                                y[point[borders]])
        return self._chains(np.where(asked < 0, ~asked, asked)[hit], point[hit], len(x))

    def meeting(self, west: float, south: float, east: float, north: float) -> list[str]:
        """Codes of cells whose bounds meet a box; it crosses the 180th meridian if west > east."""
        low_x, low_y, high_x, high_y = self._outlines.bounds
        wide = ((high_x >= west) & (low_x <= east) if west <= east
                else (high_x >= west) | (low_x <= east))
        met = np.flatnonzero(wide & (high_y >= south) & (low_y <= north))
        return [code.decode() for code in self._codes[met].tolist()]

    def _chains(self, hits: Ints, point: Ints, n: int) -> list[Chain]:
        """Each point's chain. Nearly all are a cell and its parents, made once for each cell."""
        begins = np.diff(point, prepend=-1) != 0
        goes_on = self._parents[hits] == np.where(begins, -1, np.roll(hits, 1))
        plain = np.bincount(point[~goes_on], minlength=n) == 0
        ends = np.cumsum(np.bincount(point, minlength=n))
        last = np.full(n, -1)
        last[point] = hits  # the last one written stays
        cells, which = np.unique(np.where(plain, last, -1), return_inverse=True)
        found = list(map(self._upward().__getitem__, cells.tolist()))
        chains = [found[cell] for cell in which.tolist()]
        for odd in np.flatnonzero(~plain).tolist():
            chains[odd] = self._chain(hits[ends[odd - 1] if odd else 0:ends[odd]].tolist())
        return chains

    def _upward(self) -> "_Upward":
        return _Upward(self._codes, self._parents)

    def _chain(self, hits: list[int]) -> Chain:
        """Hits come in the order of their codes, so each next one continues or is passed over."""
        chain: list[str] = []
        for hit in hits:
            code = self._codes[hit].decode()
            if not chain or code.startswith(chain[-1]):
                chain.append(code)
        return tuple(chain)


class _Upward(dict[int, Chain]):
    """Chains of cells and their parents, each made when it is first asked for."""

    def __init__(self, codes: NDArray[np.bytes_], parents: Ints) -> None:
        self[-1] = ()
        self._codes, self._parents = codes, parents

    def __missing__(self, cell: int) -> Chain:
        chain = self[cell] = (*self[int(self._parents[cell])], self._codes[cell].decode())
        return chain


def _parents(codes: list[str]) -> Ints:
    """The place of each code's parent among the codes, which rise; -1 where there is none."""
    parents, above = np.full(len(codes), -1), list[int]()
    for place, code in enumerate(codes):
        while above and not code.startswith(codes[above[-1]]):
            above.pop()
        if above:
            parents[place] = above[-1]
        above.append(place)
    return parents
