"""Monthly reports: asked for, watched while they are made, read, downloaded, issued."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Language, Words, reading_language
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import Actor, can, not_allowed
from yiwang.kernel.people.scopes import widest
from yiwang.kernel.reports.actions import ask_report, issue_report
from yiwang.kernel.reports.counting import period_of
from yiwang.kernel.reports.document import Block, Cell, Chart, Document, Table, from_json
from yiwang.kernel.reports.making import PRACTICE
from yiwang.kernel.reports.models import MonthlyReport
from yiwang.kernel.reports.months import Month
from yiwang.kernel.reports.names import area_called
from yiwang.kernel.reports.numbering import number_words
from yiwang.kernel.reports.queries import areas_offered, reports_seen

from ..doors import Asked, door, refused
from ..figures import Part, address_of
from ..reports.charts import svg

PAGE = 30
STATES: dict[str, tuple[str, Words]] = {
    MonthlyReport.State.MAKING: ("warn", Words("编制中", "being made")),
    MonthlyReport.State.DRAFT: ("idle", Words("草稿", "draft")),
    MonthlyReport.State.ISSUED: ("ok", Words("已签发", "issued")),
    MonthlyReport.State.BROKEN: ("bad", Words("没有编成", "not made")),
}
FORMS: dict[str, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@door("figures.view")
def reports(request: Asked) -> HttpResponse:
    """The reports a person sees, and a form that asks for one."""
    refusal = None
    if request.method == "POST":
        try:
            made = ask_report(PRACTICE, request.POST.get("area", ""), request.POST.get("month", ""),
                              by=request.actor, at=timezone.now())
            return redirect("monthly-report", made.pk)
        except Refusal as said:
            refusal = said
    areas = areas_offered(request.actor, PRACTICE)
    last = Month.holding(timezone.localdate()).later(-1)
    names = dict(areas)
    return render(request, "shell/reports/list.html", {
        "areas": areas, "refusal": refusal, "months": _months(last.later(1)),
        "month": request.POST.get("month", str(last)), "area": request.POST.get("area", ""),
        "rows": [(report, names.get(report.area) or area_called(report.area),
                  Month.of(report.month).words, number_words(report), *STATES[report.state])
                 for report in reports_seen(request.actor, PRACTICE)[:PAGE]],
    }, status=422 if refusal else 200)


def _months(newest: Month) -> list[tuple[str, Words]]:
    """Three years of months to choose from, newest first."""
    return [(str(month), month.words) for back in range(37)
            if (month := newest.later(-back))]


def _seen(request: Asked, report_id: UUID) -> MonthlyReport:
    return get_object_or_404(reports_seen(request.actor, PRACTICE), pk=report_id)


@door("figures.view")
def monthly_report(request: Asked, report_id: UUID) -> HttpResponse:
    """One report: how far it is, or all of it."""
    report = _seen(request, report_id)
    lamp, state = STATES[report.state]
    shown: dict[str, Any] = {"report": report, "lamp": lamp, "state": state, **_progress(report)}
    if report.body:
        shown |= _whole(request, report)
    return render(request, "shell/reports/report.html", shown)


@door("figures.view")
def monthly_report_progress(request: Asked, report_id: UUID) -> HttpResponse:
    """How far it is; the page is loaded anew when there is something to read."""
    report = _seen(request, report_id)
    answer = render(request, "shell/reports/progress.html",
                    {"report": report, **_progress(report)})
    if report.state != MonthlyReport.State.MAKING:
        answer["HX-Refresh"] = "true"
    return answer


def _progress(report: MonthlyReport) -> dict[str, Any]:
    return {"done": len(report.found), "month": Month.of(report.month).words,
            "unit": area_called(report.area)}


def _whole(request: Asked, report: MonthlyReport) -> dict[str, Any]:
    document = from_json(report.body)
    actor = request.actor
    return {
        "document": document, "faces": _faces(),
        "blocks": [_block(block, _opener(actor, report)) for block in document.blocks],
        "may_export": _may(actor, "figures.export", report),
        "may_issue": report.state == MonthlyReport.State.DRAFT
        and can(actor, "report.issue", area=report.area, practice=PRACTICE),
    }


def _faces() -> Words | Refusal:
    from ..reports.pdf import faces

    try:
        return faces().said
    except Refusal as refusal:
        return refusal


def _may(actor: Actor, capability: str, report: MonthlyReport) -> bool:
    return can(actor, capability, area=report.area, practice=PRACTICE, teams=actor.teams)


def _block(block: Block, opens: Callable[[Cell], str]) -> dict[str, Any]:
    """A block for the template; numbers open into their rows where the reader's rows are they."""
    if isinstance(block, Chart):
        return {"kind": "chart", "title": block.title, "alt": block.alternative,
                "svg": _drawn(block, reading_language())}
    if isinstance(block, Table):
        return {"kind": "table", "title": block.title, "head": block.head,
                "rows": [[(cell.text, opens(cell)) for cell in row] for row in block.rows]}
    return {"kind": type(block).__name__.lower(), "text": block.text}


def _drawn(chart: Chart, language: Language) -> SafeString:
    return mark_safe(svg(chart, language))  # noqa: S308  # its texts are escaped where it is drawn


def _opener(actor: Actor, report: MonthlyReport) -> Callable[[Cell], str]:
    """Gives a number's rows their address; empty where the page of rows would show others."""
    held = widest({grant.area for grant in actor.grants if "figures.view" in grant.capabilities})
    whole = held == [report.area]

    def opens(cell: Cell) -> str:
        if not cell.metric or (cell.by and not whole):
            return ""
        period = period_of(Month.of(cell.month), timezone.localtime(report.as_of))
        part = Part(cell.by, cell.key) if whole else Part("area", report.area)
        return f"/figures/{cell.metric}?{address_of(period, part)}"

    return opens


@door("figures.export")
def monthly_report_file(request: Asked, report_id: UUID, form: str) -> HttpResponse:
    """The report as a file, in the reader's language."""
    report = _seen(request, report_id)
    if form not in FORMS or not report.body:
        raise Http404
    if not _may(request.actor, "figures.export", report):
        return refused(request, not_allowed("figures.export"), status=403)
    try:
        made = file_of(from_json(report.body), form, reading_language())
    except Refusal as refusal:
        return refused(request, refusal)
    answer = HttpResponse(made, content_type=FORMS[form])
    name = Words("月报", "monthly-report")
    answer["Content-Disposition"] = content_disposition_header(
        True, f"{name}-{report.area}-{report.month}.{form}") or ""
    return answer


def file_of(document: Document, form: str, language: Language) -> bytes:
    """PDF or DOCX; what makes them is loaded only here."""
    if form == "pdf":
        from ..reports.pdf import pdf

        return pdf(document, language)
    from ..reports.docx import docx_file

    return docx_file(document, language)


@require_POST
@door("report.issue")
def monthly_report_issue(request: Asked, report_id: UUID) -> HttpResponse:
    """Give it its number."""
    try:
        report = issue_report(_seen(request, report_id), by=request.actor, at=timezone.now())
    except Refusal as refusal:
        return refused(request, refusal)
    messages.success(request, str(Words("已签发：{number}。", "Issued: {number}.").filled(
        number=number_words(report))))
    return redirect("monthly-report", report.pk)
