"""What became of suggestions: noted when a person first gives a case away, for the figures."""

from datetime import datetime
from uuid import UUID

from yiwang.kernel.records.models import TrailEntry

from .dispatch import suggest
from .history_models import Advice
from .models import Case
from .step import stream_of


def advice_on(case_id: UUID, *, at: datetime, automat: str) -> Advice | None:
    """The first suggestion of a case and whether it was followed, to be noted; None: nothing is.

    A case that a rule dispatched by itself, or that was refused before, says nothing about it.
    """
    case = Case.objects.filter(id=case_id, refusals=0, reopenings=0).first()
    if case is None or case.handler_id is None:
        return None
    given = TrailEntry.objects.filter(stream=stream_of(case), verb="assign").order_by("seq").first()
    if given is None or given.by == automat:
        return None
    first = suggest(case, at=at)
    if first is None:
        return None
    chosen = str((given.note or {}).get("team", ""))
    return Advice(case=case, team_id=first.team, learned=first.learned, odds=first.odds,
                  taken=chosen == str(first.team))


def note_advice(advice: Advice) -> None:
    """Keep it; what was noted before stands."""
    Advice.objects.bulk_create([advice], ignore_conflicts=True)
