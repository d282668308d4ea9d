"""A letter obeyed, once: the case opened, the news written down, the lawful step made."""

import base64
import io
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.evidence import attach_photos
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.opening import case_of, open_case
from yiwang.kernel.cases.step import commit_step
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.people.models import Peer
from yiwang.kernel.people.rules import Actor, Grant
from yiwang.kernel.practice import practices
from yiwang.kernel.records.files import StoredPhoto, store_photo

from .hearing import OPEN, hands_of
from .models import Handed, PeerMessage
from .opening import Letter, malformed, opened
from .peers import replace_key
from .post import receipt
from .rules import KINDS, STATES, digest_of
from .travel import Traveller, unpacked

Result = dict[str, Any]
TAKEN, REFUSED, STALE = "taken", "refused", "stale"


def receive(wire: Any, *, at: datetime) -> dict[str, Any]:
    """Obey a letter and answer it with a signed receipt; the same one again changes nothing.

    Raises ``Refusal`` where it is not taken at all; then the sender tries again later.
    """
    letter = opened(wire, at=at)
    result = _before(letter) or _taken(letter, at)
    return receipt(letter.said, letter.said["key"], result, at=at)


def _before(letter: Letter) -> Result | None:
    """What was answered when it came the first time."""
    seen = PeerMessage.objects.filter(peer=letter.peer, incoming=True, message=letter.id).first()
    if seen is None:
        return None
    if seen.digest != digest_of(letter.said):
        raise Refusal("id_used", Words("这个消息编号已用过。", "This message id was used before."))
    return dict(seen.receipt)


def _taken(letter: Letter, at: datetime) -> Result:
    if letter.kind not in KINDS:
        raise malformed()
    photos = _photos(letter) if letter.kind == "hand" else ()
    try:
        with transaction.atomic():
            result = _OBEY[letter.kind](letter, photos, at)
            _keep(letter, result, at)
    except IntegrityError:
        if result_before := _before(letter):  # two copies at once: the other one was first
            return result_before
        raise
    return result


def _keep(letter: Letter, result: Result, at: datetime) -> None:
    PeerMessage.objects.create(
        peer=letter.peer, incoming=True, message=letter.id, kind=letter.kind, about=letter.about,
        step=letter.step, body=letter.body, digest=digest_of(letter.said),
        key_id=letter.said["key"], at=at, due_at=at, done_at=at, receipt=result,
        state=PeerMessage.State.DONE)
    Peer.objects.filter(pk=letter.peer.pk).update(heard_at=at)


def _photos(letter: Letter) -> tuple[StoredPhoto, ...]:
    """The pictures, each with the hash the letter names; raises ``Refusal`` where one differs."""
    wanted = unpacked(letter.body, above=False).pictures
    if set(wanted) != letter.pictures.keys():
        raise malformed()
    try:
        files = [(digest, base64.b64decode(letter.pictures[digest], validate=True))
                 for digest in wanted]
    except (ValueError, TypeError):
        raise malformed() from None
    return tuple(store_photo(io.BytesIO(content), name=f"{digest[:12]}.jpg", claimed_digest=digest)
                 for digest, content in files)


def _take_hand(letter: Letter, photos: tuple[StoredPhoto, ...], at: datetime) -> Result:
    peer, hand = letter.peer, letter.about or letter.id
    traveller = unpacked(letter.body, above=peer.stands == Peer.Stands.ABOVE)
    try:
        with transaction.atomic():
            case = _open(traveller, peer, photos, at)
    except Refusal as refusal:
        return {"result": REFUSED, "reason": f"{refusal.what.zh}{refusal.todo.zh}"}
    Handed.objects.create(
        hand=hand, peer=peer, incoming=True, case=case, state=Handed.State.ARRIVED, at=at,
        changed_at=at, their_number=traveller.number, their_due_at=traveller.due_at,
        said={"reason": traveller.reason})
    return {"result": TAKEN, "number": case.number}


def _open(traveller: Traveller, peer: Peer, photos: tuple[StoredPhoto, ...], at: datetime) -> Case:
    """The case of a traveller; its practice says how, and refuses what it does not deal with."""
    known = traveller.practice in practices and practices[traveller.practice].take_handed
    if not known:
        raise Refusal("practice", Words("我们这里不办这类业务。",
                                        "We do not deal with this line of work."))
    by = actor_of(peer)
    note = {"their_number": traveller.number, "reason": traveller.reason}
    case = open_case(known(traveller, at=at), by=by, at=at, note=note)
    if photos:
        attach_photos(case, photos, stage="report", by=by, at=at)
    return case


def _take_status(letter: Letter, photos: tuple[StoredPhoto, ...], at: datetime) -> Result:
    handed = _known(letter, incoming=False)
    state = str(letter.body.get("state", ""))
    if state not in STATES:
        raise malformed()
    if letter.step <= handed.seen_step:
        return {"result": STALE}
    apply_news(handed, state, letter.body, at=at, step=letter.step)
    return {"result": TAKEN}


def _take_recall(letter: Letter, photos: tuple[StoredPhoto, ...], at: datetime) -> Result:
    handed = _known(letter, incoming=True)
    reason = str(letter.body.get("reason", ""))[:2000]
    Handed.objects.filter(pk=handed.pk).update(
        state=Handed.State.RECALLED, seen_step=letter.step, changed_at=at, said={"reason": reason})
    commit_step(case_of(handed.case_id), verb="peer_recall", by=actor_of(letter.peer), at=at,
                changes={}, note={"reason": reason})
    return {"result": TAKEN}


def _take_key(letter: Letter, photos: tuple[StoredPhoto, ...], at: datetime) -> Result:
    """Their new key, told under one that counts."""
    replace_key(letter.peer, str(letter.body.get("key", "")), by=_keeper(letter.peer), at=at)
    return {"result": TAKEN}


_OBEY: dict[str, Callable[[Letter, tuple[StoredPhoto, ...], datetime], Result]] = {
    "hand": _take_hand, "status": _take_status, "recall": _take_recall, "key": _take_key,
}


def _known(letter: Letter, *, incoming: bool) -> Handed:
    found = Handed.objects.select_for_update().filter(peer=letter.peer, incoming=incoming)
    handed = found.filter(hand=letter.about).first() if letter.about else None
    if handed is None:
        raise Refusal("no_such_hand", Words("没有这次转办。", "We know of no such hand-over."))
    return handed


def apply_news(
    handed: Handed, state: str, said: dict[str, Any], *, at: datetime, step: int
) -> None:
    """Write down how far it is there, and make the step that follows here, where one is lawful."""
    waiting = handed.state in OPEN
    kept = {name: str(said[name])[:10_000] for name in ("reason", "result", "done", "for_person")
            if said.get(name)}
    Handed.objects.filter(pk=handed.pk).update(
        state=state, said=kept, seen_step=step, changed_at=at,
        their_number=str(said.get("number") or handed.their_number)[:24])
    case, by = case_of(handed.case_id), actor_of(handed.peer, handed.case)
    if not (waiting and _stepped(case, handed, state, kept, by, at)):
        commit_step(case, verb=f"peer_{state}", by=by, at=at, changes={}, note=kept)


def _stepped(case: Case, handed: Handed, state: str, said: dict[str, str], by: Actor,
             at: datetime) -> bool:
    """Whether the news moved the case; a step that is not lawful any more is left to people."""
    move = next((one for one in hands_of(case.practice) if one.code == handed.move), None)
    code = {"refused": move.back, "closed": move.done}.get(state, "") if move else ""
    if not code:
        return False
    try:
        with transaction.atomic():
            make_move(case, code, by=by, at=at, given=said)
    except SomebodyElseDecided:
        raise  # the letter comes again and meets the case as it is then
    except Refusal:
        return False
    return True


def actor_of(peer: Peer, case: Case | None = None) -> Actor:
    """The other instance as somebody who acts here: on this case, by the steps it may make."""
    grants = () if case is None else (
        Grant("peer", frozenset({"case.triage"}), case.area, case.practice),)
    return Actor(f"peer/{peer.pk}", peer.name, grants)


def _keeper(peer: Peer) -> Actor:
    """The other instance as the keeper of its own key."""
    return Actor(f"peer/{peer.pk}", peer.name,
                 (Grant("peer", frozenset({"system.edit"}), peer.area),))
