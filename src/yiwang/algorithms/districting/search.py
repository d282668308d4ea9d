"""A division of a graph into contiguous parts of even weight: METIS begins, annealing improves.

Start: G. Karypis, V. Kumar, METIS 5 (k-way, contiguous). Data in, result out: the same seed and
number of tries give the same division; the clock can only end the search earlier.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import exp
from time import monotonic

Neighbours = Sequence[Sequence[int]]
LOOK = 256  # tries between two looks at the clock


@dataclass(frozen=True, slots=True)
class Limits:
    """When the search ends, and how it weighs (own choice). ``heat`` and ``border`` (one
    neighbourhood cut) are in units of the unevenness that moving a point of mean weight makes
    between two even parts.
    """

    seconds: float = 10.0
    tries: int = 200_000
    border: float = 0.5
    heat: float = 1.5

    def __post_init__(self) -> None:
        if self.seconds <= 0 or self.tries < 0 or self.border < 0 or self.heat <= 0:
            raise ValueError("limits are positive")


@dataclass(frozen=True, slots=True)
class Division:
    """Which part each point is in (from 0), and what the parts weigh."""

    part_of: tuple[int, ...]
    loads: tuple[int, ...]

    @property
    def balance(self) -> float:
        """The heaviest part over the even share; 1 is even."""
        return max(self.loads) * len(self.loads) / (sum(self.loads) or 1)


def lower_bound(weights: Sequence[int], parts: int) -> int:
    """What the heaviest part of any division weighs at least: an even share rounded up, or the
    heaviest point, or, with more points than parts, the two lightest of the heaviest parts + 1.
    """
    heaviest = sorted(weights, reverse=True)
    paired = heaviest[parts - 1] + heaviest[parts] if len(heaviest) > parts else 0
    return max(-(-sum(weights) // parts), heaviest[0], paired)


def divide(
    weights: Sequence[int], neighbours: Neighbours, parts: int, *, seed: int = 1,
    limits: Limits | None = None,
) -> Division:
    """Contiguous, non-empty parts. Raises ``ValueError`` where no such division is."""
    if not 1 <= parts <= len(weights):
        raise ValueError("as many parts as points at most, and one at least")
    if len(reached(0, range(len(weights)), neighbours)) < len(weights):
        raise ValueError("the ground is not in one piece")
    search = _Search(list(weights), neighbours, _begin(weights, neighbours, parts, seed), parts)
    search.improve(random.Random(seed), limits or Limits())
    return Division(tuple(search.best), tuple(loads(search.best, weights, parts)))


def reached(start: int, among: Iterable[int], neighbours: Neighbours) -> set[int]:
    """The points that can be reached from ``start`` without leaving ``among``."""
    inside = among if isinstance(among, set) else set(among)
    found, waiting = {start}, [start]
    while waiting:
        fresh = [one for one in neighbours[waiting.pop()] if one in inside and one not in found]
        found.update(fresh)
        waiting += fresh
    return found


def is_contiguous(part_of: Sequence[int], neighbours: Neighbours) -> bool:
    """Whether every part hangs together."""
    members: dict[int, list[int]] = {}
    for point, part in enumerate(part_of):
        members.setdefault(part, []).append(point)
    return all(len(reached(some[0], some, neighbours)) == len(some) for some in members.values())


def _begin(weights: Sequence[int], neighbours: Neighbours, parts: int, seed: int) -> list[int]:
    """METIS's division where it is contiguous and has all parts, else one grown from far points."""
    if parts == 1:
        return [0] * len(weights)
    import pymetis

    options = pymetis.Options(contig=1, seed=seed)
    _, found = pymetis.part_graph(
        parts, adjacency=[list(some) for some in neighbours], recursive=False,
        vweights=[max(weight, 1) for weight in weights], options=options)
    begun = [int(part) for part in found]
    good = len(set(begun)) == parts and is_contiguous(begun, neighbours)
    return begun if good else _grown(weights, neighbours, parts, seed)


def _grown(weights: Sequence[int], neighbours: Neighbours, parts: int, seed: int) -> list[int]:
    """Parts grown point by point, the lightest that still can grow first."""
    chance = random.Random(seed)
    part_of = [-1] * len(weights)
    loads = [0] * parts
    for part, point in enumerate(chance.sample(range(len(weights)), parts)):
        part_of[point], loads[part] = part, weights[point]
    left = len(weights) - parts
    while left:
        edges = [(loads[part_of[at]], part_of[at], free) for at in range(len(weights))
                 if part_of[at] >= 0 for free in neighbours[at] if part_of[free] < 0]
        _, part, point = min(edges)
        part_of[point] = part
        loads[part] += weights[point]
        left -= 1
    return part_of


def loads(part_of: Sequence[int], weights: Sequence[int], parts: int) -> list[int]:
    """What each part weighs."""
    held = [0] * parts
    for point, part in enumerate(part_of):
        held[part] += weights[point]
    return held


@dataclass
class _Search:
    """A division being improved by moving one point at a time over a border."""

    weights: list[int]
    neighbours: Neighbours
    part_of: list[int]
    parts: int
    best: list[int] = field(default_factory=list)
    members: list[set[int]] = field(default_factory=list)

    def improve(self, chance: random.Random, limits: Limits) -> None:
        """Anneal; of the divisions met the evenest is kept, of these the one with least border."""
        held = loads(self.part_of, self.weights, self.parts)
        self.members = [set() for _ in held]
        for point, part in enumerate(self.part_of):
            self.members[part].add(point)
        self.best, best = list(self.part_of), (max(held), self._cut())
        ends = monotonic() + limits.seconds
        unit = 2 * (self.parts / len(self.weights)) ** 2
        for turn in range(limits.tries):
            if turn % LOOK == 0 and monotonic() > ends:
                break
            heat = unit * limits.heat * (1 - turn / limits.tries)
            if not self._try(chance, held, heat, unit * limits.border) or max(held) > best[0]:
                continue
            now = max(held), self._cut()
            if now < best:
                self.best, best = list(self.part_of), now

    def _cut(self) -> int:
        """How many neighbours are in another part, each pair counted twice."""
        return sum(self.part_of[other] != part for point, part in enumerate(self.part_of)
                   for other in self.neighbours[point])

    def _try(self, chance: random.Random, loads: list[int], heat: float, border: float) -> bool:
        """Move a random point over a random border, if that is lawful and worth it."""
        point = chance.randrange(len(self.part_of))
        here = self.part_of[point]
        there = self.part_of[chance.choice(self.neighbours[point])] if (
            self.neighbours[point]) else here
        if here == there or len(self.members[here]) == 1:
            return False
        cost = self._cost(point, here, there, loads, border)
        if cost > 0 and chance.random() >= exp(-cost / max(heat, 1e-9)):
            return False
        if not self._holds_without(point, here):
            return False
        self.part_of[point] = there
        loads[here] -= self.weights[point]
        loads[there] += self.weights[point]
        self.members[here].remove(point)
        self.members[there].add(point)
        return True

    def _cost(self, point: int, here: int, there: int, loads: list[int], border: float) -> float:
        """What the move adds: unevenness in squares of the even share, and border."""
        ideal = sum(loads) / self.parts or 1
        weight = self.weights[point]
        uneven = 2 * weight * (loads[there] - loads[here] + weight) / ideal**2
        sides = [self.part_of[other] for other in self.neighbours[point]]
        return uneven + border * (sides.count(here) - sides.count(there))

    def _holds_without(self, point: int, part: int) -> bool:
        """Whether the part hangs together when the point leaves it."""
        sides = [other for other in self.neighbours[point] if self.part_of[other] == part]
        if len(sides) < 2:
            return bool(sides)
        self.members[part].remove(point)
        found = reached(sides[0], self.members[part], self.neighbours)
        self.members[part].add(point)
        return found.issuperset(sides)
