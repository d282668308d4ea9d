"""A made-up town for demonstrations: real names, invented ground. Everything here is 示意.

Boundaries of villages are not public, so these are drawn by lot: seeds spread over an irregular
outline, one Voronoi diagram of the micro-grids, edges roughened, micro-grids joined to grids,
grids to villages. Neighbours therefore share every point of their borders. The same seed gives
the same town.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from .coordinates import metres_per_degree
from .polygons.shapes import geojson, polygons_of

Level = Literal["town", "village", "grid", "micro"]
Spot = tuple[float, float]

TOWN = ("330206005", "霞浦街道")
XIAPU: tuple[tuple[str, str], ...] = (
    ("330206005001", "新浦社区"), ("330206005002", "凤凰社区"), ("330206005003", "黄鹂社区"),
    ("330206005004", "陈华浦社区"), ("330206005005", "百灵社区"), ("330206005006", "沙湾社区"),
    ("330206005200", "河东村"), ("330206005205", "朱塘村"), ("330206005206", "通山村"),
    ("330206005207", "方戴村"), ("330206005208", "书院村"), ("330206005209", "陈华村"),
    ("330206005210", "山前村"), ("330206005211", "上傅村"), ("330206005214", "水俞村"),
    ("330206005215", "河西村"), ("330206005216", "霞西村"), ("330206005217", "宝前村"),
    ("330206005218", "宝山村"), ("330206005219", "胜利村"), ("330206005221", "霞南村"),
)
"""Statistics codes and names of 霞浦街道 (committees' names shortened to the villages')."""

CENTRE = (121.87, 29.89)  # degrees; where 霞浦 about lies (docs/field.md)
AREA_KM2 = 26.1  # an old public figure for the sub-district
GRIDS = {"village": (1, 3), "community": (4, 7)}  # grids drawn by lot, from – to
MICROS = (5, 6)  # micro-grids a grid; the province's mean is 5.3
HOUSEHOLDS = (305, 470)  # a grid; the norm is 300–500
ROUGHNESS = 0.13  # sideways shift of an edge's middle, as a share of its length
COMMUNITY_FROM = "001"  # codes 001–199 are residents' committees, 200–399 villages


@dataclass(frozen=True)
class MadeCell:
    """A cell of the made town. ``geometry`` is GeoJSON in WGS-84 degrees; always illustrative."""

    code: str
    name: str
    level: Level
    geometry: dict[str, Any]
    households: int
    illustrative: bool = True


def make_town_cells(
    seed: int = 2003, villages: Sequence[tuple[str, str]] = XIAPU, town: tuple[str, str] = TOWN
) -> list[MadeCell]:
    """Town, villages, grids and micro-grids, in order of their codes."""
    chance = np.random.default_rng(seed)
    outline = _outline(chance)
    spots: dict[str, Spot] = {}
    for (code, _), region in zip(villages, _village_regions(villages, outline, chance),
                                 strict=True):
        spots |= _micro_spots(code, region, chance)
    faces = _rough(_faces(spots, outline), chance)
    _mend_islands(faces)
    counts = _household_counts(faces, chance)
    names = {town[0]: town[1], **dict(villages)}
    shapes = _joined(faces, len(town[0]))
    return [_cell(code, shapes[code], names, counts) for code in sorted(shapes)]


def _outline(chance: np.random.Generator) -> Polygon:
    """An irregular round outline in metres about the origin, of the town's area."""
    turns = np.linspace(0, 2 * math.pi, 72, endpoint=False)
    radius = np.ones(72)
    for wave in range(2, 7):
        radius += 0.35 / wave * chance.uniform(-1, 1) * np.cos(
            wave * turns + chance.uniform(0, 2 * math.pi))
    points = np.stack([1.25 * radius * np.cos(turns), radius * np.sin(turns)], axis=1)
    scale = math.sqrt(AREA_KM2 * 1e6 / Polygon(points).area)
    return Polygon(points * scale)


def _village_regions(
    villages: Sequence[tuple[str, str]], outline: Polygon, chance: np.random.Generator
) -> list[BaseGeometry]:
    """One convex region a village; communities crowd about the middle."""
    town = [i for i, (code, _) in enumerate(villages) if _is_community(code)]
    crowd = _spread(len(town), outline.centroid.buffer(1150), chance)
    around = _spread(len(villages) - len(town), outline.difference(
        outline.centroid.buffer(1250)), chance)
    seats = iter(around)
    inner = iter(crowd)
    spots = [next(inner) if i in town else next(seats) for i in range(len(villages))]
    return _regions(spots, outline)


def _micro_spots(
    village: str, region: BaseGeometry, chance: np.random.Generator
) -> dict[str, Spot]:
    fewest, most = GRIDS["community" if _is_community(village) else "village"]
    seats = _spread(int(chance.integers(fewest, most + 1)), region, chance)
    spots = {}
    for grid, part in enumerate(_regions(seats, region), start=1):
        micros = _spread(int(chance.integers(MICROS[0], MICROS[1] + 1)), part, chance)
        for micro, spot in enumerate(micros, start=1):
            spots[f"{village}{grid:03}{micro:03}"] = spot
    return spots


def _spread(count: int, region: BaseGeometry, chance: np.random.Generator) -> list[Spot]:
    """Points spread by lot over a region, then pushed apart (Lloyd), sorted north-west first."""
    west, south, east, north = region.bounds
    spots: list[Spot] = []
    while len(spots) < count:
        x, y = chance.uniform(west, east), chance.uniform(south, north)
        if shapely.intersects_xy(region, x, y):
            spots.append((x, y))
    for _ in range(4):
        parts = _regions(spots, region)
        spots = [_inside(part, spot) for part, spot in zip(parts, spots, strict=True)]
    return sorted(spots, key=lambda spot: (-round(spot[1] / 400), spot[0]))


def _inside(part: BaseGeometry, spot: Spot) -> Spot:
    middle = part.centroid
    return (middle.x, middle.y) if part.contains(middle) else spot


def _regions(spots: Sequence[Spot], within: BaseGeometry) -> list[BaseGeometry]:
    """The part of ``within`` nearest to each spot."""
    if len(spots) == 1:
        return [within]
    cells = shapely.get_parts(
        shapely.voronoi_polygons(MultiPoint(spots), extend_to=within.envelope, ordered=True))
    return [shapely.intersection(cell, within) for cell in cells]


def _faces(spots: dict[str, Spot], outline: Polygon) -> dict[str, Polygon]:
    """The Voronoi face of each micro-grid, sharing every node with its neighbours."""
    codes = list(spots)
    regions = _regions([spots[code] for code in codes], outline)
    # Two computations of one corner may differ in the last bit: a centimetre grid makes them one.
    lines = shapely.union_all([region.boundary for region in regions], grid_size=0.01)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    tree = shapely.STRtree(faces)
    found = {code: int(tree.query(shapely.points(spot), predicate="within")[0])
             for code, spot in spots.items()}
    left = set(range(len(faces))) - set(found.values())
    if left:
        raise ValueError(f"{len(left)} pieces of the town belong to no seed: take another seed")
    return {code: faces[face] for code, face in found.items()}


def _rough(faces: dict[str, Polygon], chance: np.random.Generator) -> dict[str, Polygon]:
    """Every edge bent a little, the same way for both its sides; less where shapes would break."""
    draws: dict[tuple[Spot, Spot], NDArray[np.float64]] = {}
    for face in faces.values():
        for edge in pairwise(face.exterior.coords):
            key = (min(edge), max(edge))
            if key not in draws:
                draws[key] = chance.uniform(-1, 1, 3)
    for roughness in (ROUGHNESS * 0.7**attempt for attempt in range(12)):
        bent = {code: _bent(face, draws, roughness) for code, face in faces.items()}
        if all(face.is_valid for face in bent.values()) and not _overlapping(bent):
            return bent
    raise ValueError("no roughness leaves these shapes whole: take another seed")


def _bent(
    face: Polygon, draws: dict[tuple[Spot, Spot], NDArray[np.float64]], roughness: float
) -> Polygon:
    line: list[Spot] = []
    for here, there in pairwise(face.exterior.coords):
        low, high = min(here, there), max(here, there)
        path = _path(low, high, draws[low, high] * roughness)
        line += (path if here == low else path[::-1])[:-1]
    return Polygon([_degrees(spot) for spot in line])


def _path(low: Spot, high: Spot, shifts: NDArray[np.float64]) -> list[Spot]:
    """An edge with its middle moved sideways, then the middles of both halves."""
    middle = _aside(low, high, float(shifts[0]))
    return [low, _aside(low, middle, float(shifts[1])), middle,
            _aside(middle, high, float(shifts[2])), high]


def _aside(low: Spot, high: Spot, shift: float) -> Spot:
    along, up = high[0] - low[0], high[1] - low[1]
    return (low[0] + along / 2 - up * shift, low[1] + up / 2 + along * shift)


def _degrees(spot: Spot) -> Spot:
    east, north = metres_per_degree(CENTRE[1])
    return round(CENTRE[0] + spot[0] / east, 7), round(CENTRE[1] + spot[1] / north, 7)


def _overlapping(faces: dict[str, Polygon]) -> bool:
    whole = shapely.union_all(list(faces.values())).area
    return bool(abs(sum(face.area for face in faces.values()) - whole) > whole * 1e-9)


def _mend_islands(faces: dict[str, Polygon]) -> None:
    """Micro-grids cut off from their village or grid join the one they touch most."""
    for size in (12, 15):
        groups = defaultdict(list)
        for code in faces:
            groups[code[:size]].append(code)
        for codes in groups.values():
            parts = polygons_of(shapely.union_all([faces[code] for code in codes]))
            main = max(parts, key=lambda part: part.area)
            for code in codes:
                if not main.contains(faces[code].representative_point()):
                    _move(code, size, faces)


def _move(code: str, size: int, faces: dict[str, Polygon]) -> None:
    """Give a stray micro-grid the next number of the neighbour it shares most border with."""
    face, above = faces[code], code[: size - 3]
    others = [other for other in faces
              if other[:size] != code[:size] and other.startswith(above)]
    best = max(others, key=lambda other: face.intersection(faces[other]).length)
    taken = [int(other[15:]) for other in faces if other[:15] == best[:15]]
    faces[f"{best[:15]}{max(taken) + 1:03}"] = faces.pop(code)


def _household_counts(
    faces: dict[str, Polygon], chance: np.random.Generator
) -> dict[str, int]:
    """Households of each micro-grid, so that each grid keeps to the norm."""
    grids = defaultdict(list)
    for code in sorted(faces):
        grids[code[:15]].append(code)
    counts: dict[str, int] = {}
    for codes in grids.values():
        total = int(chance.integers(HOUSEHOLDS[0], HOUSEHOLDS[1] + 1))
        shares = chance.uniform(0.85, 1.15, len(codes))
        cuts = np.rint(np.cumsum(shares) / shares.sum() * total).astype(int)
        counts |= dict(zip(codes, np.diff(cuts, prepend=0).tolist(), strict=True))
    return counts


def _joined(faces: dict[str, Polygon], town_size: int) -> dict[str, BaseGeometry]:
    shapes: dict[str, BaseGeometry] = dict(faces)
    for size in (15, 12, town_size):
        groups = defaultdict(list)
        for code, face in faces.items():
            groups[code[:size]].append(face)
        shapes |= {code: shapely.union_all(group) for code, group in groups.items()}
    return shapes


def _cell(
    code: str, shape: BaseGeometry, names: dict[str, str], counts: dict[str, int]
) -> MadeCell:
    levels: dict[int, Level] = {12: "village", 15: "grid", 18: "micro"}
    level = levels.get(len(code), "town")
    name = names.get(code) or names[code[:12]]
    if level == "grid":
        name += f"第{int(code[12:15])}网格"
    elif level == "micro":
        name += f"{int(code[12:15])}-{int(code[15:18])}微网格"
    households = sum(n for micro, n in counts.items() if micro.startswith(code))
    return MadeCell(code, name, level, geojson(shape), households)


def _is_community(code: str) -> bool:
    return COMMUNITY_FROM <= code[9:12] < "200"
