"""What happens without a person: dispatch by rule, who finished what, and what that teaches."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils import timezone

from yiwang.kernel import rows
from yiwang.kernel.cases.advice import advice_on, note_advice
from yiwang.kernel.cases.bulk import count_finished as add_finished
from yiwang.kernel.cases.dispatch import may_act_alone, suggest
from yiwang.kernel.cases.history import learn_due
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import Actor, Grant
from yiwang.kernel.records.outbox import Write

# Acts only where a rule of the town says so; the trail shows it by this name.
AUTOMAT = Actor("system/dispatch", "自动派单",
                (Grant("automat", frozenset({"case.triage"}), area="", practice="events"),))


def dispatch_automatically(body: dict[str, Any]) -> Write | None:
    """A case was opened: dispatch it when the deciding rule is automatic. Safe to repeat."""
    case = rows.one(Case, id=UUID(body["case"]))
    if case is None or (case.state, case.practice) != ("reported", "events"):
        return None
    if not may_act_alone(case.practice, case.kind):
        return None
    return partial(dispatch_by_rule, case, at=timezone.now())


def dispatch_by_rule(case: Case, *, at: datetime) -> bool:
    """Whether an automatic rule took the case; a person who was quicker stands."""
    suggestion = suggest(case, at=at)
    if suggestion is None or not suggestion.automatic:
        return False
    note = str(suggestion.because)
    try:
        make_move(case, "assign", by=AUTOMAT, at=at,
                  given={"team": str(suggestion.team), "note": note})
    except Refusal:
        return False
    return True


def count_finished(body: dict[str, Any]) -> Write | None:
    """A case was closed: one more for the team that did it, the odds of later suggestions."""
    case = rows.one(Case, id=UUID(body["case"]))
    if case is None or (case.state, case.practice) != ("closed", "events"):
        return None
    if case.handler_id is None:
        return None
    key = (case.practice, case.kind, case.area[:12], case.handler_id)
    return partial(add_finished, {key: 1})


def learn_history(*, at: datetime) -> None:
    """Once a day each town's finished cases are learned from anew."""
    learn_due("events", at=at)


def keep_advice(body: dict[str, Any]) -> Write | None:
    """A case was dispatched from the desk: whether the suggestion was taken. Safe to repeat."""
    if (body["verb"], body["was"]) != ("assign", "reported"):
        return None
    advice = advice_on(UUID(body["case"]), at=timezone.now(), automat=AUTOMAT.ref)
    return partial(note_advice, advice) if advice else None
