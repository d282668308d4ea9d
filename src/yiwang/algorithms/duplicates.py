"""How likely two reports tell of one matter: log-odds from place, time, kind and words. Pure.

A sum of few weights, as record linkage has done since Fellegi and Sunter (1969), so that each
part can be said to whoever decides. Where the weights come from and how well they do:
docs/decisions/0023-duplicates.md.
"""

from collections.abc import Set
from dataclasses import dataclass
from math import exp, log1p
from typing import Literal

Kinship = Literal["same", "related", "other"]


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds each trait adds. Fitted on reports up to 2017, rounded; see ``source``."""

    base: float = -1.5
    distance: float = -1.3  # times log(1 + metres / 10)
    lateness: float = -0.15  # times log(1 + hours)
    same_kind: float = 2.1
    related_kind: float = 0.7
    words: float = 1.75  # times the share of words in common
    silent: float = 0.75  # one of the two has no words: neither for nor against
    unplaced_metres: float = 200.0  # taken for a distance that is not known
    source: str = ("80,110 Open311 requests of one city, 2008-2020, fitted 2026-11-23; "
                   "base set by hand-read pairs, unplaced_metres own choice")

    def __post_init__(self) -> None:
        if self.distance > 0 or self.lateness > 0 or self.unplaced_metres < 0:
            raise ValueError("being further away, or later, never makes two reports more alike")


@dataclass(frozen=True, slots=True)
class Traits:
    """What two reports have in common. ``metres`` None: not known; ``words`` None: not told."""

    metres: float | None
    hours: float
    kinship: Kinship
    words: float | None


WEIGHTS = Weights()


def log_odds(traits: Traits, weights: Weights = WEIGHTS) -> float:
    """The natural logarithm of the odds that both tell of one matter."""
    metres = weights.unplaced_metres if traits.metres is None else traits.metres
    kind = {"same": weights.same_kind, "related": weights.related_kind, "other": 0.0}
    return (weights.base + weights.distance * log1p(metres / 10)
            + weights.lateness * log1p(abs(traits.hours)) + kind[traits.kinship]
            + (weights.silent if traits.words is None else weights.words * traits.words))


def likelihood(traits: Traits, weights: Weights = WEIGHTS) -> float:
    """The same as a probability, 0 to 1."""
    return 1 / (1 + exp(-log_odds(traits, weights)))


def common_share(one: Set[str], two: Set[str]) -> float | None:
    """Words in both, as a share of words in either (Jaccard); None where one side has none."""
    return len(one & two) / len(one | two) if one and two else None


def kinship(one: str, two: str) -> Kinship:
    """``GB2021/E.01.10`` and ``GB2021/E.01.13`` are related: both lie under ``GB2021/E.01``."""
    if one == two:
        return "same"
    above = one.rpartition(".")[0]
    return "related" if above and above == two.rpartition(".")[0] else "other"
