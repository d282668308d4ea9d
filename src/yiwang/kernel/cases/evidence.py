"""Photos of a case: added with a trail entry of their own, and found again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records.files import StoredPhoto, keep_photo
from yiwang.kernel.records.models import Attachment

from .models import Case
from .step import commit_step, stream_of


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


def photos_of(case: Case) -> list[Attachment]:
    """The case's photos in the order they were added."""
    return list(Attachment.objects.filter(stream=stream_of(case)).order_by("id"))


def case_of_photo(photo: Attachment) -> UUID | None:
    """The case a photo belongs to; None for a photo of something else."""
    kind, _, key = photo.stream.partition("/")
    return UUID(key) if kind == "case" else None
