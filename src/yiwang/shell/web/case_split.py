"""Splitting off a part of a case, with its own kind, owner and clock."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import kind_words
from yiwang.kernel.cases.needs import Incomplete
from yiwang.kernel.cases.rules_queries import current_kinds
from yiwang.kernel.cases.together import open_child
from yiwang.kernel.errors import Refusal
from yiwang.shell.doors import Asked, door

from .case import panel_of, seen_again
from .case_page import CasePage, seen_case

LONGEST_KEY = 60  # characters of the key that makes a second press harmless


@never_cache
@door("case.view")
def split(request: Asked, case_id: UUID) -> HttpResponse:
    """The form on a get; on a post the part is opened and the case shown with it."""
    case = seen_case(request.actor, case_id)
    if request.method != "POST":
        page = CasePage(case, request.actor, now())
        return _form(request, case) if page.may_split else redirect("case-detail", case.id)
    try:
        part = _opened(request, case)
    except Refusal as refusal:
        return _form(request, seen_again(request, case), refusal)
    said = Words("已拆出 {number}", "{number} was split off").filled(number=part.number)
    if request.headers.get("HX-Request"):
        case = seen_again(request, case)
        return render(request, "shell/case/panel.html", panel_of(request, case, said=said))
    messages.success(request, str(said))
    return redirect("case-detail", case.id)


def _opened(request: Asked, case: Case) -> Case:
    typed = {name: request.POST.get(name, "") for name in ("kind", "title", "text")}
    once = request.POST.get("idempotency_key", "")[:LONGEST_KEY]
    return open_child(case, **typed, by=request.actor, at=now(), once_key=once or None)


def _form(request: Asked, case: Case, refusal: Refusal | None = None) -> HttpResponse:
    typed = request.POST if refusal else {"kind": case.kind}
    context: dict[str, Any] = panel_of(request, case, form=None)
    context |= {"splitting": True, "kinds": kinds_for(case), "typed": typed,
                "wrong": refusal.wrong if isinstance(refusal, Incomplete) else {},
                "refusal": refusal}
    fragment = bool(request.headers.get("HX-Request"))
    template = "shell/case/panel.html" if fragment else "shell/case/detail.html"
    return render(request, template, context, status=422 if refusal else 200)


def kinds_for(case: Case) -> list[tuple[str, Words]]:
    """Kinds a part may be of: today's list, the case's own first."""
    codes = dict.fromkeys([case.kind, *current_kinds(case.practice, on=localdate())])
    return [(code, kind_words(code)) for code in codes]
