"""Building the squares of a plane: level by level, all squares of a level at once."""

from dataclasses import dataclass
from math import floor, sqrt

import numpy as np

from .outlines import AT_ONCE, Floats, Ints, Outlines, Yes, covering, runs
from .squares import Frame, Squares

PER_POLYGON = 2  # squares to begin with, for each polygon
MOST_SQUARES = 4_000_000
CROWDED = 16  # borders in a square; more are quartered: four layers meet in a corner of four
DEEPEST = 8  # times


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Squares, and beside each what lies in it: an edge, or a polygon."""

    square: Ints
    what: Ints

    def among(self, chosen: Yes, renamed: Ints) -> "_Pairs":
        """The pairs of the chosen squares, under the squares' new numbers."""
        mine = chosen[self.square]
        return _Pairs(renamed[self.square[mine]], self.what[mine])

    def and_(self, other: "_Pairs") -> "_Pairs":
        """Both, one after the other."""
        return _Pairs(np.concatenate((self.square, other.square)),
                      np.concatenate((self.what, other.what)))

    def fourfold(self) -> "_Pairs":
        """The same for each quarter of the squares."""
        return _Pairs((4 * self.square[:, None] + np.arange(4)).ravel(), np.repeat(self.what, 4))


@dataclass(frozen=True, slots=True)
class _Level:
    """Squares of one size: their south-west corners, whose border each holds, what covers it."""

    west: Floats
    south: Floats
    side: float
    borders: _Pairs
    covers: _Pairs


def squares_of(outlines: Outlines) -> Squares:
    """Build the squares: seconds for half a million polygons."""
    frame = _frame(outlines)
    level, crossed = _whole(outlines, frame), None
    nodes: list[Ints] = []
    counts: list[Ints] = []
    asked: list[Ints] = []
    while True:
        crowded = np.bincount(level.borders.square, minlength=len(level.west)) > CROWDED
        crowded &= len(nodes) < DEEPEST
        count, what = _leaves(level, ~crowded)
        nodes.append(_nodes(crowded, sum(map(len, counts)), sum(map(len, nodes))))
        counts.append(count)
        asked.append(what)
        if not crowded.any():
            break
        if crossed is None:
            crossed = _crossings(outlines, frame, _edges_within(level, crowded, outlines))
        level, crossed = _quartered(level, crossed, crowded, outlines)
    first = np.concatenate(([0], np.cumsum(np.concatenate(counts))))
    return Squares(frame, np.concatenate(nodes).astype(np.int32), first,
                   np.concatenate(asked).astype(np.int32))


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
    edges, owner = np.arange(outlines.edges.shape[1]), _owners(outlines)
    keys = [_keys(_crossings(outlines, frame, edges[begin:begin + AT_ONCE]), owner, len(outlines))
            for begin in range(0, len(edges), AT_ONCE)]
    rows, columns = np.divmod(np.arange(frame.across * frame.up), max(frame.across, 1))
    borders, covers = _sorted_out(keys, _centres_within(outlines, frame), len(outlines))
    return _Level(frame.west + columns * frame.side, frame.south + rows * frame.side, frame.side,
                  borders, covers)


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
    polygons = np.unique(level.borders.what[crowded[level.borders.square]])
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
    return _Pairs(row[enter][span] * frame.across + column, owner[enter][span])


def _beyond_centre(degrees: Floats, zero: float, side: float) -> Ints:
    """The first square whose centre is not below."""
    square: Ints = np.ceil((degrees - zero) / side - 0.5).astype(np.int64)
    return square


def _owners(outlines: Outlines) -> Ints:
    """Whose each edge is."""
    return np.repeat(np.arange(len(outlines)), np.diff(outlines.first))


def _keys(crossed: _Pairs, owner: Ints, n: int) -> Ints:
    """One even number for each square and polygon with an edge in it; hardly any twice."""
    key = 2 * (crossed.square * n + owner[crossed.what])
    once: Ints = key[np.diff(key, prepend=-1) != 0]  # edges of one outline follow one another
    return once


def _sorted_out(keys: list[Ints], inside: _Pairs, n: int) -> tuple[_Pairs, _Pairs]:
    """Polygons with an edge in a square, each once; and those inside that have none."""
    key = np.sort(np.concatenate((*keys, 2 * (inside.square * n + inside.what) + 1)))
    key = key[np.diff(key >> 1, prepend=-1) != 0]  # a border comes before its inside
    square, what = np.divmod(key >> 1, max(n, 1))
    covers = (key & 1).astype(bool)
    return _Pairs(square[~covers], what[~covers]), _Pairs(square[covers], what[covers])


def _nodes(crowded: Yes, leaves: int, before: int) -> Ints:
    node = np.empty(len(crowded), np.int64)
    node[~crowded] = ~(leaves + np.arange(np.count_nonzero(~crowded)))
    node[crowded] = before + len(crowded) + 4 * np.arange(np.count_nonzero(crowded))
    return node


def _leaves(level: _Level, leaf: Yes) -> tuple[Ints, Ints]:
    """How many polygons each leaf names, and these in rising order, ``~`` where they cover it."""
    renamed = np.cumsum(leaf) - 1
    borders, covers = level.borders.among(leaf, renamed), level.covers.among(leaf, renamed)
    both = borders.and_(covers)
    order = np.lexsort((both.what, both.square))
    named = np.concatenate((borders.what, ~covers.what))[order]
    return np.bincount(both.square, minlength=np.count_nonzero(leaf)), named


def _quartered(
    level: _Level, crossed: _Pairs, crowded: Yes, outlines: Outlines
) -> tuple[_Level, _Pairs]:
    """The quarters of the crowded squares (south-west, south-east, north-west, north-east), and
    the edges in each.
    """
    renamed, side = np.cumsum(crowded) - 1, level.side / 2
    west = (level.west[crowded][:, None] + side * np.array([0, 1, 0, 1])).ravel()
    south = (level.south[crowded][:, None] + side * np.array([0, 0, 1, 1])).ravel()
    crossed = _in_quarters(crossed.among(crowded, renamed), west, south, outlines)
    maybe = level.borders.among(crowded, renamed).fourfold()
    keys = _keys(crossed, _owners(outlines), len(outlines))
    borders, left = _sorted_out([keys], maybe, len(outlines))
    covered = covering(outlines, left.what, west[left.square] + side / 2,
                       south[left.square] + side / 2)
    covers = level.covers.among(crowded, renamed).fourfold().and_(
        _Pairs(left.square[covered], left.what[covered]))
    return _Level(west, south, side, borders, covers), crossed


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
