"""A letter as it came in: its shape, its sender, its signature, its time. Nothing is believed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Peer

from . import keyring
from .rules import SPEC, check_clock, signed_bytes

TEXTS = ("spec", "id", "kind", "about", "to", "key", "at")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that was checked. ``said`` is the signed message as it came."""

    peer: Peer
    said: dict[str, Any]
    id: UUID
    kind: str
    about: UUID | None
    step: int
    body: dict[str, Any]
    pictures: dict[str, str] = field(default_factory=dict)


def opened(wire: Any, *, at: datetime) -> Letter:
    """The letter; raises ``Refusal`` for a stranger, a wrong signature, a wrong time."""
    said, signature, pictures = _parts(wire)
    peer = known_by(said["key"], at=at)
    key = peer.key if said["key"] == peer.key_id else peer.old_key
    try:
        content = signed_bytes(said)
    except ValueError:
        raise malformed() from None
    if not keyring.is_signed(content, signature, key):
        raise Refusal("signature", Words("签名不对。", "The signature is wrong."), Words(
            "核对双方登记的公钥。", "Compare the keys that both sides have registered."))
    if said["to"] not in keyring.own_key_ids():
        raise Refusal("not_for_us", Words("这封消息不是发给我们的。",
                                          "This message is not for us."),
                      Words("请对方更新我们的公钥。", "The other side needs our present key."))
    letter = _read(peer, said, pictures)
    check_clock(_moment(said["at"]), at)
    return letter


def known_by(key_id: str, *, at: datetime) -> Peer:
    """The peer whose key that is, now or until lately; raises ``Refusal``."""
    old = Q(old_key_id=key_id, old_key_until__gt=at)
    peer = Peer.objects.filter(Q(key_id=key_id) | old, ended_at__isnull=True).first()
    if peer is None or not key_id:
        raise Refusal("unknown_peer", Words("没有登记这个系统。",
                                            "This instance is not registered."),
                      Words("请双方管理员互相登记。", "Both administrators register each other."))
    return peer


def _parts(wire: Any) -> tuple[dict[str, Any], str, dict[str, str]]:
    said = wire.get("message") if isinstance(wire, dict) else None
    if not isinstance(said, dict) or not isinstance(wire.get("signature"), str):
        raise malformed()
    pictures = wire.get("pictures", {})
    texts = all(isinstance(said.get(name), str) for name in TEXTS)
    if not texts or said["spec"] != SPEC or not isinstance(pictures, dict):
        raise malformed()
    return said, wire["signature"], pictures


def _read(peer: Peer, said: dict[str, Any], pictures: dict[str, str]) -> Letter:
    step, body = said.get("step"), said.get("body")
    if not isinstance(body, dict) or type(step) is not int or not 0 <= step < 2**31:
        raise malformed()
    try:
        about = UUID(said["about"]) if said["about"] else None
        return Letter(peer, said, UUID(said["id"]), said["kind"], about, step, body, pictures)
    except ValueError:
        raise malformed() from None


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise malformed() from None
    if found.tzinfo is None:
        raise malformed()
    return found


def malformed() -> Refusal:
    """Not a letter of this protocol."""
    return Refusal("malformed", Words("消息格式不对。", "The message is not in the right form."),
                   Words("格式见 docs/exchange.md。", "The form is in docs/exchange.md."))
