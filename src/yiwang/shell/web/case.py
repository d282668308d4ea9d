"""The page of a case, for every practice: what it is, what happened, what can be done next."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel import rows
from yiwang.kernel.cases.closing import closing_flags
from yiwang.kernel.cases.contact import unmask_contact
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.opening import case_of
from yiwang.kernel.cases.playbooks import Move, NeedKind
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Team
from yiwang.shell.doors import Asked, door, refused
from yiwang.shell.refusals import status_of

from .case_forms import MoveForm, Offered, Typed, move_form, names_case, names_team, teams_near
from .case_near import cases_near, recent_teams
from .case_page import CasePage, seen_case
from .case_steps import Answer, move_named, take_step, typed_in

CASES = "cases/"  # where whole pages of cases lie
MOVED = "case-moved"  # the event a page hears when a step was made
DONE = Words("已办：{move} · {number}", "Done: {move} · {number}")
GIVEN = Words("已办：{move} · {number} → {team}", "Done: {move} · {number} → {team}")


@never_cache
@door("case.view")
def detail(request: Asked, case_id: UUID) -> HttpResponse:
    """The whole page."""
    case = seen_case(request.actor, case_id)
    return render(request, "shell/case/detail.html", panel_of(request, case))


@never_cache
@door("case.view")
def panel(request: Asked, case_id: UUID) -> HttpResponse:
    """The same as a fragment, for the right side of a desk."""
    case = seen_case(request.actor, case_id)
    return render(request, "shell/case/panel.html", panel_of(request, case))


@never_cache
@door("case.view")
def move(request: Asked, case_id: UUID, move: str) -> HttpResponse:
    """The form of one move, and the move itself when it is sent."""
    case = seen_case(request.actor, case_id)
    found = move_named(case, move)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _asked(request, case, found)
    typed = typed_in(request)
    answer = take_step(case, found, typed, by=request.actor, at=now())
    return _done(request, answer.case, found) if answer.done else _again(
        request, answer, found, typed)


@require_POST
@door("case.unmask")
def unmask(request: Asked, case_id: UUID) -> HttpResponse:
    """The reporter's contact in full, once; the look is in the trail."""
    case = seen_case(request.actor, case_id)
    try:
        contact = unmask_contact(case, by=request.actor, at=now())
    except Refusal as refusal:
        return refused(request, refusal, status=status_of(refusal))
    template = "shell/case/contact.html" if _by_htmx(request) else "shell/case/contact_page.html"
    return render(request, template, {"contact": contact, "case": case})


@require_POST
@door("case.view")
def closing_words(request: Asked, case_id: UUID) -> HttpResponse:
    """What a closing text lacks, while it is being written; changes nothing."""
    seen_case(request.actor, case_id)
    flags = closing_flags(typed_in(request).texts)
    return render(request, "shell/case/flags.html", {"flags": flags})


def panel_of(request: Asked, case: Case, **more: Any) -> dict[str, Any]:
    """Template context of a case's panel."""
    page = CasePage(case, request.actor, now())
    at_once = page.main_move if "form" not in more and _asked_at_once(page) else None
    shown = {"form": form_of(page, at_once), "form_move": at_once} if at_once else {}
    return {"page": page, "case": case, "on_desk": _by_htmx(request),
            "full": _on_whole_page(request), **shown, **more}


def _on_whole_page(request: HttpRequest) -> bool:
    """Whether a fragment goes back into the whole page of a case, not beside a list."""
    _, _, address = request.headers.get("HX-Current-URL", "").partition("://")
    return address.partition("/")[2].startswith(CASES)


def _asked_at_once(page: CasePage) -> bool:
    """Whether the main move's form stands open: when it only asks for a team, and none is known."""
    main = page.main_move
    if main is None or page.case.handler_id or page.suggestion is not None:
        return False
    wanted = [need for need in main.needs if need.required]
    return len(wanted) == 1 and wanted[0].kind is NeedKind.TEAM


def form_of(page: CasePage, move: Move, typed: Typed | None = None, **more: Any) -> MoveForm:
    """The form of a move; the page then offers what it may be filled with."""
    offer(page, move)
    return move_form(move, typed=typed, **more)


def offer(page: CasePage, move: Move) -> None:
    """Let the page offer teams and cases to pick from; queries only for what the move asks."""
    teams = teams_near(page.case) if names_team(move) else []
    cases = cases_near(page.case) if names_case(move) else []
    recent = recent_teams(page.case) if teams else ()
    if page.suggested_team and teams:
        recent = tuple(dict.fromkeys((page.suggested_team, *recent)))
    page.offered = Offered(teams, cases, recent)


def _asked(request: Asked, case: Case, found: Move) -> HttpResponse:
    page = CasePage(case, request.actor, now())
    if found.code not in {offered.code for offered in page.moves}:
        return redirect("case-detail", case.id) if not _by_htmx(request) else render(
            request, "shell/case/panel.html", panel_of(request, case))
    context = {"page": page, "case": case, "form": form_of(page, found), "form_move": found,
               "on_desk": _by_htmx(request)}
    template = "shell/case/move.html" if _by_htmx(request) else "shell/case/detail.html"
    return render(request, template, context)


def _done(request: Asked, case: Case, found: Move) -> HttpResponse:
    if not _by_htmx(request):
        if names_team(found):
            case.handler = rows.one(Team, id=case.handler_id) if case.handler_id else None
        messages.success(request, str(done_words(case, found)))
        return redirect("case-detail", case.id)
    case = seen_again(request, case)
    said = done_words(case, found)
    answer = render(request, "shell/case/panel.html", panel_of(request, case, said=said))
    detail = {"id": str(case.id), "state": case.state, "open": case.is_open, "said": str(said)}
    answer["HX-Trigger"] = json.dumps({MOVED: detail})
    return answer


def done_words(case: Case, found: Move) -> Words:
    """What was done, of which case, and to whom it went: the desk shows the next case already."""
    if names_team(found) and case.handler is not None:
        team = Words(case.handler.name, case.handler.name_en or case.handler.name)
        return GIVEN.filled(move=found.label, number=case.number, team=team)
    return DONE.filled(move=found.label, number=case.number)


def seen_again(request: Asked, case: Case) -> Case:
    """The case after a step, with its new teams; whoever handed it on may see the answer still."""
    return case_of(case.id)


def _again(request: Asked, answer: Answer, found: Move, typed: Typed) -> HttpResponse:
    """The latest of the case and the form as it was typed, with what is wrong beside each field."""
    case = seen_again(request, answer.case)
    page = CasePage(case, request.actor, now())
    form = form_of(page, found, typed, wrong=answer.wrong)
    still_open = found.code in {offered.code for offered in page.moves}
    status = 409 if answer.stale and not _by_htmx(request) else 422
    context = {"page": page, "case": case, "form": form, "form_move": found,
               "refusal": answer.refusal, "lost": not still_open, "wrong": answer.wrong,
               "on_desk": _by_htmx(request), "full": _on_whole_page(request)}
    template = "shell/case/panel.html" if _by_htmx(request) else "shell/case/detail.html"
    return render(request, template, context, status=status)


def _by_htmx(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))
