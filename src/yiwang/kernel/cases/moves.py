"""Making a move: one function for every lawful step of every practice."""

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from yiwang.kernel.people.rules import Actor

from .calendar import calendar_now
from .effects import EFFECTS, Doing
from .events import CaseClosed, CaseMoved
from .joining import hold_still
from .limits import Limit, limit_for
from .may import chosen_move
from .models import Case
from .needs import taken
from .playbook_store import load
from .playbooks import Holder, Move, Playbook, State
from .stages import due_columns, is_late, run_clocks
from .step import commit_step

CHINA = ZoneInfo("Asia/Shanghai")


def make_move(
    case: Case, code: str, *, by: Actor, at: datetime, given: Mapping[str, Any] | None = None
) -> Case:
    """Make the lawful move ``code``; or raise ``Refusal`` and leave everything as it was."""
    playbook = load(case.playbook, case.playbook_version)
    move = chosen_move(case, playbook, code, by, given or {}, at=at)
    doing = Doing(case, code, taken(move, given or {}, case), by.ref, at)
    changes = changes_of(doing, playbook, move)
    event = event_of(case, playbook, move)
    with transaction.atomic() if "merge" in move.does else nullcontext():
        if "merge" in move.does:
            hold_still(case, changes)
        return commit_step(case, verb=code, by=by, at=at, changes=changes,
                           note=dict(doing.given), event=event)


def event_of(case: Case, playbook: Playbook, move: Move) -> CaseMoved | CaseClosed:
    """What listeners are told."""
    if playbook.state(move.target).final and case.is_open:
        return CaseClosed(case=str(case.id), practice=case.practice, state=move.target)
    return CaseMoved(case=str(case.id), practice=case.practice, verb=move.code,
                     was=case.state, now=move.target)


def changes_of(doing: Doing, playbook: Playbook, move: Move) -> dict[str, Any]:
    """Every column the move sets: its effects, the state, the holder, the clocks."""
    case, at, calendar = doing.case, doing.at, calendar_now()
    changes = _effects(doing, move, calendar)
    if _lapses(case, move, changes):
        changes["facts"] = {**changes.get("facts", {}), "asking": None}
    clocks = run_clocks(
        {**case.clocks, **changes.pop("clocks", {})}, playbook, move, case.state,
        at=at, calendar=calendar, limit=_limit(case, move, at),
    )
    if "facts" in changes:
        changes["facts"] = {**case.facts, **changes["facts"]}
    changes["asking"] = waiting_for(playbook.state(move.target), changes.get("facts", case.facts))
    changes |= {"clocks": clocks, **due_columns(clocks)}
    changes["late"] = case.late or is_late(clocks, at=at)
    return changes | _standing(case, playbook, move, changes, at)


def _lapses(case: Case, move: Move, changes: Mapping[str, Any]) -> bool:
    """Whether a request dies unanswered: it waits only while the case stays where it was made."""
    answered = "asking" in changes.get("facts", {})
    return move.target != case.state and not answered and bool(case.facts.get("asking"))


def waiting_for(state: State, facts: Mapping[str, Any]) -> str:
    """What a signature is waited for: a request, an appeal not yet judged, or a review."""
    asking, appeal = facts.get("asking") or {}, facts.get("appeal") or {}
    if asking.get("verb"):
        return str(asking["verb"])
    if state.final and appeal and not appeal.get("result"):
        return "appeal"
    return "review" if state.clock == "review" else ""


def _effects(doing: Doing, move: Move, calendar: Any) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for name in move.does:
        effect = EFFECTS[name](doing, calendar)
        facts = {**changes.get("facts", {}), **effect.pop("facts", {})}
        changes |= effect
        if facts:
            changes["facts"] = facts
    return changes


def _limit(case: Case, move: Move, at: datetime) -> Limit | None:
    """The term by kind, looked up only by a move that starts a clock not yet going."""
    going = case.clocks.get("handle")
    if not move.starts or (going and not going.get("stopped_at")):
        return None
    condition = str(case.facts.get("condition", ""))
    return limit_for(case.practice, case.kind, on=at.astimezone(CHINA).date(),
                     condition=condition)


def _standing(
    case: Case, playbook: Playbook, move: Move, changes: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """State, holder, and whether the case is open after the move."""
    state = playbook.state(move.target)
    handler: UUID | None = changes.get("handler_id", case.handler_id)
    standing: dict[str, Any] = {
        "state": state.code,
        "is_open": not state.final,
        "holder_id": handler if state.holder is Holder.HANDLER else None,
    }
    if state.final and case.is_open:
        standing["closed_at"] = at
    return standing
