"""Files and rows of imports that nobody needs any more: they hold what other systems wrote."""

from datetime import datetime, timedelta

from django.db import transaction

from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records import trail
from yiwang.practices.events.models import ImportRun, RejectedRow

from .uploads import drop_upload

UPLOAD_KEPT = timedelta(days=7)  # own choice: an upload that nobody began
REJECTS_KEPT = timedelta(days=90)  # own choice: a quarter to mend and bring in again
STREAM = "retention/imports"


@transaction.atomic
def forget_imports(*, at: datetime) -> tuple[int, int]:
    """Drop uploads never begun and old rejected rows; how many of each. Safe to repeat."""
    begun = ImportRun.objects.filter(state=ImportRun.State.READY, started_at__lt=at - UPLOAD_KEPT)
    uploads = list(begun)
    for run in uploads:
        drop_upload(run)
        run.delete()
    rows, _ = RejectedRow.objects.filter(run__finished_at__lt=at - REJECTS_KEPT).delete()
    if uploads or rows:
        trail.append(STREAM, verb="forget_imports", by=SYSTEM.ref, at=at,
                     changes={"uploads": len(uploads), "rows": rows})
    return len(uploads), rows
