"""A point moved by hand from its part to the next: what follows, and what forbids it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .search import Neighbours, loads, reached

Fault = Literal["", "same", "last", "apart", "far"]


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a move leaves: households by part, and why it may not be (empty: it may).

    ``same``: it is there already; ``last``: its part would be empty; ``apart``: its part would
    fall into pieces; ``far``: it does not touch the other part.
    """

    point: int
    here: int
    there: int
    loads: tuple[int, ...]
    heaviest_before: int
    fault: Fault

    @property
    def heaviest(self) -> int:
        return max(self.loads)


def consequence(part_of: Sequence[int], weights: Sequence[int], neighbours: Neighbours,
                point: int, there: int) -> Consequence:
    """What moving ``point`` into part ``there`` would do. Pure: nothing moves."""
    here = part_of[point]
    before = loads(part_of, weights, max(part_of) + 1)
    after = list(before)
    after[here] -= weights[point]
    after[there] += weights[point]
    return Consequence(point, here, there, tuple(after), max(before),
                       _fault(part_of, neighbours, point, there))


def _fault(part_of: Sequence[int], neighbours: Neighbours, point: int, there: int) -> Fault:
    here = part_of[point]
    left = {one for one, part in enumerate(part_of) if part == here} - {point}
    if here == there:
        return "same"
    if not left:
        return "last"
    if all(part_of[one] != there for one in neighbours[point]):
        return "far"
    return "" if len(reached(min(left), left, neighbours)) == len(left) else "apart"


def choices(part_of: Sequence[int], weights: Sequence[int], neighbours: Neighbours,
            point: int) -> list[Consequence]:
    """Every part that the point touches, with what moving it there would do."""
    touched = {part_of[one] for one in neighbours[point]} - {part_of[point]}
    return [consequence(part_of, weights, neighbours, point, there) for there in sorted(touched)]


def at_borders(part_of: Sequence[int], neighbours: Neighbours) -> list[int]:
    """The points that touch another part: the ones a hand may move."""
    return [point for point, part in enumerate(part_of)
            if any(part_of[one] != part for one in neighbours[point])]
