"""What runs out for one person: of the cases their teams hold, or of their whole scope.

Each question walks one index in its order and stops at a bound, so that it costs the same however
many cases there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.db.models import Q, QuerySet

from yiwang.kernel.people.rules import ROLES, Actor

from .models import Case
from .queries import visible_cases

STEERS = "case.triage"  # whoever may dispatch answers for what runs out in the whole scope
COLUMNS = ("id", "number", "practice", "playbook", "playbook_version", "kind", "area", "state",
           "is_open", "due_at", "opened_at", "closed_at", "changed_at", "clocks", "version")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many deadlines are told: ahead the soonest, of those passed the latest; and for how
    long a finished case is still told of, so that what was kept of it goes. Own choice, 2026-11."""

    ahead: int = 200
    passed: int = 50
    ended: int = 100
    ended_for: timedelta = timedelta(days=3)

    def __post_init__(self) -> None:
        if not all(1 <= most <= 1000 for most in (self.ahead, self.passed, self.ended)):
            raise ValueError("ahead, passed and ended are 1 to 1000")
        if not timedelta() < self.ended_for <= timedelta(days=30):
            raise ValueError("ended_for is up to 30 days")


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class RunningOut:
    """Open cases with a clock that runs, and finished ones; ``cut``: there are more open ones."""

    open: tuple[Case, ...]
    ended: tuple[Case, ...]
    cut: bool


def holds_own(actor: Actor) -> bool:
    """Whether it is the own teams' cases that count for this person, not the scope's."""
    steers = any(STEERS in ROLES[grant.role].capabilities for grant in actor.grants
                 if grant.role in ROLES)
    return bool(actor.teams) and not steers


def running_out(
    actor: Actor, practices: Iterable[str], *, at: datetime, bounds: Bounds = BOUNDS
) -> RunningOut:
    """The deadlines of ``actor`` at ``at``: three queries for each practice."""
    found = [_of_practice(actor, code, at, bounds) for code in practices]
    ahead = sorted((case for rows, _, _ in found for case in rows), key=_by_due)
    passed = sorted((case for _, rows, _ in found for case in rows), key=_by_due)
    ended = sorted((case for *_, rows in found for case in rows),
                   key=attrgetter("closed_at", "id"), reverse=True)
    cut = len(ahead) > bounds.ahead or len(passed) > bounds.passed
    return RunningOut((*passed[-bounds.passed :], *ahead[: bounds.ahead]),
                      tuple(ended[: bounds.ended]), cut)


_by_due = attrgetter("due_at", "id")


def _of_practice(
    actor: Actor, practice: str, at: datetime, bounds: Bounds
) -> tuple[list[Case], list[Case], list[Case]]:
    """Ahead, passed, ended; of the first two one row more than is told."""
    own = holds_own(actor)
    # By due time in the index of the holder, or in that of all open cases, where the scope is wide.
    seen = visible_cases(actor, practice=practice, walk_area=True, walk_teams=True).only(*COLUMNS)
    open_ = seen.filter(is_open=True)
    finished = seen.filter(closed_at__gte=at - bounds.ended_for).order_by("-closed_at", "-id")
    if own:
        open_ = open_.filter(holder__in=actor.teams)
        finished = finished.filter(Q(walked_handler__in=actor.teams))
    ahead = open_.filter(due_at__gte=at).order_by("due_at", "id")
    passed = open_.filter(due_at__lt=at).order_by("-due_at", "-id")
    return (_first(ahead, bounds.ahead + 1), _first(passed, bounds.passed + 1),
            _first(finished, bounds.ended))


def _first(cases: QuerySet[Case], most: int) -> list[Case]:
    return list(cases[:most])
