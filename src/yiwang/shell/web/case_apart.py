"""“Not the same”: two cases are told apart by one press, and nobody is asked again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.joining import tell_apart
from yiwang.kernel.errors import Refusal
from yiwang.shell.doors import Asked, door

from .case import panel_of, seen_again
from .case_page import seen_case

SAID_APART = Words("已记下：不是同一件，不再提示。",
                   "Noted: another matter; nobody is asked again.")


@require_POST
@door("case.triage")
def apart(request: Asked, case_id: UUID, other: UUID) -> HttpResponse:
    """“Not the same”: one press; the pair is not asked about again."""
    case = seen_case(request.actor, case_id)
    refusal: Refusal | None = None
    try:
        tell_apart(case, other, by=request.actor, at=now())
    except Refusal as refused:
        refusal = refused
    said = None if refusal else SAID_APART
    if request.headers.get("HX-Request"):
        context = panel_of(request, seen_again(request, case), said=said, refusal=refusal)
        return render(request, "shell/case/panel.html", context, status=422 if refusal else 200)
    (messages.error if refusal else messages.success)(request, str(refusal or said))
    return redirect("case-detail", case.id)

