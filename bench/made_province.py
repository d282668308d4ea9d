"""A province of made cells: towns, villages, grids and micro-grids on a lattice with bent edges.

Every border has bends and is shared to the last digit by both its neighbours. Pure.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

STEP = 0.002  # degrees: a micro-grid is some 200 m wide
BENDS = 3  # edges between two corners
WIDTHS = (2, 2, 2, 3)  # micro-grids along a grid's side
HEIGHTS = (2, 2, 3)
TOWN, VILLAGE = 8, 2  # grids along their sides
WEST, SOUTH, SEED = 118.0, 27.0, 30428


@dataclass(frozen=True, slots=True)
class Lattice:
    """Points of all borders: degrees, seven decimals."""

    lons: NDArray[np.float64]
    lats: NDArray[np.float64]

    def ring(self, x: tuple[int, int], y: tuple[int, int]) -> list[list[float]]:
        """The border of a block of micro-grids, closed."""
        (west, east), (south, north) = ((at * BENDS for at in pair) for pair in (x, y))
        columns = np.concatenate((np.arange(west, east), np.full(north - south, east),
                                  np.arange(east, west, -1), np.full(north - south + 1, west)))
        rows = np.concatenate((np.full(east - west, south), np.arange(south, north),
                               np.full(east - west, north), np.arange(north, south - 1, -1)))
        ring: list[list[float]] = np.column_stack(
            (self.lons[columns, rows], self.lats[columns, rows])).tolist()
        return ring


def lattice(across: int, up: int) -> Lattice:
    """Corners and bends, each moved a little."""
    rng = np.random.default_rng(SEED)
    x, y = np.meshgrid(np.arange(across * BENDS + 1), np.arange(up * BENDS + 1), indexing="ij")
    lons, lats = (zero + STEP * (at / BENDS + rng.uniform(-0.1, 0.1, at.shape))
                  for zero, at in ((WEST, x), (SOUTH, y)))
    return Lattice(lons.round(7), lats.round(7))


def cells(across: int, up: int) -> Iterator[tuple[str, list[list[float]]]]:
    """Codes and rings of a province of ``across × up`` micro-grids, parents first."""
    chance, points = random.Random(SEED), lattice(across, up)
    columns, rows = _cuts(across, WIDTHS, chance), _cuts(up, HEIGHTS, chance)
    number = 0
    for x in _blocks(len(columns) - 1, TOWN):
        for y in _blocks(len(rows) - 1, TOWN):
            number += 1
            yield from _town(f"33{number:07}", x, y, columns, rows, points)


def _town(code: str, x: tuple[int, int], y: tuple[int, int], columns: list[int], rows: list[int],
          points: Lattice) -> Iterator[tuple[str, list[list[float]]]]:
    """A town of grids ``x`` by ``y``, and all within it."""
    def ring(of: tuple[int, int], to: tuple[int, int]) -> list[list[float]]:
        return points.ring((columns[of[0]], columns[of[1]]), (rows[to[0]], rows[to[1]]))

    yield code, ring(x, y)
    villages = [(a, b) for a in _blocks(x[1], VILLAGE, x[0]) for b in _blocks(y[1], VILLAGE, y[0])]
    for village, (a, b) in enumerate(villages, start=1):
        yield f"{code}{village:03}", ring(a, b)
        grids = [(i, j) for i in range(*a) for j in range(*b)]
        for grid, (i, j) in enumerate(grids, start=1):
            named = f"{code}{village:03}{grid:03}"
            yield named, ring((i, i + 1), (j, j + 1))
            micros = [(m, n) for m in range(columns[i], columns[i + 1])
                      for n in range(rows[j], rows[j + 1])]
            for micro, (m, n) in enumerate(micros, start=1):
                yield f"{named}{micro:03}", points.ring((m, m + 1), (n, n + 1))


def _cuts(size: int, widths: tuple[int, ...], chance: random.Random) -> list[int]:
    cuts = [0]
    while cuts[-1] < size:
        cuts.append(min(size, cuts[-1] + chance.choice(widths)))
    return cuts


def _blocks(end: int, size: int, start: int = 0) -> list[tuple[int, int]]:
    return list(pairwise([*range(start, end, size), end]))
