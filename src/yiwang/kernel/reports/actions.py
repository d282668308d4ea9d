"""Asking for a report, and issuing it under a number."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.people.rules import Actor, can, check_can, not_allowed
from yiwang.kernel.records import trail
from yiwang.kernel.records.numbers import next_serial

from .counting import steps_of
from .document import Document, Paragraph, as_json, from_json
from .making import stream_of
from .models import MonthlyReport
from .months import Month
from .numbering import number_words

State = MonthlyReport.State


def month_asked(text: str, at: datetime) -> Month:
    """The month somebody typed; raises ``Refusal`` for no month, or one that has not begun."""
    todo = Words("写成 2026-10，不晚于本月。", "Write it as 2026-10, not later than this month.")
    try:
        month = Month.of(text.strip())
    except ValueError:
        raise Refusal("report_month", Words("这不是月份。", "This is no month."), todo,
                      field="month") from None
    if month.first > localtime(at).date():
        raise Refusal("report_month", Words("这个月还没有开始。", "That month has not begun."),
                      todo, field="month")
    return month


@transaction.atomic
def ask_report(practice: str, area: str, month: str, *, by: Actor, at: datetime) -> MonthlyReport:
    """A report to be made; an earlier draft by the same person of the same month gives way."""
    if not can(by, "figures.view", area=area, practice=practice, teams=by.teams):
        raise not_allowed("figures.view")
    asked = month_asked(month, at)
    earlier = MonthlyReport.objects.filter(
        practice=practice, area=area, month=str(asked), asked_by=by.ref).exclude(state=State.ISSUED)
    earlier.delete()
    report = MonthlyReport.objects.create(
        practice=practice, area=area, month=str(asked), asked_by=by.ref, author=by.name, as_of=at,
        total=len(steps_of(practice, asked)))
    trail.append(stream_of(report), verb="ask_report", by=by.ref, at=at,
                 changes={"practice": practice, "area": area, "month": str(asked)})
    return report


@transaction.atomic
def issue_report(report: MonthlyReport, *, by: Actor, at: datetime) -> MonthlyReport:
    """Give it the area's next number of the year; from now on it stays as it is."""
    check_can(by, "report.issue", area=report.area, practice=report.practice)
    held = MonthlyReport.objects.select_for_update().get(pk=report.pk)
    _check_can_issue(held)
    day = localtime(at).date()
    earlier = MonthlyReport.objects.filter(
        practice=held.practice, area=held.area, month=held.month, state=State.ISSUED)
    last = earlier.order_by("-year", "-serial").first()
    held.year = day.year
    held.serial = next_serial(f"report/{held.practice}/{held.area}/{day.year}")
    held.state, held.issued_by, held.issued_at = State.ISSUED, by.ref, at
    held.body = as_json(_issued(from_json(held.body), held, last, at))
    held.save(update_fields=["year", "serial", "state", "issued_by", "issued_at", "body"])
    trail.append(stream_of(held), verb="issue_report", by=by.ref, at=at, changes={
        "state": held.state, "year": held.year, "serial": held.serial})
    return held


def _check_can_issue(held: MonthlyReport) -> None:
    if held.state == State.ISSUED:
        raise SomebodyElseDecided(
            "report_issued", Words("这份月报已经签发。", "This report is already issued."),
            Words("要更正，重新编制一份再签发。", "To correct it, make and issue another."))
    if held.state != State.DRAFT:
        raise Refusal("report_not_made", Words("月报还没有编好。", "The report is not made yet."),
                      Words("等它编好，或重新编制。", "Wait for it, or make it again."))
    if not Month.of(held.month).is_over(localtime(held.as_of).date()):
        raise Refusal(
            "report_month_open",
            Words("编制时本月未满，不能签发。", "The month was not over when it was counted."),
            Words("月份结束后重新编制。", "Make it again when the month is over."))


def _issued(document: Document, held: MonthlyReport, last: MonthlyReport | None,
            at: datetime) -> Document:
    day = localtime(at).date()
    dated = Words(f"{day.year}年{day.month}月{day.day}日", f"{day.day} {day:%B %Y}")
    blocks = document.blocks
    if last is not None:
        blocks = (Paragraph(Words("本期更正并替代{number}。",
                                  "This corrects and replaces {number}.").filled(
            number=number_words(last))), *blocks)
    return replace(document, number=number_words(held), blocks=blocks,
                   sign=(*document.sign[:-1], dated))
