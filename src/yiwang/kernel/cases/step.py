"""The one door through which a case changes: columns, trail and holds in one transaction."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel import rows
from yiwang.kernel.errors import SomebodyElseDecided
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records import outbox, trail

from .models import Case, Hold

# Columns that may hold personal words: the trail keeps their digest, so that they can be blurred
# by schedule and a replay can still compare them (PIPL §19, §47).
VEILED = frozenset({"title", "text", "address"})


def stream_of(case: Case) -> str:
    """The name of the case's stream in the trail."""
    return f"case/{case.id}"


def veiled(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes as the trail may keep them."""
    return {
        name: "sha256:" + hashlib.sha256(str(value).encode()).hexdigest()
        if name in VEILED
        else value
        for name, value in changes.items()
    }


def commit_step(
    case: Case,
    *,
    verb: str,
    by: Actor,
    at: datetime,
    changes: Mapping[str, Any],
    note: Mapping[str, Any] | None = None,
    event: Any = None,
) -> Case:
    """Change ``case`` and write what happened; raises ``SomebodyElseDecided`` on a stale case."""
    entry = trail.compose(
        stream_of(case), case.version + 1, case.head,
        verb=verb, by=by.ref, at=at, changes=veiled(changes), note=note,
    )
    columns = {**_changed(case, changes, at), **changes, "version": entry.seq,
               "head": entry.digest}
    with transaction.atomic():  # begun late: nobody else writes to SQLite meanwhile
        if not rows.change(Case, columns, id=case.id, version=case.version):
            raise somebody_else()
        rows.insert(entry)
        _pass_ball(case, changes, at=at)
        if event is not None:
            outbox.publish(event, at=at)
    for name, value in columns.items():
        setattr(case, name, value)
    return case


def _changed(case: Case, changes: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """What is done to a case that is over and stays so does not move its last change."""
    return {"changed_at": at} if case.is_open or changes.get("is_open") else {}


def _pass_ball(case: Case, changes: Mapping[str, Any], *, at: datetime) -> None:
    """Close the running hold and open the next, when the holder or the state changed."""
    holder = changes.get("holder_id", case.holder_id)
    state = changes.get("state", case.state)
    if (holder, state) == (case.holder_id, case.state):
        return
    rows.change(Hold, {"until": at}, case_id=case.id, until=None)
    if changes.get("is_open", case.is_open):
        rows.insert(Hold(case_id=case.id, team_id=holder, state=state, since=at))


def somebody_else() -> SomebodyElseDecided:
    """What the second of two people who act at once is told."""
    return SomebodyElseDecided(
        code="somebody_else",
        what=Words("刚刚有人先办了这一步。", "Somebody else has just acted on this case."),
        todo=Words("已显示最新情况，你填的内容还在。",
                   "The page shows the latest; your words are kept."),
    )
