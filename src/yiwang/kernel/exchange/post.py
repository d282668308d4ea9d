"""Messages put in the queue of a peer, written in the transaction of what they tell."""

from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.kernel.ids import new_id
from yiwang.kernel.people.models import Peer

from . import keyring
from .models import PeerMessage
from .rules import SPEC, digest_of, signed_bytes, stamp


def put(peer: Peer, kind: str, body: dict[str, Any], *, at: datetime, about: UUID | None = None,
        step: int = 0, message: UUID | None = None) -> PeerMessage:
    """A message that waits its turn; the key it will be signed with is settled now."""
    said = {"kind": kind, "about": str(about or ""), "step": step, "body": body}
    return PeerMessage.objects.create(
        peer=peer, incoming=False, message=message or new_id(), kind=kind, about=about, step=step,
        body=body, digest=digest_of(said), key_id=keyring.own_key_id(), at=at, due_at=at,
        state=PeerMessage.State.WAITING)


def letter(message: PeerMessage, *, at: datetime) -> dict[str, Any]:
    """The message as it is signed and sent now; every sending has its own time."""
    said = {
        "spec": SPEC, "id": str(message.message), "kind": message.kind,
        "about": str(message.about or ""), "step": message.step, "body": message.body,
        "to": message.peer.key_id, "key": message.key_id, "at": stamp(at),
    }
    return sealed(said)


def receipt(
    for_: dict[str, Any], to: str, result: dict[str, Any], *, at: datetime
) -> dict[str, Any]:
    """What is answered: signed with the key the message was sent to."""
    return sealed({
        "spec": SPEC, "id": str(new_id()), "kind": "receipt", "about": for_["id"], "step": 0,
        "body": result, "to": to, "key": for_["to"], "at": stamp(at),
    })


def sealed(said: dict[str, Any]) -> dict[str, Any]:
    """A message with its signature."""
    return {"message": said, "signature": keyring.sign(signed_bytes(said), said["key"])}
