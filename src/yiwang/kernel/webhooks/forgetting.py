"""The log of what was told is kept for a while and then dropped."""

from datetime import datetime

from django.db import transaction

from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records import trail

from .models import Delivery, Told
from .rules import RULES

AT_ONCE = 5000  # rows in one round
STREAM = "retention/webhooks"


@transaction.atomic
def forget_told(*, at: datetime) -> int:
    """Drop events older than the log is kept, but for those that still wait; returns how many."""
    before = at - RULES.log_kept
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, told__at__lt=before)
    old = Told.objects.filter(at__lt=before).exclude(seq__in=waiting.values("told"))
    gone = list(old.order_by("at").values_list("seq", flat=True)[:AT_ONCE])
    if gone:
        Told.objects.filter(seq__in=gone).delete()
        trail.append(STREAM, verb="forget_told", by=SYSTEM.ref, at=at, changes={"n": len(gone)})
    return len(gone)
