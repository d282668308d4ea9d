"""What is wrong with a set of cells: shown, with the place and the area, never mended silently."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely import validation
from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from yiwang.algorithms.words import Words

from .shapes import BrokenShape, area_m2, geojson, polygons_of, read_shape


@dataclass(frozen=True)
class Tolerances:
    """Below which size a finding is noise of digits rather than a fault. Square metres.

    Source: our reading. Coordinates kept to 7 decimals (1 cm) leave slivers of at most about
    1 m² along a kilometre of border; a stairwell, the smallest micro-grid, covers some 50 m².
    """

    overlap_m2: float = 1.0
    gap_m2: float = 1.0
    outside_m2: float = 1.0
    smallest_m2: float = 50.0

    def __post_init__(self) -> None:
        if min(self.overlap_m2, self.gap_m2, self.outside_m2, self.smallest_m2) < 0:
            raise ValueError("a tolerance is not below zero")


@dataclass(frozen=True)
class Outline:
    """A cell as it came: ``geometry`` is GeoJSON, maybe broken; ``row`` is where it stood."""

    code: str
    name: str
    geometry: Any
    layer: str = ""
    row: int = 0


@dataclass(frozen=True)
class Problem:
    """One finding. ``blocks``: the shape cannot be used; otherwise it can, with its fault."""

    code: str
    cells: tuple[str, ...]
    what: Words
    todo: Words
    geometry: dict[str, Any] | None = None
    area_m2: float | None = None
    blocks: bool = False
    rows: tuple[int, ...] = ()


@dataclass
class _Read:
    outline: Outline
    shape: BaseGeometry
    children: list["_Read"] = field(default_factory=list)


def problems(cells: Sequence[Outline], tolerances: Tolerances | None = None) -> list[Problem]:
    """Every fault of a set of cells: of each shape first, then between neighbours and parents.

    Cells of different layers may lie over one another; a parent is the cell of the same layer
    with the longest code that begins the child's. Broken shapes are left out of comparisons.
    """
    limits = tolerances or Tolerances()
    found = list(_doubled(cells))
    layers: dict[str, dict[str, _Read]] = defaultdict(dict)
    for outline in cells:
        trouble, shape = _own_trouble(outline, limits)
        found += trouble
        if shape is not None:
            layers[outline.layer].setdefault(outline.code, _Read(outline, shape))
    for read in layers.values():
        found += _between(read, limits)
    return found


def _doubled(cells: Sequence[Outline]) -> Iterator[Problem]:
    count = Counter((cell.layer, cell.code) for cell in cells)
    for (layer, code), times in count.items():
        if times > 1:
            rows = tuple(c.row for c in cells if c.code == code and c.layer == layer)
            yield Problem(
                "duplicated_code", (code,),
                Words("编码 {code} 出现 {n} 次。", "Code {code} stands {n} {n:time|times}.").filled(
                    code=code, n=times),
                Words("每个网格一个编码；请改掉多余的，或合并成一个多面。",
                      "One code for one cell: change the others, or merge them into one shape."),
                blocks=True, rows=rows,
            )


def _own_trouble(
    outline: Outline, limits: Tolerances
) -> tuple[list[Problem], BaseGeometry | None]:
    """Faults of one shape by itself, and the shape where it can be compared with others."""
    at: dict[str, Any] = {"cells": (outline.code,), "rows": (outline.row,)}
    try:
        shape = read_shape(outline.geometry)
    except BrokenShape as broken:
        return [Problem(broken.code, what=broken.what, todo=broken.todo,
                        geometry=broken.geometry, blocks=True, **at)], None
    if not shape.is_valid:
        return [_invalid(outline, shape)], None
    area = area_m2(shape)
    if area >= limits.smallest_m2:
        return [], shape
    return [Problem(
        "too_small", area_m2=area, geometry=geojson(shape), **at,
        what=Words("{name} 只有 {area} 平方米。", "{name} covers {area} m² only.").filled(
            name=outline.name or outline.code, area=f"{area:.1f}"),
        todo=Words("是不是多余的碎片，或单位不是度？",
                   "Is it a left-over sliver, or are the units not degrees?"),
    )], shape


def _invalid(outline: Outline, shape: BaseGeometry) -> Problem:
    reason = validation.explain_validity(shape)
    kind, _, rest = reason.partition("[")
    x, _, y = rest.rstrip("]").partition(" ")
    spot = geojson(Point(float(x), float(y))) if y else geojson(shape.boundary)
    crossing = "elf-intersection" in kind
    return Problem(
        "self_crossing" if crossing else "invalid", (outline.code,),
        Words("{name} 的边界自相交。", "The boundary of {name} crosses itself.").filled(
            name=outline.name or outline.code) if crossing
        else Words("{name} 的面无效：{why}。", "The shape of {name} is not valid: {why}.").filled(
            name=outline.name or outline.code, why=_VALIDITY.get(kind.strip(), Words(kind, kind))),
        Words("请在标出的位置改正后再导入。", "Correct it at the place marked, then import again."),
        geometry=spot, blocks=True, rows=(outline.row,),
    )


_VALIDITY = {
    "Hole lies outside shell": Words("洞在边界之外", "a hole lies outside the boundary"),
    "Holes are nested": Words("洞中有洞", "a hole lies within a hole"),
    "Interior is disconnected": Words("内部被切断", "the inside is cut in two"),
    "Nested shells": Words("一块套在另一块里", "one part lies within another"),
    "Duplicate Rings": Words("重复的环", "a ring is repeated"),
    "Too few points in geometry component": Words("点太少", "too few points"),
}


def _between(read: dict[str, _Read], limits: Tolerances) -> Iterator[Problem]:
    """Overlaps of siblings, children that leave their parent, gaps within a parent."""
    roots: list[_Read] = []
    for code in sorted(read):
        parent = next((read[code[:n]] for n in range(len(code) - 1, 0, -1) if code[:n] in read),
                      None)
        (parent.children if parent else roots).append(read[code])
    yield from _overlaps(roots, limits)
    yield from _holes(roots, limits)
    for cell in read.values():
        if cell.children:
            yield from _overlaps(cell.children, limits)
            yield from _outside(cell, limits)
            yield from _gaps(cell, limits)


def _overlaps(siblings: list[_Read], limits: Tolerances) -> Iterator[Problem]:
    if len(siblings) < 2:
        return
    shapes = [cell.shape for cell in siblings]
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects").T.tolist()
    for one, other in sorted(pair for pair in pairs if pair[0] < pair[1]):
        shared = shapely.intersection(shapes[one], shapes[other])
        area = area_m2(shared)
        if area > limits.overlap_m2:
            yield _overlap(siblings[one].outline, siblings[other].outline, shared, area)


def _overlap(one: Outline, other: Outline, shared: BaseGeometry, area: float) -> Problem:
    return Problem(
        "overlap", (one.code, other.code),
        Words("{one} 与 {other} 重叠 {area} 平方米。", "{one} and {other} overlap by {area} m².")
        .filled(one=one.name or one.code, other=other.name or other.code, area=_square(area)),
        Words("重叠处的点会算给编码小的；请改其中一个边界。",
              "Points there go to the smaller code; change one of the boundaries."),
        geometry=_drawable(shared), area_m2=area, rows=(one.row, other.row),
    )


def _outside(parent: _Read, limits: Tolerances) -> Iterator[Problem]:
    for child in parent.children:
        beyond = shapely.difference(child.shape, parent.shape)
        area = area_m2(beyond)
        if area > limits.outside_m2:
            yield Problem(
                "outside_parent", (child.outline.code, parent.outline.code),
                Words("{name} 有 {area} 平方米在 {parent} 之外。",
                      "{area} m² of {name} lie outside {parent}.").filled(
                    name=child.outline.name or child.outline.code, area=_square(area),
                    parent=parent.outline.name or parent.outline.code),
                Words("请改边界，或改编码归到正确的上级。",
                      "Change the boundary, or the code to that of the right parent."),
                geometry=_drawable(beyond), area_m2=area,
                rows=(child.outline.row, parent.outline.row),
            )


def _gaps(parent: _Read, limits: Tolerances) -> Iterator[Problem]:
    covered = shapely.union_all([child.shape for child in parent.children])
    yield from _gap_problems(shapely.difference(parent.shape, covered), parent.outline, limits)


def _holes(roots: list[_Read], limits: Tolerances) -> Iterator[Problem]:
    """Ground enclosed by cells without a parent, and covered by none of them."""
    if len(roots) < 2:
        return
    covered = shapely.union_all([cell.shape for cell in roots])
    own = {Polygon(ring).normalize().wkb for cell in roots
           for part in polygons_of(cell.shape) for ring in part.interiors}
    for part in polygons_of(covered):
        for ring in part.interiors:
            hole = Polygon(ring)
            if hole.normalize().wkb not in own:
                yield from _gap_problems(hole, None, limits)


def _gap_problems(
    uncovered: BaseGeometry, parent: Outline | None, limits: Tolerances
) -> Iterator[Problem]:
    for gap in polygons_of(uncovered):
        area = area_m2(gap)
        if area <= limits.gap_m2:
            continue
        where = Words("相邻网格之间", "between the cells")
        if parent:
            name = parent.name or parent.code
            where = Words(f"{name} 里", f"within {name}")
        yield Problem(
            "gap", (parent.code,) if parent else (),
            Words("{where}有 {area} 平方米不属于任何网格。",
                  "{area} m² {where} belong to no cell.").filled(where=where, area=_square(area)),
            Words("落在这里的事件找不到网格；请补上。", "An event there finds no cell; fill it."),
            geometry=geojson(gap), area_m2=area, rows=(parent.row,) if parent else (),
        )


def _drawable(shape: BaseGeometry) -> dict[str, Any]:
    parts = polygons_of(shape)
    return geojson(parts[0] if len(parts) == 1 else shapely.multipolygons(parts))


def _square(area: float) -> str:
    return f"{area:,.0f}" if area >= 10 else f"{area:.1f}"
