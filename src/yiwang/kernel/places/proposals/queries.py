"""What a proposal looks like beside the grid as it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from yiwang.algorithms.districting.colouring import coloured, touching
from yiwang.algorithms.districting.moving import Consequence, at_borders, choices
from yiwang.algorithms.districting.proposal import Part, Plot, balance, moved
from yiwang.algorithms.districting.search import lower_bound
from yiwang.algorithms.polygons import area_m2, read_shape
from yiwang.kernel.places.models import CellShape, GridProposal
from yiwang.kernel.places.queries import shapes_on
from yiwang.kernel.places.rules import GOVERNANCE

from .adopting import is_stale
from .plots import plot_of
from .today import Today, as_today, below


@dataclass(frozen=True, slots=True)
class Beside:
    """A micro-grid of today: households by the proposal's own count, ground in m²."""

    shape: CellShape
    households: int
    area: float


@dataclass(frozen=True)
class Sight:
    """A proposal as its page shows it, on a day."""

    proposal: GridProposal
    plot: Plot
    parts: tuple[Part, ...]
    today: Today
    beside: tuple[Beside, ...]
    is_stale: bool

    @property
    def loads(self) -> list[int]:
        return [part.households for part in self.parts]

    @property
    def balance(self) -> float:
        return balance(self.loads)

    @property
    def balance_today(self) -> float:
        """Of micro-grids with a boundary, those without a household too; 1 where there is none."""
        return balance([one.households for one in self.beside]) if self.beside else 1.0

    @property
    def bound(self) -> int:
        """No division's heaviest part is below it."""
        return lower_bound(self.plot.weights, len(self.parts))

    @cached_property
    def changing(self) -> int:
        """Households that would be in another micro-grid."""
        return moved(self.today.code_of, self.proposal.part_of, self.plot.weights)

    @cached_property
    def colours(self) -> list[int]:
        """A number for each part; parts that touch differ."""
        return coloured(touching(self.proposal.part_of, self.plot.ground.neighbours))

    @cached_property
    def movable(self) -> list[int]:
        """The spots beside another part."""
        return at_borders(self.proposal.part_of, self.plot.ground.neighbours)

    def choices(self, spot: int) -> list[Consequence]:
        """Where a spot may go, with what follows."""
        return choices(self.proposal.part_of, self.plot.weights, self.plot.ground.neighbours, spot)


def sight_of(proposal: GridProposal, on: date) -> Sight:
    """A handful of queries, whatever the number of spots."""
    plot = plot_of(proposal)
    spots = [(lon, lat, households) for lon, lat, households in proposal.spots]
    today = as_today(proposal.grid_id, spots, on)
    shapes = shapes_on(GOVERNANCE, below(proposal.grid_id, "cell_id"), on)
    return Sight(proposal, plot, plot.parts(proposal.part_of), today, _beside(shapes, today),
                 is_stale(proposal))


def _beside(shapes: Iterable[CellShape], today: Today) -> tuple[Beside, ...]:
    return tuple(Beside(shape, today.cells.get(shape.cell_id, 0),
                        area_m2(read_shape(shape.geometry))) for shape in shapes)
