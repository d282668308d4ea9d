"""Photos of a case: added with a trail entry of their own, and found again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.ids import uuid_or_none
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records.files import StoredPhoto, keep_photo
from yiwang.kernel.records.models import Attachment

from .may import open_moves
from .models import Case
from .playbook_store import load
from .playbooks import NeedKind
from .step import commit_step, stream_of

REPORT = "report"  # the stage of photos that came with the report


@transaction.atomic
def attach_photos(
    case: Case, photos: Sequence[StoredPhoto], *, stage: str, by: Actor, at: datetime,
    note: Mapping[str, Any] | None = None,
) -> list[str]:
    """Add stored photos to the case, all or none; returns their ids as text."""
    if not photos and not note:
        return []
    kept = [keep_photo(photo, stream=stream_of(case), stage=stage, by=by.ref, at=at)
            for photo in photos]
    said = [{"id": str(photo.id), "sha256": photo.stored_digest,
             "captured_sha256": photo.captured_digest} for photo in kept]
    commit_step(case, verb="attach", by=by, at=at, changes={},
                note={**(note or {}), "stage": stage, "photos": said})
    return [str(photo.id) for photo in kept]


def can_attach(case: Case, stage: str, *, by: Actor, at: datetime) -> bool:
    """Whether ``by`` may add photos ahead of a step: one open to them now that asks for photos,
    or their own report while nobody has begun on it."""
    playbook = load(case.playbook, case.playbook_version)
    if stage == REPORT:
        return case.opened_by == by.ref and case.state == playbook.start and not case.refusals
    return any(need.kind is NeedKind.PHOTO for move in open_moves(case, playbook, by, at=at)
               if move.code == stage for need in move.needs)


def check_can_attach(case: Case, stage: str, *, by: Actor, at: datetime) -> None:
    """Raise ``Refusal`` where :func:`can_attach` says no."""
    if not can_attach(case, stage, by=by, at=at):
        raise Refusal(
            "not_now", Words("现在没有这一步要你的照片。",
                             "No such step asks for your photos now."),
            Words("看这件案件现在能办什么。", "See what can be done with the case now."))


def photos_for(case: Case, ids: Sequence[str], *, stage: str) -> list[str]:
    """Ids of photos uploaded ahead of a step; raises ``Refusal`` for one that is not of it."""
    wanted = [found for text in ids if (found := uuid_or_none(text))]
    known = set(Attachment.objects.filter(stream=stream_of(case), stage=stage, pk__in=wanted)
                .values_list("pk", flat=True))
    if len(wanted) < len(ids) or set(wanted) - known:
        raise Refusal("no_such_photo", Words("没有为这一步上传过的照片。",
                                             "A photo was not uploaded for this step."),
                      field="fields")
    return [str(id_) for id_ in dict.fromkeys(wanted)]


def photos_of(case: Case) -> list[Attachment]:
    """The case's photos in the order they were added."""
    return list(Attachment.objects.filter(stream=stream_of(case)).order_by("id"))


def case_of_photo(photo: Attachment) -> UUID | None:
    """The case a photo belongs to; None for a photo of something else."""
    kind, _, key = photo.stream.partition("/")
    return UUID(key) if kind == "case" else None
