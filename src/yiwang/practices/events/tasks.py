"""What happens without a person: dispatch by rule, who finished what, and what that teaches."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from yiwang.kernel.cases.advice import note_advice
from yiwang.kernel.cases.dispatch import suggest
from yiwang.kernel.cases.history import learn_due
from yiwang.kernel.cases.models import Case, Tally
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import Actor, Grant

# Acts only where a rule of the town says so; the trail shows it by this name.
AUTOMAT = Actor("system/dispatch", "自动派单",
                (Grant("automat", frozenset({"case.triage"}), area="", practice="events"),))


def dispatch_automatically(body: dict[str, Any]) -> None:
    """A case was opened: dispatch it when the deciding rule is automatic. Safe to repeat."""
    case = Case.objects.filter(id=UUID(body["case"]), state="reported", practice="events").first()
    if case is not None:
        dispatch_by_rule(case, at=timezone.now())


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


def count_finished(body: dict[str, Any]) -> None:
    """A case was closed: one more for the team that did it, the odds of later suggestions."""
    case = Case.objects.filter(id=UUID(body["case"]), practice="events", state="closed").first()
    if case is None or case.handler_id is None:
        return
    tally, _ = Tally.objects.get_or_create(
        practice="events", kind=case.kind, area=case.area[:12], team_id=case.handler_id
    )
    Tally.objects.filter(pk=tally.pk).update(finished=F("finished") + 1)


def learn_history(*, at: datetime) -> None:
    """Once a day each town's finished cases are learned from anew."""
    learn_due("events", at=at)


def keep_advice(body: dict[str, Any]) -> None:
    """A case was dispatched from the desk: whether the suggestion was taken. Safe to repeat."""
    if (body["verb"], body["was"]) == ("assign", "reported"):
        note_advice(UUID(body["case"]), at=timezone.now(), automat=AUTOMAT.ref)
