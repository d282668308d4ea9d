"""Calling another team to a case: to help, or by a whistle it answers within minutes."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Assist, Case
from yiwang.kernel.cases.names import team_words
from yiwang.kernel.cases.together import WHISTLES, answer_whistle, call_team, release_team
from yiwang.kernel.errors import Refusal
from yiwang.kernel.ids import uuid_or_none
from yiwang.kernel.people.models import Team
from yiwang.shell.doors import Asked, door

from .case import panel_of, seen_again
from .case_forms import read_team, teams_near
from .case_page import CasePage, seen_case

NO_TEAM = Words("请写明叫哪个单位", "name the team to call")


@never_cache
@door("case.view")
def call(request: Asked, case_id: UUID) -> HttpResponse:
    """Call a team, answer a whistle, or let a helper go; the form on a get."""
    case = seen_case(request.actor, case_id)
    if request.method != "POST":
        page = CasePage(case, request.actor, now())
        return _form(request, case) if page.may_call else redirect("case-detail", case.id)
    try:
        said = _act(request, case)
    except Refusal as refusal:
        return _form(request, case, refusal)
    case = seen_again(request, case)
    if request.headers.get("HX-Request"):
        return render(request, "shell/case/panel.html", panel_of(request, case, said=said))
    messages.success(request, str(said))
    return redirect("case-detail", case.id)


def _act(request: Asked, case: Case) -> Words:
    """Do what was asked; what to say about it. Asking twice changes nothing the second time."""
    assist = _assist(request, case)
    if assist is not None and request.POST.get("act") == "answer":
        answer_whistle(assist, by=request.actor, at=now())
        return Words("已应答", "answered")
    if assist is not None and request.POST.get("act") == "release":
        release_team(assist, by=request.actor, at=now())
        return Words("已结束协办", "helper released")
    found, wrong = read_team(request.POST.get("team", ""), teams_near(case))
    team = Team.objects.filter(id__in=_ids(found), until__isnull=True).first()
    if wrong or team is None:
        raise Refusal("no_team", wrong or NO_TEAM, field="team")
    call_team(case, team, by=request.actor, at=now(), whistle=request.POST.get("whistle", ""),
              reason=request.POST.get("reason", "")[:2000])
    return Words("已通知 {team}", "{team} was told").filled(
        team=team_words(team))


def _ids(text: str) -> list[UUID]:
    found = uuid_or_none(text)
    return [found] if found else []


def _assist(request: Asked, case: Case) -> Assist | None:
    wanted = uuid_or_none(request.POST.get("assist", ""))
    return case.assists.filter(id=wanted).first() if wanted else None


def _form(request: Asked, case: Case, refusal: Refusal | None = None) -> HttpResponse:
    context: dict[str, Any] = panel_of(request, case, form=None)
    context |= {"calling": context["page"].may_call, "whistles": WHISTLES,
                "teams": teams_near(case), "typed": request.POST, "refusal": refusal}
    fragment = bool(request.headers.get("HX-Request"))
    template = "shell/case/panel.html" if fragment else "shell/case/detail.html"
    return render(request, template, context, status=422 if refusal else 200)
