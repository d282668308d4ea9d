"""A move made in the field, perhaps hours ago without a signal: made once, with its photos."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from yiwang.kernel.cases.evidence import attach_photos
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.step import stream_of
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records.files import StoredPhoto
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.records.photo_bounds import BOUNDS, too_many


@dataclass(frozen=True, slots=True)
class FieldMove:
    """What the phone kept: which case, which move, what was filled in, when it was pressed."""

    case: UUID
    move: str
    given: Mapping[str, str] = field(default_factory=dict)
    once_key: str = ""
    captured_at: datetime | None = None
    photos: tuple[StoredPhoto, ...] = ()


@transaction.atomic
def make_field_move(asked: FieldMove, *, by: Actor, at: datetime) -> Case:
    """Make the move once; the same ``once_key`` again changes nothing and gives the case back.

    Raises ``Refusal`` when somebody else was first, and then nothing is changed.
    """
    case = Case.objects.select_related("handler", "holder").get(id=asked.case)
    if asked.once_key and was_sent(case, asked.once_key):
        return case
    if len(asked.photos) > BOUNDS.most_photos:
        raise too_many()
    note = {"once_key": asked.once_key, "captured_at": asked.captured_at}
    photos = attach_photos(case, asked.photos, stage=asked.move, by=by, at=at, note=note)
    given = {**asked.given, "photo": photos} if photos else asked.given
    return make_move(case, asked.move, by=by, at=at, given=given)


def was_sent(case: Case, once_key: str) -> bool:
    """Whether a step with that key is in the case's trail already."""
    return TrailEntry.objects.filter(
        stream=stream_of(case), verb__in=("attach", "look"), note__once_key=once_key
    ).exists()
