"""One peer's turn: its messages in their order, each until a signed receipt is here."""

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from yiwang.kernel.errors import Refusal
from yiwang.kernel.outgoing import turns
from yiwang.kernel.outgoing.call import Answer, call
from yiwang.kernel.outgoing.rules import PEER_PATIENCE
from yiwang.kernel.people.models import Peer
from yiwang.kernel.records.files import path_of

from . import keyring
from .models import Handed, PeerMessage
from .opening import opened
from .post import letter
from .rules import KEY_HEADER
from .taking import REFUSED, apply_news

Clock = Callable[[], datetime]
PATH = "/exchange/v1/messages"
AT_ONCE = 50  # messages in one turn


def due(at: datetime) -> list[Peer]:
    """Peers that something waits for and that nobody is serving, longest rested first."""
    waiting = PeerMessage.objects.filter(
        peer=OuterRef("pk"), incoming=False, state=PeerMessage.State.WAITING)
    open_ = Peer.objects.filter(turns.ready(at), ended_at__isnull=True)
    return list(open_.filter(Exists(waiting)).order_by(F("next_at").asc(nulls_first=True)))


def serve(peer: Peer, clock: Clock) -> int:
    """Send to one peer for one turn; returns how many were receipted. Never raises for a call."""
    if not turns.claim(_row(peer), clock()):
        return 0
    try:
        peer.refresh_from_db()
        done, until = 0, clock() + turns.TURN
        while done < AT_ONCE and clock() < until and (one := _next(peer, clock())):
            if not _send(one, peer, clock):
                break
            done += 1
            turns.hold_on(_row(peer), clock())
        return done
    finally:
        turns.release(_row(peer))


def _row(peer: Peer) -> QuerySet[Peer]:
    return Peer.objects.filter(pk=peer.pk)


def _next(peer: Peer, at: datetime) -> PeerMessage | None:
    """The oldest; none before its time has come, since order is kept."""
    first = PeerMessage.objects.filter(
        peer=peer, incoming=False, state=PeerMessage.State.WAITING).order_by("id").first()
    return first if first and first.due_at <= at else None


def _send(message: PeerMessage, peer: Peer, clock: Clock) -> bool:
    wire = {**letter(message, at=clock()), **_pictures(message)}
    answer = call(peer.address + PATH, body=json.dumps(wire, ensure_ascii=False).encode(), headers={
        "content-type": "application/json; charset=utf-8", KEY_HEADER: message.key_id,
        "user-agent": "Yiwang"})
    at = clock()
    result = _result(answer, message, at)
    if result is None:
        _failed(message, peer, answer, at)
        return False
    _receipted(message, result, at)
    turns.went_well(_row(peer))
    return True


def _pictures(message: PeerMessage) -> dict[str, dict[str, str]]:
    """The bytes of the pictures a hand-over names, by their SHA-256."""
    if message.kind != "hand":
        return {}
    return {"pictures": {
        one["sha256"]: base64.b64encode(path_of(one["sha256"]).read_bytes()).decode()
        for one in message.body.get("pictures", [])}}


def _result(answer: Answer, message: PeerMessage, at: datetime) -> dict[str, Any] | None:
    """What the receipt says; None where there is none, or not one of this peer for this message."""
    if not answer.well:
        return None
    try:
        receipt = opened(json.loads(answer.body), at=at)
    except (ValueError, Refusal):
        return None
    right = (receipt.kind, receipt.about, receipt.peer.pk) == (
        "receipt", message.message, message.peer_id)
    return receipt.body if right else None


@transaction.atomic
def _receipted(message: PeerMessage, result: dict[str, Any], at: datetime) -> None:
    """It is there: what was answered is kept, and a hand-over knows its number there."""
    PeerMessage.objects.filter(pk=message.pk).update(
        state=PeerMessage.State.DONE, done_at=at, receipt=result, error="",
        tries=message.tries + 1)
    _row(message.peer).update(heard_at=at)
    if message.kind == "key":
        keyring.promote(str(message.body["key"]))
    if message.kind == "hand":
        _arrived(message, result, at)


def _arrived(message: PeerMessage, result: dict[str, Any], at: datetime) -> None:
    handed = Handed.objects.select_for_update().get(
        peer=message.peer_id, incoming=False, hand=message.message)
    if result.get("result") == REFUSED:
        apply_news(handed, Handed.State.REFUSED, result, at=at, step=handed.seen_step)
    elif handed.state == Handed.State.SENT:
        Handed.objects.filter(pk=handed.pk).update(
            state=Handed.State.ARRIVED, changed_at=at,
            their_number=str(result.get("number", ""))[:24])


def _failed(message: PeerMessage, peer: Peer, answer: Answer, at: datetime) -> None:
    tries = message.tries + 1
    again = turns.next_try(tries, at, PEER_PATIENCE)
    state = PeerMessage.State.WAITING if again else PeerMessage.State.FAILED
    PeerMessage.objects.filter(pk=message.pk).update(
        tries=tries, state=state, due_at=again or at, error=_said(answer)[:200])
    turns.went_wrong(_row(peer), peer.failures, at)


def _said(answer: Answer) -> str:
    """Why it was not taken: the code the other side gave, else the status or the error."""
    try:
        code = json.loads(answer.body).get("code", "")
    except (ValueError, AttributeError):
        code = ""
    return f"{answer.status} {code}".strip() if answer.status else answer.error
