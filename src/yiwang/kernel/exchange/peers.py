"""What administrators do with other instances: register, give a new key, end; and our own key."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.outgoing.rules import target_of
from yiwang.kernel.people.models import Peer
from yiwang.kernel.people.rules import SYSTEM, Actor, can_somewhere, check_can, not_allowed
from yiwang.kernel.people.scopes import scope_from
from yiwang.kernel.records import trail

from . import keyring
from .models import PeerMessage
from .post import put
from .rules import RULES, STANDS, key_id_of


@transaction.atomic
def add_peer(
    name: str, address: str, key: str, *, stands: str, area: str, by: Actor, at: datetime
) -> Peer:
    """Another instance that cases are exchanged with; it registers us the same way."""
    area, name, address = scope_from(area), name.strip(), address.strip().rstrip("/")
    _check_may(area, by)
    _check(name, address, stands)
    peer = Peer(name=name, address=address, stands=stands, area=area, since=at)
    _take_key(peer, key.strip())
    peer.save(force_insert=True)
    _note(peer, "add_peer", by=by, at=at, name=name, address=address, stands=stands, area=area,
          key=peer.key)
    return peer


@transaction.atomic
def replace_key(peer: Peer, key: str, *, by: Actor, at: datetime) -> None:
    """Their new key; the one before it counts for a week."""
    _check_may(peer.area, by)
    old, old_id = peer.key, peer.key_id
    if key.strip() == old:
        return
    _take_key(peer, key.strip())
    peer.old_key, peer.old_key_id, peer.old_key_until = old, old_id, at + RULES.old_key
    peer.save(update_fields=["key", "key_id", "old_key", "old_key_id", "old_key_until"])
    _note(peer, "replace_key", by=by, at=at, key=peer.key, old_key=old)


@transaction.atomic
def end_peer(peer: Peer, *, by: Actor, at: datetime) -> None:
    """Nothing is sent to it and nothing taken from it any more."""
    _check_may(peer.area, by)
    if peer.ended_at is None:
        peer.ended_at = at
        peer.save(update_fields=["ended_at"])
        PeerMessage.objects.filter(peer=peer, state=PeerMessage.State.WAITING).update(
            state=PeerMessage.State.FAILED, error="ended")
        _note(peer, "end_peer", by=by, at=at, ended_at=at)


@transaction.atomic
def send_message_again(message: PeerMessage, *, by: Actor, at: datetime) -> None:
    """A message that failed, with all its tries before it; it is taken once all the same."""
    _check_may(message.peer.area, by)
    if message.peer.ended_at is not None or message.incoming:
        raise Refusal("ended", Words("和这个系统的交换已结束。", "The exchange with it has ended."))
    if message.state == PeerMessage.State.FAILED:
        PeerMessage.objects.filter(pk=message.pk).update(
            state=PeerMessage.State.WAITING, tries=0, due_at=at, error="")
        Peer.objects.filter(pk=message.peer_id).update(failures=0, next_at=None)
        _note(message.peer, "send_message_again", by=by, at=at, message=message.message)


@transaction.atomic
def rotate_own_key(*, by: Actor, at: datetime) -> str:
    """A new key of ours, told to every instance under the old one; its public half.

    It signs once the messages that announce it are kept; they go before all later ones.
    """
    if by != SYSTEM and not can_somewhere(by, "system.edit"):
        raise not_allowed("system.edit")
    public = keyring.add_key()
    for peer in Peer.objects.filter(ended_at__isnull=True):
        put(peer, "key", {"key": public}, at=at)
    trail.append("exchange/key", verb="rotate_own_key", by=by.ref, at=at, changes={"key": public})
    transaction.on_commit(lambda: keyring.promote(public))
    return public


def _take_key(peer: Peer, key: str) -> None:
    if not keyring.is_public_key(key):
        raise Refusal("key", Words("这不是公钥。", "This is not a public key."), Words(
            "从对方的“对接系统”页抄 44 个字符。",
            "Copy the 44 characters from their page of peers."),
            field="key")
    if key_id_of(key) in keyring.own_key_ids():
        raise Refusal("own_key", Words("这是我们自己的公钥。", "This is our own key."), field="key")
    others = Peer.objects.exclude(pk=peer.pk)
    if others.filter(key_id=key_id_of(key)).exists():
        raise Refusal("key_known", Words("这个公钥已登记给别的系统。",
                                         "This key belongs to another peer."), field="key")
    peer.key, peer.key_id = key, key_id_of(key)


def _check(name: str, address: str, stands: str) -> None:
    if not 0 < len(name) <= RULES.longest_name:
        raise Refusal("name", Words("名称 1 至 {n} 字。", "A name has 1–{n} characters.").filled(
            n=RULES.longest_name), field="name")
    if Peer.objects.filter(name=name).exists():
        raise Refusal("name_known", Words("已有叫这个名字的。",
                                          "One of this name is there already."),
                      field="name")
    try:
        target_of(address, settings.OUTGOING_HOSTS)
    except Refusal as refusal:
        refusal.field = "address"
        raise
    if stands not in STANDS:
        raise Refusal("stands", Words("选上级、下级或平级。", "Choose above, below or beside."),
                      field="stands")


def _check_may(area: str, by: Actor) -> None:
    if by != SYSTEM:
        check_can(by, "system.edit", area=area)


def _note(peer: Peer, verb: str, *, by: Actor, at: datetime, **changes: Any) -> None:
    trail.append(stream_of(peer), verb=verb, by=by.ref, at=at, changes=changes)


def stream_of(peer: Peer) -> str:
    """Where the trail keeps what happened to another instance."""
    return f"peer/{peer.pk}"
