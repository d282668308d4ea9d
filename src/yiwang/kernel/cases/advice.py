"""What became of suggestions: noted when a person first gives a case away, for the figures."""

from datetime import datetime
from uuid import UUID

from yiwang.kernel import rows
from yiwang.kernel.records.models import TrailEntry

from .dispatch import suggest
from .history_models import Advice
from .models import Case
from .step import stream_of

# By whom and with what note a case was first given away; each dispatch asks.
_given = rows.Prepared(lambda stream: TrailEntry.objects.filter(
    stream=stream, verb="assign").order_by("seq").values_list("by", "note")[:1], "its stream")


def advice_on(case_id: UUID, *, at: datetime, automat: str) -> Advice | None:
    """The first suggestion of a case and whether it was followed, to be noted; None: nothing is.

    A case that a rule dispatched by itself, or that was refused before, says nothing about it.
    """
    case = rows.one(Case, id=case_id)
    if case is None or case.handler_id is None or case.refusals or case.reopenings:
        return None
    given = next(iter(_given(stream_of(case))), None)
    if given is None or given[0] == automat:
        return None
    first = suggest(case, at=at)
    if first is None:
        return None
    chosen = str((given[1] or {}).get("team", ""))
    return Advice(case=case, team_id=first.team, learned=first.learned, odds=first.odds,
                  taken=chosen == str(first.team))


def note_advice(advice: Advice) -> None:
    """Keep it; what was noted before stands."""
    Advice.objects.bulk_create([advice], ignore_conflicts=True)
