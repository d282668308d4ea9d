"""One report taken from a request: what the plain page and the outbox of the phone share."""

from dataclasses import dataclass, field

from django.utils import timezone

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.needs import Incomplete
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import can_somewhere
from yiwang.kernel.records.pace import keep_pace
from yiwang.shell.callers import caller_address
from yiwang.shell.doors import Asked

from ..actions import report_event
from ..actions.report import both
from ..rules import REPORT_PACE
from .report_form import HONEYPOT, photos_of, report_of


@dataclass(frozen=True, slots=True)
class Taken:
    """The case, or what is wrong by field ('' is the whole), with the HTTP status to answer."""

    case: Case | None = None
    wrong: dict[str, Words] = field(default_factory=dict)
    code: str = ""
    status: int = 200


def take_report(request: Asked) -> Taken:
    """Store the photos, report the event; a refusal becomes words at its field."""
    at = timezone.now()
    works = can_somewhere(request.actor, "case.report")
    if request.POST.get(HONEYPOT):
        return Taken(wrong={"": TRAP}, code="trap", status=422)
    try:
        if not works:
            keep_pace(REPORT_PACE, caller_address(request), at=at)
        photos, bad_photo = photos_of(request)
        if bad_photo is not None:
            raise bad_photo
        report = report_of(request, photos, channel="grid" if works else "resident")
        return Taken(case=report_event(report, by=request.actor, at=at))
    except Incomplete as incomplete:
        return Taken(wrong=incomplete.wrong, code=incomplete.code, status=422)
    except Refusal as refusal:
        status = 429 if refusal.code == "too_often" else 422
        return Taken(wrong={refusal.field: both(refusal)}, code=refusal.code, status=status)


TRAP = Words("有一个看不见的框被填了，系统当成了机器。请清空后再发。",
             "A hidden field was filled, so this looks like a machine. Empty it and send again.")
