"""What is kept no longer than it is needed: whom to answer, after the answer has stood.

个人信息保护法 §19: the shortest time the purpose needs. The case itself stays; it names nobody.
"""

from datetime import datetime, timedelta

from django.db import transaction

from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records import trail

from .models import Reporter

CONTACT_KEPT = timedelta(days=90)  # after closing; own choice: three times guards.REOPEN_WITHIN
AT_ONCE = 2000  # contacts in one round of the worker
STREAM = "retention/contacts"


@transaction.atomic
def forget_contacts(*, at: datetime) -> int:
    """Delete names and numbers of reporters whose case closed that long ago; returns how many.

    Safe to repeat. The trail keeps that it was done, and of how many, not of whom.
    """
    old = Reporter.objects.filter(case__is_open=False, case__closed_at__lt=at - CONTACT_KEPT)
    gone = Reporter.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE]))
    count, _ = gone.delete()
    if count:
        trail.append(STREAM, verb="forget_contacts", by=SYSTEM.ref, at=at,
                     changes={"contacts": count})
    return count
