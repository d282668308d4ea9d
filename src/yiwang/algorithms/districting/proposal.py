"""From addresses with households to proposed micro-grids on the map, with what can be said of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import pi

import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.algorithms.coordinates import metres_per_degree

from .ground import Ground, lay_out
from .search import Limits, divide, is_contiguous, loads, lower_bound


@dataclass(frozen=True, slots=True)
class Address:
    """A point (degrees WGS-84) and the households there; ``name`` is the building's, if any."""

    lon: float
    lat: float
    households: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A proposed micro-grid; ``shape`` in degrees, ``area`` in m², ``compactness`` by Polsby and
    Popper, 0–1.
    """

    households: int
    addresses: int
    shape: BaseGeometry
    area: float
    compactness: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Distinct spots (degrees) with what each weighs, and their ground in metres."""

    spots: tuple[tuple[float, float], ...]
    weights: tuple[int, ...]
    ground: Ground
    scale: tuple[float, float]

    def degrees(self, shape: BaseGeometry) -> BaseGeometry:
        """A shape of the ground on the globe."""
        return _scaled(shape, 1 / self.scale[0], 1 / self.scale[1])

    def shapes(self, part_of: Sequence[int]) -> list[BaseGeometry]:
        """The parts as they are drawn, in metres."""
        return [shapely.union_all([self.ground.pieces[nth] for nth, part in enumerate(part_of)
                                   if part == number]) for number in range(max(part_of) + 1)]

    def parts(self, part_of: Sequence[int]) -> tuple[Part, ...]:
        """The parts with what is told of them; addresses are spots."""
        held = loads(part_of, self.weights, max(part_of) + 1)
        return tuple(Part(held[number], part_of.count(number), self.degrees(shape),
                          float(shape.area), compactness(shape))
                     for number, shape in enumerate(self.shapes(part_of)))


@dataclass(frozen=True, slots=True)
class Proposal:
    """``part_of`` by address; ``least`` is what the heaviest part of any division weighs."""

    part_of: tuple[int, ...]
    parts: tuple[Part, ...]
    least: int
    contiguous: bool

    @property
    def heaviest(self) -> int:
        return max(part.households for part in self.parts)

    @property
    def balance(self) -> float:
        """The heaviest part over the even share."""
        return balance([part.households for part in self.parts])


def balance(loads: Sequence[int]) -> float:
    """The heaviest over the mean; 1 is even, and so is nothing."""
    return max(loads) * len(loads) / sum(loads) if sum(loads) else 1.0


def gathered(addresses: Sequence[Address]) -> dict[tuple[float, float], int]:
    """Households by spot, from west to east: addresses at one point are one."""
    weights = {(one.lon, one.lat): 0 for one in addresses}
    for one in addresses:
        weights[one.lon, one.lat] += one.households
    return dict(sorted(weights.items()))


def plotted(weights: Mapping[tuple[float, float], int],
            boundary: BaseGeometry | None = None) -> Plot:
    """The ground of the spots; ``boundary`` in degrees. Raises ``ValueError``."""
    spots = tuple(weights)
    scale = metres_per_degree(sum(lat for _, lat in spots) / len(spots))
    ground = lay_out([(lon * scale[0], lat * scale[1]) for lon, lat in spots],
                     None if boundary is None else _scaled(boundary, *scale))
    return Plot(spots, tuple(weights.values()), ground, scale)


def propose(
    addresses: Sequence[Address], parts: int, *, boundary: BaseGeometry | None = None,
    seed: int = 1, limits: Limits | None = None,
) -> Proposal:
    """Addresses at one point stay together. ``boundary`` in degrees; raises ``ValueError``."""
    plot = plotted(gathered(addresses), boundary)
    found = divide(plot.weights, plot.ground.neighbours, parts, seed=seed, limits=limits)
    place = {spot: nth for nth, spot in enumerate(plot.spots)}
    part_of = tuple(found.part_of[place[one.lon, one.lat]] for one in addresses)
    drawn = tuple(replace(part, addresses=part_of.count(number))
                  for number, part in enumerate(plot.parts(found.part_of)))
    return Proposal(part_of, drawn, lower_bound(plot.weights, parts),
                    proven(found.part_of, plot.ground, [part.shape for part in drawn]))


def proven(part_of: Sequence[int], ground: Ground, shapes: Sequence[BaseGeometry]) -> bool:
    """Whether every part hangs together, by its neighbours and as it is drawn."""
    drawn = all(shape.geom_type == "Polygon" for shape in shapes)
    return drawn and is_contiguous(part_of, ground.neighbours)


def compactness(shape: BaseGeometry) -> float:
    """4π·area / perimeter² (Polsby and Popper, 1991): 1 for a circle."""
    return float(4 * pi * shape.area / shape.length**2) if shape.length else 0.0


def _scaled(shape: BaseGeometry, east: float, north: float) -> BaseGeometry:
    return shapely.transform(shape, lambda spots: spots * (east, north))


def moved(before: Sequence[str], after: Sequence[int], households: Sequence[int]) -> int:
    """Households that change their cell when each new part takes the place of the old cell it
    shares most with; greedy, the largest share first. No cell before: it moves.
    """
    shared: dict[tuple[str, int], int] = {}
    for old, new, weight in zip(before, after, households, strict=True):
        if old:
            shared[old, new] = shared.get((old, new), 0) + weight
    stay, olds, news = 0, set[str](), set[int]()
    for (old, new), weight in sorted(shared.items(), key=lambda one: (-one[1], one[0])):
        if old not in olds and new not in news:
            stay += weight
            olds.add(old)
            news.add(new)
    return sum(households) - stay
