"""Counts by context that fade with time: what was seen a half-life ago weighs half."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Weights = dict[str, list[float]]  # label → weight at each half-life


@dataclass(slots=True)
class Context:
    """Weights as they stood on ``day``."""

    day: int
    weights: Weights = field(default_factory=dict)


@dataclass(slots=True)
class Fading:
    """Contexts under one set of half-lives, in days. Days come in order, up or down."""

    halves: tuple[float, ...]
    contexts: dict[str, Context] = field(default_factory=dict)

    def add(self, key: str, label: str, day: int) -> None:
        """One more of a label in a context."""
        found = self.contexts.get(key)
        if found is None:
            found = self.contexts[key] = Context(day)
        if found.day != day:
            found.weights, found.day = self._faded(found, day), day
        weights = found.weights.setdefault(label, [0.0] * len(self.halves))
        for at in range(len(weights)):
            weights[at] += 1.0

    def at(self, key: str, day: int) -> Weights:
        """The weights of a context as they stand on a day; empty where nothing was seen."""
        found = self.contexts.get(key)
        if found is None:
            return {}
        return found.weights if found.day == day else self._faded(found, day)

    def _faded(self, context: Context, day: int) -> Weights:
        away = abs(day - context.day)
        factors = [0.5 ** (away / half) for half in self.halves]
        return {label: [weight * factor for weight, factor in zip(weights, factors, strict=True)]
                for label, weights in context.weights.items()}

    def as_json(self, day: int, *, least: float) -> dict[str, Weights]:
        """Every context as of a day; what has faded below ``least`` is left out."""
        told = {}
        for key in self.contexts:
            kept = {label: [float(f"{weight:.4g}") for weight in weights]
                    for label, weights in self.at(key, day).items() if max(weights) >= least}
            if kept:
                told[key] = kept
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any], halves: Iterable[float], day: int) -> "Fading":
        """The same again."""
        return cls(tuple(halves), {key: Context(day, weights) for key, weights in told.items()})


def added(one: Weights, other: Weights) -> Weights:
    """The sum of two: what was seen before a day, and after it."""
    if not one or not other:
        return one or other
    return {label: [a + b for a, b in zip(one.get(label, other[label]), other[label], strict=True)]
            if label in one and label in other else one.get(label) or other[label]
            for label in one.keys() | other.keys()}
