"""Events through the JSON API: the desk's list, a report, the classes one may report under."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localdate, now
from ninja import Query, Router

from yiwang.kernel.cases.names import kind_names, unit_names
from yiwang.kernel.cases.opening import case_of
from yiwang.kernel.cases.rules_queries import current_kinds
from yiwang.kernel.records.once import Answer
from yiwang.practices.events.actions import report_event
from yiwang.practices.events.queries.desk import Mark, mark_of, page_of
from yiwang.practices.events.rules import PRACTICE
from yiwang.shell.api.case_shapes import CaseOut, case_out
from yiwang.shell.api.cases import tag_of
from yiwang.shell.api.keyed import Keyed, by_of, operation
from yiwang.shell.api.paging import after, page
from yiwang.shell.api.writing import answered, write
from yiwang.shell.web.case_page import CasePage

from .v1_shapes import (
    CasesAsked,
    CasesOut,
    KindOut,
    KindsAsked,
    KindsOut,
    NewReport,
    line_out,
    question_of,
    report_of,
)

router = Router(tags=["cases"])


@router.get("/cases", response=CasesOut, **operation(
    "cases", "案件列表，筛选同指挥室", "cases, with the desk's filters",
    gate=("cases:read", "case.view"), problems=(422,), headers=("Link",)))
def list_cases(request: HttpRequest, response: HttpResponse,
               asked: Query[CasesAsked]) -> dict[str, Any]:
    """One page in the desk's order: by what falls due, or the newest first."""
    question = question_of(asked)
    rows, more = page_of(question, by_of(request), at=now(), after=_mark(after(asked)),
                         most=asked.limit)
    units = unit_names(case.area for case in rows)
    mark = mark_of(rows[-1], question) if more else None
    last = (mark.moment.isoformat() if mark.moment else "", mark.id) if mark else None
    return page(request, response, asked, [line_out(case, units) for case in rows], last)


@router.post("/cases", response={201: CaseOut}, **operation(
    "report", "上报一件", "report a case", gate=("cases:write", "case.report"),
    problems=(400, 413, 422), headers=("ETag", "Location", "Idempotency-Replayed")))
def report_case(request: Keyed, asked: NewReport) -> HttpResponse:
    """Open a case of the report; ``Location`` is where it is read."""
    at, by = now(), by_of(request)

    def act() -> Answer:
        case = case_of(report_event(report_of(asked), by=by, at=at).id)
        return answered(201, case_out(CasePage(case, by, at)), ETag=tag_of(case),
                        Location=reverse("api-case", args=[case.id]))

    return write(request, asked.model_dump(), act, at=at)


@router.get("/kinds", response=KindsOut, tags=["kinds"], **operation(
    "kinds", "类别", "classes", gate=("cases:read", ""), problems=(422,), headers=("Link",)))
def list_kinds(request: HttpRequest, response: HttpResponse,
               asked: Query[KindsAsked]) -> dict[str, Any]:
    """The class list by code; ``reportable`` are those one may report under today."""
    begins, (mark,) = asked.under or "", after(asked) or [""]
    open_ = set(current_kinds(PRACTICE, on=localdate()))
    found = [(code, words) for code, words in kind_names().items()
             if code > mark and code.startswith(begins)][: asked.limit + 1]
    shown = found[: asked.limit]
    last = (shown[-1][0],) if len(found) > asked.limit else None
    return page(request, response, asked, [
        KindOut(code=code, name=str(words), reportable=code in open_) for code, words in shown
    ], last)


def _mark(values: list[str] | None) -> Mark | None:
    """The mark a cursor holds; it is signed, so it is one of ours."""
    if values is None:
        return None
    moment, id_ = values
    return Mark(datetime.fromisoformat(moment) if moment else None, UUID(id_))
