"""Scores of suggestions: how often right, how sure that is, and whether the odds are true. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from yiwang.algorithms.owners import Odds

NORMAL_95 = 1.96  # standard deviations either side that hold 95 % of a normal distribution
BINS = 10
MOST = 3  # suggestions a dispatcher sees


@dataclass(frozen=True, slots=True)
class Share:
    """A share of cases (0–1) and its 95 % interval by Wilson's score."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases whose first suggestion had odds in a tenth: mean odds, and the share it was right."""

    cases: int
    odds: float
    right: float


@dataclass(frozen=True, slots=True)
class Score:
    """A method: top-1 and top-3, calibration of its odds, and seconds to learn and answer."""

    method: str
    first: Share
    among_three: Share
    bins: tuple[Bin, ...]
    calibration_error: float
    seconds: float


def scored(
    method: str, told: Sequence[Sequence[Odds]], truth: Sequence[str], seconds: float
) -> Score:
    """How a method did on cases whose owner is known."""
    first = [bool(odds) and odds[0].owner == owner
             for odds, owner in zip(told, truth, strict=True)]
    three = [owner in {one.owner for one in odds[:MOST]}
             for odds, owner in zip(told, truth, strict=True)]
    bins = _bins([odds[0].odds if odds else 0.0 for odds in told], first)
    error = sum(one.cases * abs(one.odds - one.right) for one in bins) / len(truth)
    return Score(method, wilson(sum(first), len(first)), wilson(sum(three), len(three)),
                 bins, error, seconds)


def wilson(right: int, cases: int) -> Share:
    """The share and its interval (E. B. Wilson, 1927)."""
    share, squared = right / cases, NORMAL_95**2
    middle = (share + squared / (2 * cases)) / (1 + squared / cases)
    reach = NORMAL_95 * sqrt(share * (1 - share) / cases + squared / (4 * cases**2))
    reach /= 1 + squared / cases
    return Share(share, middle - reach, middle + reach)


def _bins(odds: Sequence[float], right: Sequence[bool]) -> tuple[Bin, ...]:
    parts: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for chance, hit in zip(odds, right, strict=True):
        parts[min(int(chance * BINS), BINS - 1)].append((chance, hit))
    return tuple(
        Bin(len(part), sum(chance for chance, _ in part) / len(part),
            sum(hit for _, hit in part) / len(part))
        for part in parts if part
    )
