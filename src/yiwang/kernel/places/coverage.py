"""The coverage and size report: every household in one micro-grid, sizes within the norm. Pure.

Warnings, never errors: the norm is somebody else's and moves.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from yiwang.algorithms.words import Words

from .rules import GRID, MICRO, VILLAGE, SizeNorms, is_community, level_of, parent_of


@dataclass(frozen=True, slots=True)
class Counted:
    """A cell as the report wants it."""

    code: str
    name: str
    households: int | None
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning: which cell, what, and a stable kind for filters and tests."""

    kind: str
    code: str
    name: str
    what: Words


@dataclass(frozen=True, slots=True)
class Homeless:
    """A household address that lies in no micro-grid."""

    row: int
    lon: float
    lat: float
    lies_in: str


@dataclass
class Report:
    """What the coverage page shows. Households are those of the micro-grids, as last reported."""

    grids: int = 0
    micros: int = 0
    households: int = 0
    uncounted: int = 0
    warnings: list[Warned] = field(default_factory=list)
    addresses: int = 0
    homeless: list[Homeless] = field(default_factory=list)

    @property
    def covered(self) -> int:
        """Addresses that lie in exactly one micro-grid."""
        return self.addresses - len(self.homeless)


def size_report(cells: Sequence[Counted], norms: SizeNorms) -> Report:
    """Sizes against the norms, sums against their parts, cells without count or boundary."""
    below: dict[str, list[Counted]] = defaultdict(list)
    for cell in cells:
        below[parent_of(cell.code)].append(cell)
    micros = [cell for cell in cells if len(cell.code) == MICRO]
    report = Report(
        grids=sum(len(cell.code) == GRID for cell in cells),
        micros=len(micros),
        households=sum(cell.households or 0 for cell in micros),
        uncounted=sum(cell.households is None for cell in micros),
    )
    villages = _village_totals(cells)
    for cell in cells:
        report.warnings += _of_cell(cell, below[cell.code], villages, norms)
    return report


def addresses_report(
    report: Report, chains: Iterable[tuple[int, float, float, tuple[str, ...]]],
    cells: Sequence[Counted],
) -> Report:
    """Household addresses located: ``(row, lon, lat, chain)``; counts per cell are compared."""
    found: Counter[str] = Counter()
    for row, lon, lat, chain in chains:
        report.addresses += 1
        deepest = chain[-1] if chain else ""
        if len(deepest) == MICRO:
            found[deepest] += 1
        else:
            report.homeless.append(Homeless(row, lon, lat, deepest))
    for cell in cells:
        if len(cell.code) == MICRO and cell.households is not None:
            report.warnings += _differs(cell, found[cell.code])
    return report


def _differs(cell: Counted, found: int) -> list[Warned]:
    if found == cell.households:
        return []
    return [Warned("count_differs", cell.code, cell.name, Words(
        f"登记 {cell.households} 户，地址落入 {found} 户。",
        f"{cell.households} households on record, {found} addresses lie within."))]


def _village_totals(cells: Iterable[Counted]) -> Counter[str]:
    totals: Counter[str] = Counter()
    for cell in cells:
        if len(cell.code) == GRID:
            totals[cell.code[:VILLAGE]] += cell.households or 0
    return totals


def _of_cell(
    cell: Counted, parts: list[Counted], villages: Counter[str], norms: SizeNorms
) -> list[Warned]:
    if len(cell.code) not in (GRID, MICRO):
        return []
    warned = []
    if not cell.drawn:
        warned.append(("no_boundary", Words(
            "没有边界，落在这里的点找不到它。", "No boundary: no point finds it.")))
    if cell.households is None:
        warned.append(("no_count", Words("没有户数。", "No household count.")))
    else:
        warned += _size(cell, cell.households, villages, norms)
    if len(cell.code) == GRID:
        warned += _parts(cell, parts)
    return [Warned(kind, cell.code, cell.name, what) for kind, what in warned]


def _size(
    cell: Counted, households: int, villages: Counter[str], norms: SizeNorms
) -> list[tuple[str, Words]]:
    low, high = norms.bounds(
        cell.code, village_households=villages[cell.code[:VILLAGE]],
        is_community=is_community(cell.code))
    if low <= households <= high:
        return []
    kind = "too_few" if households < low else "too_many"
    return [(kind, Words("{n} 户，{level}宜 {low}–{high} 户。",
                         "{n} {n:household|households}; "
                         "a {level} should hold {low}–{high}.").filled(
        n=households, low=low, high=high, level=level_of(cell.code)))]


def _parts(grid: Counted, parts: list[Counted]) -> list[tuple[str, Words]]:
    if not parts:
        return [("no_micro_grids", Words("没有划微网格。", "Not divided into micro-grids."))]
    total = sum(part.households or 0 for part in parts)
    if grid.households is None or total == grid.households:
        return []
    return [("sum_differs", Words(
        f"{grid.households} 户，所属微网格合计 {total} 户：有人没进微网格，或算了两次。",
        f"{grid.households} households, but its micro-grids sum to {total}: "
        "some are in none, or in two."))]
