"""From addresses with households to proposed micro-grids on the map, with what can be said of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import pi

import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.algorithms.coordinates import metres_per_degree

from .ground import Ground, lay_out
from .search import Division, Limits, divide, is_contiguous, lower_bound


@dataclass(frozen=True, slots=True)
class Address:
    """A point (degrees WGS-84) and the households there; ``name`` is the building's, if any."""

    lon: float
    lat: float
    households: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A proposed micro-grid; ``shape`` in degrees, ``compactness`` by Polsby and Popper, 0–1."""

    households: int
    addresses: int
    shape: BaseGeometry
    compactness: float


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


def propose(
    addresses: Sequence[Address], parts: int, *, boundary: BaseGeometry | None = None,
    seed: int = 1, limits: Limits | None = None,
) -> Proposal:
    """Addresses at one point stay together. ``boundary`` in degrees; raises ``ValueError``."""
    spots = sorted({(one.lon, one.lat) for one in addresses})
    place = {spot: nth for nth, spot in enumerate(spots)}
    weights = [0] * len(spots)
    for one in addresses:
        weights[place[one.lon, one.lat]] += one.households
    east, north = metres_per_degree(sum(lat for _, lat in spots) / len(spots))
    ground = lay_out([(lon * east, lat * north) for lon, lat in spots],
                     None if boundary is None else _scaled(boundary, east, north))
    found = divide(weights, ground.neighbours, parts, seed=seed, limits=limits)
    part_of = tuple(found.part_of[place[one.lon, one.lat]] for one in addresses)
    shapes = [shapely.union_all([ground.pieces[nth] for nth, part in enumerate(found.part_of)
                                 if part == number]) for number in range(parts)]
    return Proposal(
        part_of,
        tuple(Part(found.loads[number], part_of.count(number),
                   _scaled(shape, 1 / east, 1 / north), compactness(shape))
              for number, shape in enumerate(shapes)),
        lower_bound(weights, parts), proven(found, ground, shapes))


def proven(found: Division, ground: Ground, shapes: Sequence[BaseGeometry]) -> bool:
    """Whether every part hangs together, by its neighbours and as it is drawn."""
    drawn = all(shape.geom_type == "Polygon" for shape in shapes)
    return drawn and is_contiguous(found.part_of, ground.neighbours)


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
