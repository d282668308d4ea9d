"""Bodies of old messages are dropped; that they were exchanged, and their digest, stays."""

from datetime import datetime

from django.db import transaction

from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records import trail

from .models import PeerMessage
from .rules import RULES

AT_ONCE = 2000  # messages in one round
STREAM = "retention/exchange"


@transaction.atomic
def forget_bodies(*, at: datetime) -> int:
    """Empty the bodies of messages done long ago; returns how many. Safe to repeat."""
    old = PeerMessage.objects.filter(done_at__lt=at - RULES.body_kept).exclude(body={})
    gone = list(old.order_by("done_at").values_list("pk", flat=True)[:AT_ONCE])
    if gone:
        PeerMessage.objects.filter(pk__in=gone).update(body={})
        trail.append(STREAM, verb="forget_bodies", by=SYSTEM.ref, at=at, changes={"n": len(gone)})
    return len(gone)
