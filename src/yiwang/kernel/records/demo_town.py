"""Whether this instance is a demo town: its trail says so from its first day."""

from datetime import datetime

from django.db import transaction

from . import trail
from .models import TrailEntry

STREAM = "demo"
BEGIN, FINISH = "begin", "finish"


def is_demo() -> bool:
    """Whether the demo's made people live here."""
    return TrailEntry.objects.filter(stream=STREAM).exists()


def is_finished() -> bool:
    """Whether all of the demo is in place."""
    return TrailEntry.objects.filter(stream=STREAM, verb=FINISH).exists()


@transaction.atomic
def note(verb: str, *, by: str, at: datetime) -> None:
    """Write down that the demo was begun, or is finished."""
    trail.append(STREAM, verb=verb, by=by, at=at)
