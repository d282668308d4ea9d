"""Somebody went to look at what a closing had left over."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.evidence import attach_photos
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.step import commit_step
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import Actor, check_can
from yiwang.kernel.records.files import StoredPhoto

from ..rules import PRACTICE, clean
from .field_moves import was_sent

Seen = Literal["settled", "still_there"]


@transaction.atomic
def record_look(
    case_id: UUID, *, seen: str, words: str = "", once_key: str = "",
    photos: tuple[StoredPhoto, ...] = (), by: Actor, at: datetime,
) -> Case:
    """Note what was seen: ``settled`` or ``still_there``. What is still there is reported anew."""
    case = Case.objects.select_related("handler", "holder").get(id=case_id)
    check_can(by, "case.check", area=case.area, practice=PRACTICE)
    if once_key and was_sent(case, once_key):
        return case
    if seen not in ("settled", "still_there"):
        raise Refusal("nothing_chosen", Words("请选看到了什么。", "Choose what you saw."),
                      field="seen")
    kept = attach_photos(case, photos, stage="look", by=by, at=at) if photos else []
    look = {"seen": seen, "words": clean(words), "by": by.ref, "at": at.isoformat(), "photo": kept}
    facts = {**case.facts, "looks": [*case.facts.get("looks", []), look]}
    return commit_step(case, verb="look", by=by, at=at, changes={"facts": facts},
                       note={"once_key": once_key, "seen": seen})
