"""Whom to dispatch to, as the page of a case shows it: names, odds, reasons, keys."""

from dataclasses import dataclass
from datetime import datetime

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.dispatch import Suggestion, suggestions
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.playbooks import Move, NeedKind

SURE = 0.995  # shown as “over 99%”: history never proves a hundred


@dataclass(frozen=True, slots=True)
class Advised:
    """A suggestion by name; ``key`` is the digit that takes it."""

    wise: Suggestion
    name: Words
    key: int

    @property
    def odds(self) -> Words:
        """How likely history makes it: 92%; empty where it says nothing."""
        if self.wise.odds is None:
            return Words("", "")
        if self.wise.odds >= SURE:
            return Words("99% 以上", "over 99%")
        return Words(f"{self.wise.odds:.0%}", f"{self.wise.odds:.0%}")

    @property
    def origin(self) -> Words:
        """Who says so."""
        if self.wise.rule is not None:
            return Words("规则", "by rule")
        if self.wise.learned:
            return Words("学自历史", "learned from history")
        return Words("退回时指明", "named in the refusal")


def advice_for(case: Case, main: Move | None, *, at: datetime) -> list[Suggestion]:
    """Suggestions, only where a team is all that the main move needs."""
    wanted = [need.kind for need in main.needs if need.required] if main else []
    if wanted != [NeedKind.TEAM] or (case.handler_id and not case.refusals):
        return []
    return suggestions(case, at=at)
