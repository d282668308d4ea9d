"""Bulk triage for a surge: the same step for many cases, previewed, each in its own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.may import open_moves
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.cases.queries import visible_cases
from yiwang.kernel.ids import uuid_or_none
from yiwang.practices.events.queries.desk import PRACTICE
from yiwang.shell.doors import Asked, door
from yiwang.shell.web.case_forms import (
    MoveForm,
    Offered,
    Typed,
    move_form,
    teams_in_county,
)
from yiwang.shell.web.case_steps import Answer, take_step, typed_in

MOST = 200  # cases in one go: a page of preview somebody can still read
STEPS = ("assign", "merge", "reject")
NOTHING = Words("没有选中案件", "no case was chosen")
ITSELF = Words("别的并入这一件", "the others go into this one")
NOT_OPEN = Words("现在不能办这一步", "this step is not open to it now")


@dataclass(slots=True)
class Line:
    """One case of the lot: whether the step is open to it, and afterwards what came of it."""

    case: Case
    ready: bool
    done: bool = False
    said: str = ""


@never_cache
@require_POST
@door("case.triage")
def bulk(request: Asked) -> HttpResponse:
    """First press: the preview with the form. ``go``: the step, case by case, with each result."""
    cases = chosen(request)
    move_code = request.POST.get("step", "")
    if not cases or move_code not in STEPS:
        return render(request, "events/desk/bulk.html", {"nothing": True}, status=422)
    lines = [_line(case, move_code, request) for case in cases]
    typed = typed_in(request)
    if "go" not in request.POST:
        return _preview(request, lines, move_code, Typed())
    _set_target_apart(lines, move_code, typed)
    for line in lines:
        if line.ready:
            _take(line, move_code, typed, request)
    wrong = any(not line.done and line.ready for line in lines) and not any(
        line.done for line in lines)
    if wrong:
        return _preview(request, lines, move_code, typed, status=422)
    return render(request, "events/desk/bulk.html", {
        "lines": lines, "results": True, "step": move_code,
        "done": sum(line.done for line in lines), "left": sum(not line.done for line in lines)})


def chosen(request: Asked) -> list[Case]:
    """The chosen cases that the reader may triage, in the order of what falls due; one query."""
    ids: list[UUID] = [id_ for text in request.POST.getlist("lot")[:MOST]
                       if (id_ := uuid_or_none(text))]
    cases = visible_cases(request.actor, practice=PRACTICE, capability="case.triage")
    return list(cases.filter(id__in=ids).select_related("handler", "holder")
                .order_by("due_at", "id"))


def _line(case: Case, code: str, request: Asked) -> Line:
    playbook = load(case.playbook, case.playbook_version)
    offered = {move.code for move in open_moves(case, playbook, request.actor, at=now())}
    ready = code in offered
    return Line(case, ready, said="" if ready else str(NOT_OPEN))


def _set_target_apart(lines: Sequence[Line], code: str, typed: Typed) -> None:
    """The case that the others are merged into may be one of the lot: it stays as it is."""
    target = typed.texts.get("case", "").strip().upper()
    for line in lines:
        if code == "merge" and line.case.number == target:
            line.ready, line.said = False, str(ITSELF)


def _take(line: Line, code: str, typed: Typed, request: Asked) -> None:
    """One case, one transaction; the version it was previewed at guards against a second press."""
    version = request.POST.get(f"version-{line.case.id}", "")
    move = next(m for m in load(line.case.playbook, line.case.playbook_version).moves_from(
        line.case.state) if m.code == code)
    asked = Typed(typed.texts, {}, int(version) if version.isdigit() and len(version) < 10 else -1)
    answer = take_step(line.case, move, asked, by=request.actor, at=now())
    line.done = answer.done
    line.said = "" if answer.done else _reason(answer)


def _reason(answer: Answer) -> str:
    said = [str(words) for words in answer.wrong.values()]
    return str(Words("；", "; ")).join(said) or str(answer.refusal or "")


def _preview(
    request: HttpRequest, lines: Sequence[Line], code: str, typed: Typed, *, status: int = 200
) -> HttpResponse:
    first = lines[0].case
    teams = teams_in_county(first.area) if code == "assign" else []
    cases = [(line.case.number, line.case.title) for line in lines]
    move = next(m for m in load(first.playbook, first.playbook_version).moves if m.code == code)
    sent = typed if typed.texts else None
    form: MoveForm = move_form(move, typed=sent)
    context: dict[str, Any] = {
        "lines": lines, "move": move, "form": form, "step": code,
        "ready": sum(line.ready for line in lines), "offered": Offered(teams, cases),
        "page": {"offered": Offered(teams, cases)}}
    return render(request, "events/desk/bulk.html", context, status=status)
