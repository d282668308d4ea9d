"""Reads of places: kinds and powers of a unit on a day, shapes in force, the tree of cells."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from yiwang.algorithms.polygons import Outline

from .locate import valid_on
from .models import Cell, CellShape, Power, Unit, UnitType
from .rules import GOVERNANCE, VILLAGE, parent_of


def unit_kind(unit_code: str, on: date) -> str:
    """What kind of unit it was on the day (``UnitType.Kind``); empty where nothing is recorded."""
    kinds = UnitType.objects.filter(valid_on(on), unit_id=unit_code).order_by("-since")
    return kinds.values_list("kind", flat=True).first() or ""


def has_power(unit_code: str, power: str, on: date) -> bool:
    """Whether the unit may do this in its own name on the day: by its kind then, or by its own
    entry of the power list (a 街道 is no 镇: 城乡规划法 §65 names the latter alone)."""
    own = Q(unit_id=unit_code)
    kind = unit_kind(unit_code, on)
    holders = own | Q(unit_kind=kind) if kind else own
    return Power.objects.filter(valid_on(on), holders, code=power).exists()


def names_above(unit_code: str) -> list[str]:
    """Names, in both languages, of a unit and of those it lies in; by one look along the key."""
    codes = [unit_code[:size] for size in (6, 9, 12) if len(unit_code) >= size]
    found = Unit.objects.filter(code__in=codes).values_list("name", "name_en")
    return [name for pair in found for name in pair if name]


@dataclass(frozen=True, slots=True)
class CellLine:
    """A line of the cells' tree: the cell, how deep it stands, whether it has a boundary."""

    cell: Cell
    depth: int
    drawn: bool
    illustrative: bool


def cells_of(layer: str, scope: Q, on: date) -> QuerySet[Cell]:
    """Cells of a layer on a day, by code; ``scope`` is the reader's filter over ``code``."""
    return Cell.objects.filter(valid_on(on), scope, layer=layer).order_by("code")


def lines(cells: Sequence[Cell], on: date) -> list[CellLine]:
    """Cells with what a tree shows of them; one query more for their shapes."""
    codes = [cell.code for cell in cells]
    shapes = dict(CellShape.objects.filter(valid_on(on), cell_id__in=codes)
                  .values_list("cell_id", "illustrative"))
    known = set(codes)
    return [
        CellLine(cell, _depth(cell.code, known), cell.code in shapes,
                 shapes.get(cell.code, False))
        for cell in cells
    ]


def _depth(code: str, known: set[str]) -> int:
    return sum(1 for size in range(1, len(code)) if code[:size] in known)


def shapes_on(layer: str, scope: Q, on: date) -> QuerySet[CellShape]:
    """Boundaries in force on a day, with their cells; ``scope`` is a filter over ``cell_id``."""
    return (
        CellShape.objects.filter(valid_on(on), scope, cell__layer=layer)
        .select_related("cell").order_by("cell_id")
    )


def outlines_on(layer: str, scope: Q, on: date) -> list[Outline]:
    """The same as the checker wants them."""
    return [Outline(shape.cell_id, shape.cell.name, shape.geometry, layer)
            for shape in shapes_on(layer, scope, on)]


def shape_of(cell_code: str, on: date) -> CellShape | None:
    """The boundary of a cell in force on a day."""
    return CellShape.objects.filter(valid_on(on), cell_id=cell_code).order_by("-id").first()


def versions_of(cell_code: str) -> QuerySet[CellShape]:
    """Every boundary a cell has had, the newest first."""
    return CellShape.objects.filter(cell_id=cell_code).order_by("-since", "-id")


def has_parent(code: str, layer: str, also: set[str] | None = None) -> bool:
    """Whether what a code continues is known: a unit, a cell, or one of ``also``."""
    above = parent_of(code) if layer == GOVERNANCE else ""
    if not above or above in (also or set()):
        return True
    is_unit = len(above) <= VILLAGE and Unit.objects.filter(code=above).exists()
    return is_unit or Cell.objects.filter(code=above, layer=layer).exists()


def known_parents(codes: Iterable[str], layer: str) -> set[str]:
    """Which of the codes' parents are units or cells; two queries for any number."""
    wanted = {parent_of(code) for code in codes} - {""}
    units = Unit.objects.filter(code__in=wanted).values_list("code", flat=True)
    cells = Cell.objects.filter(code__in=wanted, layer=layer).values_list("code", flat=True)
    return {*units, *cells}
