"""A move with photos: pictures and step are taken together, or neither is kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records.files import StoredPhoto

from .evidence import attach_photos
from .models import Case
from .moves import make_move


def make_move_with_photos(
    case: Case, code: str, *, by: Actor, at: datetime, given: Mapping[str, Any],
    photos: Mapping[str, Sequence[StoredPhoto]],
) -> Case:
    """Make the move; ``photos`` are by need, and their rows' ids stand in its trail entry."""
    if not photos:
        return make_move(case, code, by=by, at=at, given=given)
    with transaction.atomic():
        kept = {need: attach_photos(case, taken, stage=code, by=by, at=at)
                for need, taken in photos.items()}
        return make_move(case, code, by=by, at=at, given={**given, **kept})
