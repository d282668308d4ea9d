"""Building the squares of a plane: level by level, all squares of a level at once."""

from dataclasses import dataclass
from math import floor, sqrt

import numpy as np
from numpy.typing import NDArray

from .outlines import Floats, Ints, Outlines, Yes, covering, runs
from .squares import Frame, Squares

PER_POLYGON = 2  # squares to begin with, for each polygon
MOST_SQUARES = 4_000_000
CROWDED = 16  # borders in a square; more are quartered: four layers meet in a corner of four
DEEPEST = 8  # times


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Squares, and beside each what lies in it: an edge; or a polygon, ``~`` if it covers all."""

    square: Ints
    what: Ints

    @classmethod
    def of_keys(cls, keys: Ints, n: int) -> "_Pairs":
        """Back from :meth:`keys`."""
        square, polygon = np.divmod(keys >> 1, max(n, 1))
        return cls(square, np.where(keys & 1, ~polygon, polygon))

    def keys(self, n: int) -> Ints:
        """A number for each, by square, among n polygons; odd where one covers the square."""
        covers = self.what < 0
        return 2 * (self.square * n + np.where(covers, ~self.what, self.what)) + covers

    def where(self, chosen: Yes) -> "_Pairs":
        """Some of the pairs."""
        return _Pairs(self.square[chosen], self.what[chosen])

    def among(self, squares: Yes) -> "_Pairs":
        """The pairs of the chosen squares, which are numbered anew."""
        mine = self.where(squares[self.square])
        return _Pairs((np.cumsum(squares) - 1)[mine.square], mine.what)

    def fourfold(self) -> "_Pairs":
        """The same for each quarter of the squares."""
        return _Pairs((4 * self.square[:, None] + np.arange(4)).ravel(), np.repeat(self.what, 4))


@dataclass(frozen=True, slots=True)
class _Level:
    """Squares of one size: their south-west corners, and their polygons in rising order."""

    west: Floats
    south: Floats
    side: float
    held: _Pairs


def squares_of(outlines: Outlines) -> Squares:
    """Build the squares: seconds for half a million polygons."""
    frame = _frame(outlines)
    level, crossed = _whole(outlines, frame), None
    nodes: list[Ints] = []
    counts: list[Ints] = []
    asked: list[NDArray[np.int32]] = []
    while True:
        crowded = _crowded(level, depth=len(nodes))
        leaves = level.held.among(~crowded)
        nodes.append(_nodes(crowded, sum(map(len, counts)), sum(map(len, nodes))))
        counts.append(np.bincount(leaves.square, minlength=np.count_nonzero(~crowded)))
        asked.append(leaves.what.astype(np.int32))
        if not crowded.any():
            break
        if crossed is None:
            crossed = _crossings(outlines, frame, _edges_within(level, crowded, outlines))
        level, crossed = _quartered(level, crossed, crowded, outlines)
    first = np.concatenate(([0], np.cumsum(np.concatenate(counts))))
    return Squares(frame, np.concatenate(nodes).astype(np.int32), first, np.concatenate(asked))


def _frame(outlines: Outlines) -> Frame:
    """Squares enough for the polygons, over all of them."""
    if not len(outlines):
        return Frame(0.0, 0.0, 1.0, 0, 0)
    west, south = outlines.bounds[:2].min(1).tolist()
    east, north = outlines.bounds[2:].max(1).tolist()
    wanted = min(MOST_SQUARES, PER_POLYGON * len(outlines))
    side = max(sqrt((east - west) * (north - south) / wanted),
               (east - west + north - south) / wanted)
    return Frame(west, south, side, floor((east - west) / side) + 1,
                 floor((north - south) / side) + 1)


def _whole(outlines: Outlines, frame: Frame) -> _Level:
    """The squares of the frame: which polygons have an edge in each, and which cover each."""
    n = len(outlines)
    keys = np.concatenate([np.empty(0, np.int64), *(
        _held(part, frame, n) + 2 * before for before, part in outlines.parts())])
    keys.sort()
    rows, columns = np.divmod(np.arange(frame.across * frame.up), max(frame.across, 1))
    return _Level(frame.west + columns * frame.side, frame.south + rows * frame.side, frame.side,
                  _Pairs.of_keys(keys, n))


def _held(outlines: Outlines, frame: Frame, n: int) -> Ints:
    """The keys of some of n polygons."""
    crossed = _crossings(outlines, frame, np.arange(outlines.edges.shape[1]))
    return _once(_with_border(crossed, outlines, n), _centres_within(outlines, frame).keys(n))


def _with_border(crossed: _Pairs, outlines: Outlines, n: int) -> Ints:
    """The keys of polygons with an edge in a square; hardly any twice."""
    keys = _Pairs(crossed.square, _owners(outlines)[crossed.what]).keys(n)
    once: Ints = keys[np.diff(keys, prepend=-1) != 0]  # edges of one outline follow one another
    return once


def _once(borders: Ints, inside: Ints) -> Ints:
    """Keys of polygons with an edge in a square, each once; and of those inside that have none."""
    keys = np.sort(np.concatenate((borders, inside)))
    once: Ints = keys[np.diff(keys >> 1, prepend=-1) != 0]  # a border comes before its inside
    return once


def _crossings(outlines: Outlines, frame: Frame, edges: Ints) -> _Pairs:
    """The frame's squares that edges may run through, judged by their bounds."""
    low_x, low_y, high_x, high_y = outlines.edges[:, edges]
    column, row = frame.columns(np.minimum(low_x, high_x)), frame.rows(low_y)
    width = frame.columns(np.maximum(low_x, high_x)) - column + 1
    place, which = runs(np.zeros_like(width), width * (frame.rows(high_y) - row + 1))
    up, right = np.divmod(place, width[which])
    square = (row[which] + up) * frame.across + column[which] + right
    return _Pairs(square, edges[which])


def _edges_within(level: _Level, crowded: Yes, outlines: Outlines) -> Ints:
    """The edges of all polygons that have a border in a crowded square."""
    held = level.held.among(crowded).what
    polygons = np.unique(held[held >= 0])
    first = outlines.first[polygons]
    return runs(first, outlines.first[polygons + 1] - first)[0]


def _centres_within(outlines: Outlines, frame: Frame) -> _Pairs:
    """Squares whose centre lies in a polygon: between an odd and the next crossing of its row."""
    low_x, low_y, high_x, high_y = outlines.edges
    lowest = _beyond_centre(low_y, frame.south, frame.side)
    row, edge = runs(lowest, _beyond_centre(high_y, frame.south, frame.side) - lowest)
    level = frame.south + (row + 0.5) * frame.side
    share = (level - low_y[edge]) / (high_y - low_y)[edge]
    crossing = low_x[edge] + (high_x - low_x)[edge] * share
    column = _beyond_centre(crossing, frame.west, frame.side)
    owner = _owners(outlines)[edge]
    order = np.lexsort((column, row, owner))
    enter, leave = order[::2], order[1::2]
    column, span = runs(column[enter], column[leave] - column[enter])
    return _Pairs(row[enter][span] * frame.across + column, ~owner[enter][span])


def _beyond_centre(degrees: Floats, zero: float, side: float) -> Ints:
    """The first square whose centre is not below."""
    square: Ints = np.ceil((degrees - zero) / side - 0.5).astype(np.int64)
    return square


def _owners(outlines: Outlines) -> Ints:
    """Whose each edge is."""
    return np.repeat(np.arange(len(outlines)), np.diff(outlines.first))


def _crowded(level: _Level, *, depth: int) -> Yes:
    borders = level.held.square[level.held.what >= 0]
    crowded: Yes = np.bincount(borders, minlength=len(level.west)) > CROWDED
    return crowded & (depth < DEEPEST)


def _nodes(crowded: Yes, leaves: int, before: int) -> Ints:
    node = np.empty(len(crowded), np.int64)
    node[~crowded] = ~(leaves + np.arange(np.count_nonzero(~crowded)))
    node[crowded] = before + len(crowded) + 4 * np.arange(np.count_nonzero(crowded))
    return node


def _quartered(
    level: _Level, crossed: _Pairs, crowded: Yes, outlines: Outlines
) -> tuple[_Level, _Pairs]:
    """The quarters of the crowded squares (south-west, south-east, north-west, north-east), and
    the edges in each.
    """
    n, side = len(outlines), level.side / 2
    west = (level.west[crowded][:, None] + side * np.array([0, 1, 0, 1])).ravel()
    south = (level.south[crowded][:, None] + side * np.array([0, 0, 1, 1])).ravel()
    crossed = _in_quarters(crossed.among(crowded), west, south, outlines)
    held = level.held.among(crowded).fourfold()
    covers = held.what < 0
    bordering = held.where(~covers)
    maybe = _Pairs(bordering.square, ~bordering.what)
    near = _Pairs.of_keys(_once(_with_border(crossed, outlines, n), maybe.keys(n)), n)
    inside = np.flatnonzero(near.what < 0)
    square = near.square[inside]
    beyond = inside[~covering(outlines, ~near.what[inside], west[square] + side / 2,
                              south[square] + side / 2)]
    keys = np.concatenate((np.delete(near.keys(n), beyond), held.where(covers).keys(n)))
    return _Level(west, south, side, _Pairs.of_keys(np.sort(keys), n)), crossed


def _in_quarters(crossed: _Pairs, west: Floats, south: Floats, outlines: Outlines) -> _Pairs:
    """Edges to the quarters they may run through, judged by their bounds."""
    middle = 4 * crossed.square + 3  # the north-east quarter begins in the middle
    low_x, low_y, high_x, high_y = outlines.edges[:, crossed.what]
    in_west = np.minimum(low_x, high_x) < west[middle]
    in_east = np.maximum(low_x, high_x) >= west[middle]
    in_south, in_north = low_y < south[middle], high_y >= south[middle]
    chosen = [np.flatnonzero(lat & lon) for lat in (in_south, in_north)
              for lon in (in_west, in_east)]
    return _Pairs(
        np.concatenate([4 * crossed.square[rows] + quarter for quarter, rows in enumerate(chosen)]),
        np.concatenate([crossed.what[rows] for rows in chosen]))
