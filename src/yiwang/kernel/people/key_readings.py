"""How often an address was read, and since when its answer stands: for its owner, and for 304."""

from datetime import datetime

from django.db.models import Case, F, Value, When

from .models import ApiKey, KeyReading


def note_answer(key: ApiKey, tag: str, *, at: datetime) -> datetime:
    """Count one more reading; returns since when the answer with this digest has been given."""
    stands = When(tag=tag, then=F("tag_since"))
    KeyReading.objects.filter(key=key).update(
        times=F("times") + 1, read_at=at, tag_since=Case(stands, default=Value(at)), tag=tag)
    since: datetime | None = KeyReading.objects.values_list("tag_since", flat=True).get(key=key)
    return since or at
