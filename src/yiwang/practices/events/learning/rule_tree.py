"""The fewest dispatch rules that say who handled what where. Pure.

A rule stands at a class and an area; a narrower class decides before a wider one, and within it
a narrower area (the order of kernel/cases/dispatch.py). Rules are added from the widest down,
only where the majority differs from what the wider rules already say and enough cases support
it; then every rule that makes nothing righter is taken out again.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

AREA_LENGTHS = (6, 9, 12)  # county, town, village: statistics codes


@dataclass(frozen=True, slots=True)
class RuleLearning:
    """When an exception is worth a rule; all three are our own choices.

    ``least_cases``: cases at the class and area. ``least_gain``: more of them right than without
    the rule. ``least_share``: of them handled by the team, 0–1.
    """

    least_cases: int = 5
    least_gain: int = 3
    least_share: float = 0.34

    def __post_init__(self) -> None:
        if self.least_cases < 1 or self.least_gain < 1 or not 0 < self.least_share <= 1:
            raise ValueError("least_cases and least_gain from 1, least_share above 0 up to 1")


LEARNING = RuleLearning()


class Seen(NamedTuple):
    """A class, an area and a team that handled a case of it there."""

    kind: str
    area: str
    team: str


class Node(NamedTuple):
    """Where a rule stands: a class and an area, both with everything below them."""

    kind: str
    area: str


@dataclass(frozen=True, slots=True)
class LearnedRule:
    """A rule, and what it rests on: cases at its class and area, and how many the team handled."""

    node: Node
    team: str
    cases: int
    handled: int


@dataclass(frozen=True, slots=True)
class Fit:
    """How rules do on cases: how many there are, find a rule, and get the team that had them."""

    cases: int
    covered: int
    right: int


def nodes_of(kind: str, area: str, root: str) -> list[Node]:
    """Every node a case falls to, the widest first, in the order in which rules give way."""
    areas = [area[:n] for n in AREA_LENGTHS if len(root) <= n <= len(area)] or [area]
    return [Node(above, part) for above in kinds_above(kind) for part in areas]


def kinds_above(kind: str) -> list[str]:
    """``PS/01.02.03`` → ``PS/01``, ``PS/01.02``, ``PS/01.02.03``; a bare list is itself."""
    ends = [place for place, letter in enumerate(kind) if letter == "."]
    return [*(kind[:end] for end in ends), kind]


def learn_rules(
    seen: Counter[Seen], root: str, learning: RuleLearning = LEARNING
) -> list[LearnedRule]:
    """Rules from what was seen; ``root`` is the code of the whole area. Same input, same rules."""
    places = _Places(seen, root)
    rules = _grow(places, learning)
    _prune(places, rules)
    return [_rule(node, rules[node], places) for node in sorted(rules)]


def fit_of(rules: Iterable[LearnedRule], seen: Counter[Seen], root: str) -> Fit:
    """How the rules do on ``seen``."""
    teams = {rule.node: rule.team for rule in rules}
    covered = right = 0
    for (kind, area, team), count in seen.items():
        said = _decide(nodes_of(kind, area, root), teams)
        covered += count * (said is not None)
        right += count * (said == team)
    return Fit(seen.total(), covered, right)


class _Places:
    """What was seen, by class and area, and the nodes each falls to."""

    def __init__(self, seen: Counter[Seen], root: str) -> None:
        self.teams: dict[Node, Counter[str]] = defaultdict(Counter)
        for (kind, area, team), count in sorted(seen.items()):
            self.teams[Node(kind, area)][team] += count
        self.nodes = {place: nodes_of(place.kind, place.area, root) for place in self.teams}
        self.under: dict[Node, list[Node]] = defaultdict(list)
        for place, nodes in self.nodes.items():
            for node in nodes:
                self.under[node].append(place)

    def ordered(self) -> Iterator[Node]:
        """All nodes, those first that give way to the rest."""
        return iter(sorted(self.under, key=lambda node: (node.kind.count("."), len(node.area),
                                                         node)))

    def at(self, node: Node) -> Counter[str]:
        """Who handled how many cases at a node and below it."""
        total: Counter[str] = Counter()
        for place in self.under[node]:
            total += self.teams[place]
        return total


def _grow(places: _Places, learning: RuleLearning) -> dict[Node, str]:
    rules: dict[Node, str] = {}
    said: dict[Node, str] = {}
    for node in places.ordered():
        counts = places.at(node)
        team, handled = _majority(counts)
        right = sum(places.teams[place][said[place]] for place in places.under[node]
                    if place in said)
        uncovered = any(place not in said for place in places.under[node])
        worth = (
            counts.total() >= learning.least_cases
            and handled - right >= learning.least_gain
            and handled >= learning.least_share * counts.total()
        )
        if uncovered or worth:
            rules[node] = team
            said |= dict.fromkeys(places.under[node], team)
    return rules


def _majority(counts: Counter[str]) -> tuple[str, int]:
    """The team with most cases; of equals the one whose name comes first."""
    return min(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _prune(places: _Places, rules: dict[Node, str]) -> None:
    """Take out rules, the narrowest first, as long as no case is worse off; the widest stay."""
    while True:
        spare = [node for node in reversed(list(places.ordered()))
                 if node in rules and _is_spare(node, places, rules)]
        if not spare:
            return
        for node in spare:
            if _is_spare(node, places, rules):
                del rules[node]


def _is_spare(node: Node, places: _Places, rules: Mapping[Node, str]) -> bool:
    change = 0
    for place in places.under[node]:
        nodes = places.nodes[place]
        narrower, wider = nodes[nodes.index(node) + 1 :], nodes[: nodes.index(node)]
        if _decide(narrower, rules) is not None:
            continue
        after = _decide(wider, rules)
        if after is None:
            return False
        change += places.teams[place][after] - places.teams[place][rules[node]]
    return change >= 0


def _decide(nodes: Sequence[Node], rules: Mapping[Node, str]) -> str | None:
    """The team of the narrowest rule among ``nodes``; ``None`` where none has a rule."""
    return next((rules[node] for node in reversed(nodes) if node in rules), None)


def _rule(node: Node, team: str, places: _Places) -> LearnedRule:
    counts = places.at(node)
    return LearnedRule(node, team, counts.total(), counts[team])
