"""A proposal in rows, words and colours: the table says what the map says."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import shapely

from yiwang.algorithms.districting.moving import Consequence
from yiwang.algorithms.polygons import geojson, read_shape
from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import area_names
from yiwang.kernel.places.models import GridProposal
from yiwang.kernel.places.proposals.queries import Sight
from yiwang.kernel.places.proposals.words import why

from .cells import label_of

FILLS = ("#bfdedb", "#f3dcb4", "#d9d2ea", "#f0cfc9", "#cfe0b8", "#c9dcf0")
CLEAR = "rgba(0,0,0,0)"
DRAWN = 6  # digits of a degree on the map: 10 cm
WITHIN = 1e-5  # degrees, 1 m: what follows the grid's own border is not drawn again
HECTARE = 10_000.0  # m²
SPOT = re.compile(r"[0-9]{1,6}")
VERDICTS = {-1: ("ok", Words("更均衡", "more even")),
            0: ("idle", Words("最大一片不变", "the largest stays")),
            1: ("warn", Words("更不均衡", "less even"))}


@dataclass(frozen=True, slots=True)
class Line:
    """A part or a micro-grid in the table; ``hectares`` of ground."""

    name: object
    households: int
    differs: str
    hectares: float
    fill: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A part a spot may go to: what follows, or why it may not."""

    there: int
    what: Words
    refused: Words | None
    lamp: str
    verdict: Words

    @property
    def number(self) -> int:
        return self.there + 1


@dataclass(frozen=True, slots=True)
class Chosen:
    """The spot somebody looks at, with where it may go."""

    spot: int
    part: int
    households: int
    where: str
    options: list[Option]

    @property
    def number(self) -> int:
        return self.spot + 1


def part_lines(sight: Sight) -> list[Line]:
    """The parts, numbered from 1, with their colours."""
    mean = sum(sight.loads) / len(sight.loads)
    colours = range(len(FILLS)) if len(sight.parts) <= len(FILLS) else sight.colours
    return [Line(number, part.households, _differs(part.households, mean), part.area / HECTARE,
                 FILLS[colours[number - 1]])
            for number, part in enumerate(sight.parts, start=1)]


def today_lines(sight: Sight) -> list[Line]:
    """Today's micro-grids by the same count."""
    mean = sum(one.households for one in sight.beside) / (len(sight.beside) or 1)
    named = area_names(one.shape.cell_id for one in sight.beside)
    return [Line(label_of(one.shape.cell, named[one.shape.cell_id]), one.households,
                 _differs(one.households, mean), one.area / HECTARE, code=one.shape.cell_id)
            for one in sight.beside]


def _differs(households: int, mean: float) -> str:
    return f"{households - mean:+.1f}"


def grouped(sight: Sight) -> list[tuple[int, list[tuple[int, int, int]]]]:
    """The spots a hand may move, by part (from 1): value, number, households."""
    held: dict[int, list[tuple[int, int, int]]] = {}
    for spot in sight.movable:
        held.setdefault(sight.proposal.part_of[spot] + 1, []).append(
            (spot, spot + 1, sight.plot.weights[spot]))
    return sorted(held.items())


def chosen_of(sight: Sight, asked: str) -> Chosen | None:
    """The spot that was asked for; ``None`` where there is none of that number."""
    spot = int(asked) if SPOT.fullmatch(asked) else len(sight.plot.spots)
    if spot >= len(sight.plot.spots):
        return None
    lon, lat = sight.plot.spots[spot]
    return Chosen(spot, sight.proposal.part_of[spot] + 1, sight.plot.weights[spot],
                  f"{lon:.5f}, {lat:.5f}",
                  [_option(sight, found) for found in sight.choices(spot)])


def _option(sight: Sight, found: Consequence) -> Option:
    change = found.heaviest - found.heaviest_before
    lamp, verdict = VERDICTS[(change > 0) - (change < 0)]
    what = Words(
        "第 {a} 片 {a0} → {a1} 户，第 {b} 片 {b0} → {b1} 户；最大一片 {before} → {after} 户",
        "part {a}: {a0} → {a1} households, part {b}: {b0} → {b1}; the largest {before} → {after}"
    ).filled(a=found.here + 1, b=found.there + 1, a0=sight.loads[found.here],
             a1=found.loads[found.here], b0=sight.loads[found.there],
             b1=found.loads[found.there], before=found.heaviest_before, after=found.heaviest)
    return Option(found.there, what, why(found), lamp, verdict)


def ground_of(sight: Sight) -> dict[str, Any]:
    """The map: parts in their colours, the small area of each spot, today's outlines dashed."""
    return {"type": "FeatureCollection", "features": [*_parts(sight), *_spots(sight),
                                                      *_today(sight)]}


def _parts(sight: Sight) -> Iterator[dict[str, Any]]:
    for line, part in zip(part_lines(sight), sight.parts, strict=True):
        name = Words("{n}：{h} 户", "{n}: {h}").filled(n=line.name, h=line.households)
        yield _feature(part.shape, id=f"part-{line.name}", name=str(name), fill=line.fill,
                       line="strong")


def _spots(sight: Sight) -> Iterator[dict[str, Any]]:
    for spot, piece in enumerate(sight.plot.ground.pieces):
        yield _feature(sight.plot.degrees(piece), id=f"spot-{spot}", name="", fill=CLEAR,
                       line="thin", spot=spot)


def _today(sight: Sight) -> Iterator[dict[str, Any]]:
    """The borders between today's micro-grids, each once: dashes of two would fill each other."""
    edge = read_shape(sight.proposal.shape.geometry).boundary.buffer(WITHIN)
    borders = [read_shape(one.shape.geometry).boundary for one in sight.beside]
    inner = shapely.line_merge(shapely.union_all(borders).difference(edge))
    if not inner.is_empty:
        yield _feature(inner, id="today", name="", line="dashed")


def _feature(shape: shapely.Geometry, **properties: object) -> dict[str, Any]:
    drawn = shapely.transform(shape, lambda spots: spots.round(DRAWN))
    return {"type": "Feature", "geometry": geojson(drawn), "properties": properties}


def moved_words(proposal: GridProposal) -> Words:
    """What a person is told when a move was kept."""
    spot, _, there = proposal.moves[-1]
    return Words("{n} 号点已移到第 {part} 片。", "Point {n} is in part {part} now.").filled(
        n=spot + 1, part=there + 1)
