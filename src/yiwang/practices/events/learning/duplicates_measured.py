"""How well duplicates are found, measured on requests whose repeats are named in their notes.

For each request of the newest third that came after another of its matter: is the other one
among those shown? The older two thirds are what the weights were fitted on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from math import sqrt

from yiwang.algorithms.coordinates import distance_m
from yiwang.algorithms.duplicates import Traits, common_share, kinship, log_odds
from yiwang.kernel.cases.duplicates import BOUNDS
from yiwang.kernel.cases.squares import squares_around

from .named_repeats import Truth, earlier_siblings
from .requests_file import Request

NEWEST = 3  # the newest one of so many parts is held out
RULE_METRES, RULE_DAYS = 50.0, 7
PRECISIONS = (0.9, 0.8, 0.5, 0.2, 0.1)
Score = Callable[[Request, Request], float]


@dataclass(frozen=True, slots=True)
class Share:
    """Hits of cases, with the 95 % interval of Wilson."""

    hits: int
    of: int

    def as_json(self) -> dict[str, float | int | None]:
        """Share, interval, and the counts behind them; None where nothing was counted."""
        if not self.of:
            return {"share": None, "low": None, "high": None, "hits": 0, "of": 0}
        share, spread = self.hits / self.of, 1.96**2 / self.of
        middle = (share + spread / 2) / (1 + spread)
        half = sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
        return {"share": round(share, 4), "low": round(middle - half, 4),
                "high": round(middle + half, 4), "hits": self.hits, "of": self.of}


@dataclass(frozen=True, slots=True)
class Asked:
    """One request with what would be shown, likeliest first, and what it really repeats."""

    request: Request
    shown: tuple[tuple[float, str], ...]
    truth: frozenset[str]
    unknown: bool


def traits(one: Request, two: Request, *, words: bool = True) -> Traits:
    """Two requests as the scorer takes them."""
    return Traits(distance_m(one.point, two.point), (one.at - two.at).total_seconds() / 3600,
                  kinship(one.kind, two.kind),
                  common_share(one.words, two.words) if words else None)


def _by_rule(one: Request, two: Request) -> float:
    met = traits(one, two)
    near = met.metres is not None and met.metres <= RULE_METRES and met.kinship == "same"
    return -(met.metres or 0) if near and met.hours <= RULE_DAYS * 24 else float("-inf")


METHODS: dict[str, Score] = {
    "scorer": lambda one, two: log_odds(traits(one, two)),
    "without_words": lambda one, two: log_odds(traits(one, two, words=False)),
    "rule_50m_7d": _by_rule,
    "nearest": lambda one, two: -distance_m(one.point, two.point),
}


def measure(requests: Sequence[Request], truth: Truth) -> dict[str, object]:
    """All figures of the newest third, by method; plain data."""
    begin = len(requests) - len(requests) // NEWEST
    repeats = earlier_siblings(requests, truth.group)
    pairs = list(_candidates(requests, begin))
    return {
        "since": requests[begin].at.date().isoformat() if begin < len(requests) else None,
        "reports": len(requests) - begin,
        "repeats": sum(one.id in repeats for one in requests[begin:]),
        "candidates": sum(len(near) for _, near in pairs),
        "methods": {name: _figures(list(map(partial(
            _asked, score=score, repeats=repeats, truth=truth), pairs)))
            for name, score in METHODS.items()},
    }


def _candidates(
    requests: Sequence[Request], begin: int
) -> Iterator[tuple[Request, list[Request]]]:
    """Each request from ``begin`` on, with the earlier ones near it that were open then."""
    squares: defaultdict[tuple[int, int], list[Request]] = defaultdict(list)
    for place, one in enumerate(requests):
        if place >= begin:
            yield one, [two for square in squares_around(one.point, BOUNDS.metres)
                        for two in squares[square] if _stands(two, one)]
        squares[next(squares_around(one.point, 0))].append(one)


def _stands(two: Request, one: Request) -> bool:
    open_then = two.closed is None or two.closed >= one.at
    recent = one.at - two.at <= timedelta(days=BOUNDS.back.days)
    return open_then and recent and distance_m(one.point, two.point) <= BOUNDS.metres


def _asked(pair: tuple[Request, list[Request]], *, score: Score, repeats: dict[str, set[str]],
           truth: Truth) -> Asked:
    one, near = pair
    scored = sorted(((score(one, two), two.id) for two in near), reverse=True)
    shown = tuple(found for found in scored if found[0] > float("-inf"))
    return Asked(one, shown, frozenset(repeats.get(one.id, ())), one.id in truth.unknown)


def _figures(asked: list[Asked]) -> dict[str, object]:
    repeating = [one for one in asked if one.truth]
    judged = [one for one in asked if not one.unknown]
    return {
        "recall_at": {most: _within(repeating, most).as_json() for most in (1, 3, 5)},
        "first_is_named": Share(_within(repeating, 1).hits,
                                sum(bool(one.shown) for one in repeating)).as_json(),
        "named_only": _curve(repeating, len(repeating)),
        "all_reports": _curve(judged, len(repeating)),
    }


def _within(asked: list[Asked], most: int) -> Share:
    hits = sum(any(name in one.truth for _, name in one.shown[:most]) for one in asked)
    return Share(hits, len(asked))


def _curve(asked: list[Asked], repeats: int) -> dict[str, object]:
    """The most that is found at each precision of the first one shown."""
    firsts = sorted(((*one.shown[0], one.truth) for one in asked if one.shown),
                    key=lambda first: -first[0])
    best: dict[str, object] = {}
    hits = 0
    for place, (score, name, named) in enumerate(firsts, start=1):
        hits += name in named
        tied = place < len(firsts) and firsts[place][0] == score
        for precision in () if tied else PRECISIONS:
            if hits >= precision * place and hits:
                best[f"{precision:.0%}"] = {"recall": Share(hits, repeats).as_json(),
                                            "asked": place, "score": round(score, 3)}
    return best
