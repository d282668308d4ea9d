"""A plane cut into squares, finer where more borders run; each square knows whom to ask.

For the points of one square polygons are of three kinds: those that cover all of it, those whose
border runs through it (these alone must be looked at), and all others, which are not named.
"""

from dataclasses import dataclass
from math import floor

import numpy as np
from numpy.typing import NDArray

from .outlines import Floats, Ints


@dataclass(frozen=True, slots=True)
class Frame:
    """Squares of one side in degrees, ``across`` by ``up`` of them from the south-west corner."""

    west: float
    south: float
    side: float
    across: int
    up: int

    def columns(self, lons: Floats) -> Ints:
        """The column of each longitude; outside the frame, one that is no column."""
        return np.floor((lons - self.west) / self.side).astype(np.int64)

    def rows(self, lats: Floats) -> Ints:
        """The row of each latitude."""
        return np.floor((lats - self.south) / self.side).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Squares:
    """``node`` of a square: the first of its quarters where it is not negative, else ``~leaf``.

    The first ``across × up`` nodes are the frame's squares, row by row. The polygons of a leaf
    are ``asked[first[leaf]:first[leaf + 1]]`` in rising order, ``~polygon`` where it covers all.
    """

    frame: Frame
    node: NDArray[np.int32]
    first: Ints
    asked: NDArray[np.int32]

    def leaf(self, lon: float, lat: float) -> int:
        """The leaf of one point; -1 outside the frame."""
        frame = self.frame
        across, up = (lon - frame.west) / frame.side, (lat - frame.south) / frame.side
        if not (0 <= across < frame.across and 0 <= up < frame.up):
            return -1
        column, row, side = floor(across), floor(up), frame.side
        west, south = frame.west + column * side, frame.south + row * side
        node = int(self.node[row * frame.across + column])
        while node >= 0:
            side /= 2
            east, north = lon >= west + side, lat >= south + side
            west, south = west + side * east, south + side * north
            node = int(self.node[node + 2 * north + east])
        return ~node

    def leaves(self, lons: Floats, lats: Floats) -> Ints:
        """The leaf of each point; -1 outside the frame."""
        frame, found = self.frame, np.full(len(lons), -1)
        column, row = frame.columns(lons), frame.rows(lats)
        still = np.flatnonzero((column >= 0) & (column < frame.across)
                               & (row >= 0) & (row < frame.up))
        column, row, side = column[still], row[still], frame.side
        west, south = frame.west + column * side, frame.south + row * side
        node = self.node[row * frame.across + column].astype(np.int64)
        while len(still):
            found[still] = ~node
            deeper = node >= 0
            still, west, south, node = still[deeper], west[deeper], south[deeper], node[deeper]
            side /= 2
            east, north = lons[still] >= west + side, lats[still] >= south + side
            west, south = west + side * east, south + side * north
            node = self.node[node + 2 * north + east].astype(np.int64)
        return found
