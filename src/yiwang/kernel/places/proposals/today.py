"""The grid as it stands: its boundary, its micro-grids, what the same households make of them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db.models import Q, QuerySet

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.places.locate import locate_all
from yiwang.kernel.places.models import Cell, CellShape
from yiwang.kernel.places.queries import shape_of
from yiwang.kernel.places.rules import GOVERNANCE

Spot = tuple[float, float, int]  # degrees WGS-84, households


@dataclass(frozen=True, slots=True)
class Today:
    """``cells``: households by micro-grid; ``code_of``: the micro-grid of each spot, if any."""

    cells: dict[str, int]
    code_of: tuple[str, ...]
    without: int


def grid_shape(grid: str, on: date) -> CellShape:
    """The boundary of a grid in force; raises ``Refusal`` where it has none."""
    shape = shape_of(grid, on)
    if shape is None:
        raise Refusal("no_grid", Words("没有网格 {code}，或它没有边界。",
                                       "There is no cell {code}, or it has no boundary.").filled(
            code=grid[:24]), Words("先导入网格，或画出边界。", "Import it or draw it."))
    return shape


def micros_of(grid: str) -> QuerySet[Cell]:
    """Every micro-grid a grid has had, by code."""
    return Cell.objects.filter(below(grid, "code"), layer=GOVERNANCE).order_by("code")


def below(grid: str, field: str) -> Q:
    """Codes of three digits more, as a range of the index."""
    return Q(**{f"{field}__gte": f"{grid}000", f"{field}__lte": f"{grid}999"})


def standing(grid: str) -> str:
    """A digest that differs whenever the grid or a micro-grid of it was drawn, changed or ended."""
    mine = Q(cell_id=grid) | below(grid, "cell_id")
    shapes = CellShape.objects.filter(mine).order_by("pk").values_list("pk", "until")
    cells = Cell.objects.filter(Q(code=grid) | below(grid, "code")).order_by("code")
    rows = [[str(value) for value in row]
            for row in chain(shapes, cells.values_list("code", "until"))]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def as_today(grid: str, spots: Sequence[Spot], on: date) -> Today:
    """The same spots in the micro-grids of the grid on a day."""
    located = locate_all([lon for lon, _, _ in spots], [lat for _, lat, _ in spots], on=on)
    codes = tuple(one.micro if one.micro.startswith(grid) else "" for one in located)
    cells: dict[str, int] = {}
    for code, (_, _, households) in zip(codes, spots, strict=True):
        cells[code] = cells.get(code, 0) + households
    return Today(cells, codes, cells.pop("", 0))
