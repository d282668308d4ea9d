"""How well the unit is suggested: on a random fifth and on the latest, beside plain baselines.

A suggestion sees what is known at the moment of dispatch (class, place, source, nature, day) and
the cases of the other four fifths. In the random fifth these lie before and after a case's day,
for every method; in the latest fifth only before it.
"""

import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from yiwang.algorithms.owners import Ground, History, Odds, Seen, learn
from yiwang.algorithms.owners.features import FORMS, SETS, Fields, key_of
from yiwang.algorithms.owners.mixing import odds_of
from yiwang.algorithms.owners.tables import Fading, Weights, added

from .baselines import (
    by_logistic_regression,
    by_logistic_regression_and_month,
    by_majority,
)
from .scores import Score, scored

FIFTH = 5
Method = Callable[[Sequence[Seen], Sequence[Seen]], list[list[Odds]] | None]


@dataclass(frozen=True, slots=True)
class Split:
    """One split: sizes, the share of asked cases whose unit was ever learned, and the scores.

    ``missing`` names the methods that are not installed.
    """

    name: str
    learned: int
    asked: int
    ceiling: float
    scores: tuple[Score, ...]
    missing: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


def trial(cases: Sequence[Seen], seed: int) -> list[Split]:
    """Both splits. ``cases`` in the order of time; the same seed, the same answer."""
    size = len(cases) // FIFTH
    drawn = set(random.Random(seed).sample(range(len(cases)), size))  # noqa: S311  no secret
    return [
        _split("random", [case for at, case in enumerate(cases) if at not in drawn],
               [cases[at] for at in sorted(drawn)]),
        _split("latest", cases[:len(cases) - size], cases[len(cases) - size:]),
    ]


def _split(name: str, learned: Sequence[Seen], asked: Sequence[Seen]) -> Split:
    known = {case.owner for case in learned}
    truth = [case.owner for case in asked]
    scores, missing = [], []
    for method, foretell in METHODS:
        begins = time.perf_counter()
        told = foretell(learned, [case._replace(owner="") for case in asked])
        if told is None:
            missing.append(method)
        else:
            scores.append(scored(method, told, truth, time.perf_counter() - begins))
    return Split(name, len(learned), len(asked),
                 sum(owner in known for owner in truth) / len(truth), tuple(scores),
                 tuple(missing))


def by_history(learned: Sequence[Seen], asked: Sequence[Seen]) -> list[list[Odds]]:
    """Ours: what was learned, as it stands on each case's own day."""
    history = learn(learned)
    before = _grounds(learned, asked, later=False)
    after = _grounds(learned, asked, later=True)
    return [_asked(case, history, one, other)
            for case, one, other in zip(asked, before, after, strict=True)]


def _asked(case: Seen, history: History, one: "_Counts", other: "_Counts") -> list[Odds]:
    ground = Ground(lambda key: added(one.bases[key], other.bases[key]),
                    lambda key: added(one.forms[key], other.forms[key]))
    return odds_of(case, ground, history.known, history.weights)


@dataclass(frozen=True, slots=True)
class _Counts:
    """The counts of one case's contexts on its day."""

    bases: dict[str, Weights]
    forms: dict[str, Weights]


def _grounds(learned: Sequence[Seen], asked: Sequence[Seen], *, later: bool) -> list[_Counts]:
    """For each case asked, the counts of the cases up to its day, or of those after it.

    A case after the last one learned is asked as of that day, as at the desk.
    """
    last = max(case.day for case in learned)
    taught, wanted = _by_day(learned, last), _by_day(asked, last)
    history, found = History(), {}
    for day in sorted(taught.keys() | wanted.keys(), reverse=later):
        if not later:
            _teach(history, learned, taught[day])
        for at in wanted[day]:
            found[at] = _Counts(_copied(history.bases, SETS, asked[at], day),
                                _copied(history.forms, FORMS, asked[at], day))
        if later:
            _teach(history, learned, taught[day])
    return [found[at] for at in range(len(asked))]


def _by_day(cases: Sequence[Seen], last: int) -> defaultdict[int, list[int]]:
    found: defaultdict[int, list[int]] = defaultdict(list)
    for at, case in enumerate(cases):
        found[min(case.day, last)].append(at)
    return found


def _teach(history: History, learned: Sequence[Seen], which: Sequence[int]) -> None:
    for at in which:
        history.add(learned[at])


def _copied(counts: Fading, sets: Sequence[Fields], case: Seen, day: int) -> dict[str, Weights]:
    keys = [key_of(fields, case) for fields in sets]
    return {key: {label: list(weights) for label, weights in counts.at(key, day).items()}
            for key in keys}


METHODS: tuple[tuple[str, Method], ...] = (
    ("history", by_history), ("majority", by_majority),
    ("logistic", by_logistic_regression), ("logistic_month", by_logistic_regression_and_month),
)
