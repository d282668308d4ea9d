"""What happens here and concerns another instance: a case goes there, or news of theirs."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from yiwang.kernel import rows
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.cases.step import stream_of
from yiwang.kernel.people.models import Peer
from yiwang.kernel.people.peers import peer_above
from yiwang.kernel.practice import HandMove, practices
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.records.outbox import Listener, Write

from .models import Handed
from .post import put
from .travel import packed

OPEN = (Handed.State.SENT, Handed.State.ARRIVED, Handed.State.WORKING)
Note = dict[str, Any]


def listeners() -> dict[str, tuple[Listener, ...]]:
    """Who listens now: nobody while no other instance is registered."""
    if not Peer.objects.filter(ended_at__isnull=True).exists():
        return {}
    return {"CaseMoved": (hear,), "CaseClosed": (hear,)}


def hear(body: dict[str, Any]) -> Write:
    """A case moved: what follows of it is written with the mark of delivery."""
    return partial(_answer, body)


def _answer(body: dict[str, Any]) -> None:
    """Hand it on, call it back, or send news of it. Runs once for each event."""
    case = rows.one(Case, id=UUID(body["case"]))
    if case is None:
        return
    at = datetime.fromisoformat(body["at"])
    verb = str(body.get("verb", ""))
    move = next((one for one in hands_of(case.practice) if one.code == verb), None)
    if move is None:
        _recall(case, at)
    else:
        _hand_on(case, move, UUID(body["id"]), at)
    _tell_news(case, body, at)


def hands_of(practice: str) -> tuple[HandMove, ...]:
    """The moves of a practice that hand cases on."""
    return practices[practice].hands if practice in practices else ()


def _hand_on(case: Case, move: HandMove, hand: UUID, at: datetime) -> None:
    note = note_of(case, move.code)
    peer = peer_above(case.area) if move.above else Peer.objects.filter(
        name=note.get("peer", ""), ended_at__isnull=True).first()
    if peer is None:
        return  # handed up by telephone, as before there were instances to talk to
    Handed.objects.create(hand=hand, peer=peer, incoming=False, case=case, move=move.code,
                          state=Handed.State.SENT, at=at, changed_at=at)
    put(peer, "hand", packed(case, str(note.get("reason", ""))), at=at, about=hand, message=hand)


def _recall(case: Case, at: datetime) -> None:
    """Somebody here took it back while it was there; what the other side did is no recall."""
    for handed in Handed.objects.filter(case=case, incoming=False, state__in=OPEN):
        _send(handed, "recall", {"reason": _last_reason(case)}, at)
        Handed.objects.filter(pk=handed.pk).update(state=Handed.State.RECALLED, changed_at=at)


def _tell_news(case: Case, body: dict[str, Any], at: datetime) -> None:
    """News to whoever handed the case to us, and to those whose cases were merged into it."""
    for handed in Handed.objects.filter(case=case, incoming=True).select_related("peer"):
        state, said = _news(case, body)
        _tell(handed, state, said, at)
    if body.get("state") == "closed":
        repeats = Handed.objects.filter(case__merged_into=case, incoming=True)
        for handed in repeats.select_related("peer"):
            _tell(handed, *_news(case, body), at)


def _tell(handed: Handed, state: str, said: Note, at: datetime) -> None:
    if handed.state in (state, Handed.State.RECALLED):
        return
    _send(handed, "status", {"state": state, "number": handed.case.number, **said}, at)
    Handed.objects.filter(pk=handed.pk).update(state=state, changed_at=at)


def _send(handed: Handed, kind: str, body: dict[str, Any], at: datetime) -> None:
    handed.sent_step += 1
    Handed.objects.filter(pk=handed.pk).update(sent_step=handed.sent_step)
    put(handed.peer, kind, body, at=at, about=handed.hand, step=handed.sent_step)


def _news(case: Case, body: dict[str, Any]) -> tuple[str, Note]:
    """The state to tell and what is said with it, from the event."""
    ended = str(body.get("state", ""))
    if not ended:
        return Handed.State.WORKING, {}
    if ended == "merged":
        return Handed.State.WORKING, {"reason": _last_reason(case)}
    opinion = (case.facts.get("opinions") or [{}])[-1]
    if ended == "closed" and opinion:
        return Handed.State.CLOSED, {
            name: opinion.get(name, "") for name in ("result", "done", "for_person")}
    return Handed.State.REFUSED, {"reason": _last_reason(case) or _label(case, ended)}


def _label(case: Case, state: str) -> str:
    return load(case.playbook, case.playbook_version).state(state).label.zh


def note_of(case: Case, verb: str) -> Note:
    """What was given with the newest step of that name."""
    entries = TrailEntry.objects.filter(stream=stream_of(case), verb=verb).order_by("-seq")
    return dict(entries.values_list("note", flat=True).first() or {})


def _last_reason(case: Case) -> str:
    """The words of the newest step: whose it is, and why."""
    entries = TrailEntry.objects.filter(stream=stream_of(case)).order_by("-seq")
    note = entries.values_list("note", flat=True).first() or {}
    return "；".join(str(note[name]) for name in ("whose", "reason") if note.get(name))
