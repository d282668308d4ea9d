"""Learning from cases in the order of their days, and what was learned, as plain data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from .features import FORMS, REASONS, SETS, Seen, key_of
from .mixing import EXPERTS, FORM_HALVES, HALVES, Ground, Known, Odds, experts, odds_of, weighed
from .names import base_of, role_of
from .tables import Fading

JUDGED = 800  # cases the chains are weighed by: evenly spread over what came after the first
WARM_UP = 0.25  # share of the cases that only teach
FADED = 1e-3  # of a case; below it a count is not kept


@dataclass(slots=True)
class History:
    """What was learned up to a day. ``told``: context → unit → how often, and its last day."""

    day: int = 0
    cases: int = 0
    known: Known = field(default_factory=Known)
    bases: Fading = field(default_factory=lambda: Fading(HALVES))
    forms: Fading = field(default_factory=lambda: Fading(FORM_HALVES))
    told: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    weights: list[float] = field(default_factory=lambda: [1 / EXPERTS] * EXPERTS)

    def add(self, case: Seen) -> None:
        """One more finished case; days come in order."""
        role = role_of(case.owner, case.town, case.village)
        base = base_of(role)
        self.known.add(case.owner, role, base)
        for fields in SETS:
            self.bases.add(key_of(fields, case), base, case.day)
        for fields in FORMS:
            self.forms.add(key_of(fields, case), role, case.day)
        for fields in REASONS:
            often = self.told.setdefault(key_of(fields, case), {}).setdefault(
                case.owner, [0, case.day])
            often[0], often[1] = often[0] + 1, max(often[1], case.day)
        self.day, self.cases = case.day, self.cases + 1

    def ground(self, day: int) -> Ground:
        """The counts as they stand on a day, but never later than the last one learned."""
        on = min(day, self.day)
        return Ground(lambda key: self.bases.at(key, on), lambda key: self.forms.at(key, on))

    def odds(self, case: Seen) -> list[Odds]:
        """Every unit that may be, likeliest first."""
        return odds_of(case, self.ground(case.day), self.known, self.weights)

    def as_json(self) -> dict[str, Any]:
        """Plain data; what has faded away is left out."""
        return {
            "day": self.day, "cases": self.cases, "weights": self.weights,
            "owners": sorted(self.known.owners),
            "roles": {base: sorted(roles) for base, roles in self.known.roles.items()},
            "bases": self.bases.as_json(self.day, least=FADED),
            "forms": self.forms.as_json(self.day, least=FADED), "told": self.told,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "History":
        """The same again."""
        day = int(told["day"])
        known = Known(set(told["owners"]), {base: set(roles)
                                            for base, roles in told["roles"].items()})
        return cls(day, int(told["cases"]), known, Fading.from_json(told["bases"], HALVES, day),
                   Fading.from_json(told["forms"], FORM_HALVES, day), dict(told["told"]),
                   list(told["weights"]))


def learn(cases: Iterable[Seen]) -> History:
    """Learn from finished cases: a sample is first foretold from the days before, then added."""
    ordered = sorted(cases)
    ordered.sort(key=_day)
    judged = _judged(len(ordered))
    history, foretold, nth = History(), [], 0
    for _, one_day in groupby(ordered, key=_day):
        found = list(one_day)
        foretold += [_foretold(history, case) for at, case in enumerate(found, start=nth)
                     if at in judged]
        for case in found:
            history.add(case)
        nth += len(found)
    history.weights = weighed(foretold)
    return history


def _day(case: Seen) -> int:
    return case.day


def _judged(cases: int) -> range:
    """Which cases the chains are weighed by."""
    begins = int(cases * WARM_UP)
    return range(begins, cases, max((cases - begins) // JUDGED, 1))


def _foretold(history: History, case: Seen) -> list[float]:
    """The share each expert gave to the unit that had the case in the end."""
    base = base_of(role_of(case.owner, case.town, case.village))
    return [shares.get(base, 0.0) for shares in experts(case, history.ground(case.day))]
