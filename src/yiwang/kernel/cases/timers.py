"""What time alone does to cases: overdue marks, and deadlines of years announced since."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.kernel.errors import SomebodyElseDecided
from yiwang.kernel.people.rules import SYSTEM

from .calendar import calendar_now
from .clocks import Clock, recompute
from .models import Case
from .stages import due_columns, is_late
from .step import commit_step

AT_ONCE = 500  # cases looked at in one round of the worker


def mark_overdue(*, at: datetime) -> int:
    """Mark open cases whose handling term has passed; returns how many. Safe to repeat."""
    passed = Case.objects.filter(is_open=True, late=False, due_at__lt=at).order_by("due_at")
    return sum(
        _write(case, "overdue", {"late": True}, at=at)
        for case in _some(passed)
        if is_late(case.clocks, at=at)
    )


def recompute_provisional(*, at: datetime) -> int:
    """Count provisional deadlines anew; one that moves leaves an entry. Returns how many moved."""
    provisional = Case.objects.filter(is_open=True, due_provisional=True).order_by("due_at")
    moved = 0
    for case in _some(provisional):
        clocks = _recomputed(case)
        if clocks != case.clocks:
            changes = {"clocks": clocks, **due_columns(clocks)}
            moved += _write(case, "recompute", changes, at=at)
    return moved


def _recomputed(case: Case) -> dict[str, Any]:
    calendar = calendar_now()
    return {
        name: {**stored, **recompute(Clock.from_json(stored), calendar=calendar).to_json()}
        for name, stored in case.clocks.items()
    }


def _some(cases: Any) -> Iterator[Case]:
    return iter(cases[:AT_ONCE])


@transaction.atomic
def _write(case: Case, verb: str, changes: dict[str, Any], *, at: datetime) -> int:
    try:
        commit_step(case, verb=verb, by=SYSTEM, at=at, changes=changes)
    except SomebodyElseDecided:
        return 0  # somebody acted in between; the next round looks again
    return 1
