"""A rule as somebody wants it, and what the set of rules would be with it. Pure.

Rules are dated, never rewritten: a change ends the old rule the day before and begins a new one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from yiwang.algorithms.words import Words

from .dispatch import Rule
from .linter import Finding

LEAST_RANK, MOST_RANK = 1, 999
A_HUNDRED = 100  # per cent
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a rule is to say. Empty kind or area fits any; ``until`` is its last day."""

    kind: str
    area: str
    team: UUID
    since: date
    hours: str = "any"
    until: date | None = None
    rank: int = 100
    automatic: bool = False
    source: str = ""
    least_odds: int | None = None

    def as_rule(self, number: int, team_name: Words) -> Rule:
        """The rule as the matcher would see it under that number."""
        return Rule(number, self.kind, self.area, self.hours, self.rank, self.team, team_name,
                    self.since, self.until, self.automatic, self.least_odds)


def ended(rules: Iterable[Rule], number: int, last_day: date) -> list[Rule]:
    """The rules with one of them ending after ``last_day``."""
    return [replace(rule, until=last_day) if rule.number == number else rule for rule in rules]


def changed(rules: Sequence[Rule], number: int, new: Rule) -> list[Rule]:
    """The rules with ``new`` in the place of ``number`` from its first day on."""
    return [*ended(rules, number, new.since - A_DAY), new]


def standing(rules: Iterable[Rule], day: date) -> list[Rule]:
    """The rules in force on ``day``, as if they always had been: what a dry run asks."""
    return [
        replace(rule, since=date.min, until=None)
        for rule in rules
        if rule.since <= day and (rule.until is None or day <= rule.until)
    ]


def new_errors(before: Iterable[Finding], after: Iterable[Finding]) -> list[Finding]:
    """The errors that a change would bring in; what was wrong already does not stand against it."""
    known = {(finding.code, finding.rules) for finding in before}
    return [f for f in after if f.error and (f.code, f.rules) not in known]
