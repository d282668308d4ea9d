"""A move asked for through a page: read, made once, or answered with the form and what is wrong."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.needs import Incomplete
from yiwang.kernel.cases.photo_moves import make_move_with_photos
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.cases.playbooks import Move, NeedKind
from yiwang.kernel.cases.step import somebody_else, stream_of
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records.files import StoredPhoto, store_photo
from yiwang.kernel.records.models import TrailEntry

from .case_forms import Typed, given_from, names_team, teams_near

REPLAY = timedelta(minutes=2)  # a second press or a browser's replay comes within this
MOST_PHOTOS = 9  # with one step
HIDDEN = frozenset({"version", "csrfmiddlewaretoken", "idempotency_key", "panel"})


@dataclass(slots=True)
class Answer:
    """What came of it: the case as it is now, whether it is done, and what stands against it."""

    case: Case
    done: bool
    wrong: dict[str, Words] = field(default_factory=dict)
    refusal: Refusal | None = None
    stale: bool = False


def typed_in(request: HttpRequest) -> Typed:
    """What was typed, by need, and the version of the case the form was made for."""
    texts = {name: request.POST.get(name, "") for name in request.POST if name not in HIDDEN}
    files = {name: request.FILES.getlist(name) for name in request.FILES}
    version = request.POST.get("version", "")
    known = version.isascii() and version.isdigit() and len(version) < 10
    return Typed(texts, files, int(version) if known else -1)


def move_named(case: Case, code: str) -> Move | None:
    """The move of that code from the case's state; else from anywhere in its playbook."""
    playbook = load(case.playbook, case.playbook_version)
    from_here = [move for move in playbook.moves_from(case.state) if move.code == code]
    return next(iter(from_here or [m for m in playbook.moves if m.code == code]), None)


def take_step(
    case: Case, move: Move, typed: Typed, *, by: Actor, at: datetime
) -> Answer:
    """Make the move once: a replay is answered as done, a stale form as somebody else's step."""
    if typed.version != case.version:
        return _not_current(case, move.code, typed.version, by=by, at=at)
    given, wrong = given_from(move, typed, teams_near(case) if names_team(move) else ())
    try:
        photos = _stored(move, typed)
        made = make_move_with_photos(case, move.code, by=by, at=at, given=given, photos=photos)
    except Incomplete as incomplete:
        return Answer(case, False, {**incomplete.wrong, **wrong})
    except SomebodyElseDecided:
        now = Case.objects.select_related("handler", "holder").get(id=case.id)
        return _not_current(now, move.code, typed.version, by=by, at=at)
    except Refusal as refusal:
        beside = {refusal.field: refusal.what} if refusal.field else {}
        return Answer(case, False, {**beside, **wrong}, refusal)
    return Answer(made, True)


def _not_current(case: Case, code: str, version: int, *, by: Actor, at: datetime) -> Answer:
    if already_done(case.id, code, version, by=by, at=at):
        return Answer(case, True)
    return Answer(case, False, refusal=somebody_else(), stale=True)


def already_done(case_id: UUID, code: str, version: int, *, by: Actor, at: datetime) -> bool:
    """Whether this very step was made by this person a moment ago: the same press, come twice.

    It is the next entry of the trail, or the one after where photos came with it.
    """
    made = TrailEntry.objects.filter(
        stream=stream_of(Case(id=case_id)), seq__in=(version + 1, version + 2), verb=code,
        by=by.ref, at__gte=at - REPLAY)
    return made.exists()


def _stored(move: Move, typed: Typed) -> dict[str, list[StoredPhoto]]:
    """Uploaded pictures, checked and re-encoded; raises ``Refusal`` at the field they came in."""
    stored: dict[str, list[StoredPhoto]] = {}
    for need in move.needs:
        uploads = typed.files.get(need.name, []) if need.kind is NeedKind.PHOTO else []
        if uploads:
            bounded = _bounded(uploads, need.name)
            stored[need.name] = [_store(upload, need.name) for upload in bounded]
    return stored


def _bounded(uploads: list[Any], name: str) -> list[Any]:
    if len(uploads) > MOST_PHOTOS:
        many = Words("一次最多 {n} 张照片。", "At most {n} photos at once.").filled(n=MOST_PHOTOS)
        raise Refusal("too_many_photos", many, field=name)
    return uploads


def _store(upload: Any, name: str) -> StoredPhoto:
    try:
        return store_photo(upload.file, name=str(upload.name)[:120])
    except Refusal as refusal:
        refusal.field = name
        raise
