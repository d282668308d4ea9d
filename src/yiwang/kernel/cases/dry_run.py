"""What would have happened: rules tried on cases that were really dispatched."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import OFFICE_HOURS, ZONE, Calendar, is_working_time

from .dispatch import Rule, first_rule
from .kind_codes import kind_fits
from .models import Case
from .names import team_words

NOBODY = Words("", "")
SHOWN = 200  # differing cases listed at most


@dataclass(frozen=True, slots=True)
class Differs:
    """A case the rules would have sent elsewhere; ``would`` is empty where no rule decides."""

    id: UUID
    number: str
    kind: str
    area: str
    was: Words
    would: Words
    rule: int | None


@dataclass
class DryRun:
    """How the rules compare with what happened. ``undecided`` cases fell into a gap.

    ``decided`` counts by rule number the cases each rule would have decided.
    """

    total: int = 0
    same: int = 0
    undecided: int = 0
    differing: list[Differs] = field(default_factory=list)
    decided: Counter[int] = field(default_factory=Counter)

    @property
    def elsewhere(self) -> int:
        """Cases that a rule would have sent to another team."""
        return self.total - self.same - self.undecided


def try_rules(
    rules: Sequence[Rule], cases: Iterable[Case], *, calendar: Calendar, shown: int = SHOWN
) -> DryRun:
    """Ask ``rules`` about each case as it stood when it was reported; list ``shown`` differing."""
    run = DryRun()
    by_kind: dict[str, list[Rule]] = {}
    for case in cases:
        if case.kind not in by_kind:
            by_kind[case.kind] = [rule for rule in rules if kind_fits(rule.kind, case.kind)]
        _try_one(run, by_kind[case.kind], case, calendar, shown)
    return run


def _try_one(
    run: DryRun, rules: Sequence[Rule], case: Case, calendar: Calendar, shown: int
) -> None:
    rule = first_rule(rules, kind=case.kind, area=case.area, hours=_hours(case.opened_at, calendar),
                      on=case.opened_at.astimezone(ZONE).date())
    run.total += 1
    if rule is not None:
        run.decided[rule.number] += 1
        if rule.team == case.handler_id:
            run.same += 1
            return
    run.undecided += rule is None
    if len(run.differing) < shown:
        was = team_words(case.handler) if case.handler else NOBODY
        run.differing.append(Differs(
            case.id, case.number, case.kind, case.area, was,
            rule.team_name if rule else NOBODY, rule.number if rule else None))


def _hours(at: datetime, calendar: Calendar) -> str:
    return "working" if is_working_time(at, calendar, OFFICE_HOURS) else "off"
