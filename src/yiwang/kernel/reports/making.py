"""A report is counted piece by piece in the background, or in one go, and written."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localtime

from yiwang.kernel.ids import uuid_or_none
from yiwang.kernel.people.models import Person
from yiwang.kernel.people.queries import actor_for
from yiwang.kernel.people.rules import Actor, can
from yiwang.kernel.records import trail

from .counting import Counted, began, count, narrowed, steps_of
from .document import Document, as_json
from .models import MonthlyReport
from .months import Month
from .names import area_called
from .writing import write
from .writing.parts import Writing

State = MonthlyReport.State
PRACTICE = "events"  # the line of work the command room reports on


def count_on(report: MonthlyReport, *, at: datetime) -> MonthlyReport:
    """One more counting, or the writing when all is counted; gone on with after any break."""
    reader = reader_of(report, at)
    if reader is None:
        return _settled(report, State.BROKEN, {}, at=at)
    month, as_of = Month.of(report.month), localtime(report.as_of)
    for step in steps_of(report.practice, month):
        if str(step) not in report.found:
            report.found[str(step)] = count(reader, report.practice, step, month=month, at=as_of)
            _still_making(report).update(found=report.found)
            return report
    return _settled(report, State.DRAFT, as_json(_written(
        reader, report.practice, report.area, month, report.found, report.author, as_of)), at=at)


def draft(
    reader: Actor, practice: str, area: str, month: Month, *, at: datetime,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> Document:
    """The report in one go, stored nowhere; ``reader`` is already narrowed to ``area``."""
    steps = steps_of(practice, month)
    found: dict[str, Any] = {}
    for done, step in enumerate(steps, start=1):
        found[str(step)] = count(reader, practice, step, month=month, at=at)
        tell(done, len(steps))
    return _written(reader, practice, area, month, found, reader.name, at)


def _written(reader: Actor, practice: str, area: str, month: Month, found: dict[str, Any],
             author: str, at: datetime) -> Document:
    own_only = all(grant.team is not None for grant in reader.grants
                   if "figures.view" in grant.capabilities)
    counted = Counted(found, month, began(reader, practice, at=at))
    return write(Writing(counted, practice, area, area_called(area), author, at, own_only))


def break_off_report(report: MonthlyReport, *, at: datetime) -> MonthlyReport:
    """It cannot be made; whoever asked sees so and may ask again."""
    return _settled(report, State.BROKEN, {}, at=at)


def _still_making(report: MonthlyReport) -> QuerySet[MonthlyReport]:
    return MonthlyReport.objects.filter(pk=report.pk, state=State.MAKING)


@transaction.atomic
def _settled(report: MonthlyReport, state: str, body: dict[str, object], *,
             at: datetime) -> MonthlyReport:
    if _still_making(report).update(state=state, body=body):
        trail.append(stream_of(report), verb="make_report", by="system/reports", at=at,
                     changes={"state": state})
    report.state, report.body = state, body
    return report


def reader_of(report: MonthlyReport, at: datetime) -> Actor | None:
    """Whoever asked, with what they may see today, narrowed to the report's area."""
    key = uuid_or_none(report.asked_by.partition("/")[2])
    person = Person.objects.filter(pk=key).first() if key else None
    if person is None:
        return None
    actor = actor_for(person, localtime(at).date())
    seen = can(actor, "figures.view", area=report.area, practice=report.practice,
               teams=actor.teams)
    return narrowed(actor, report.area) if seen else None


def stream_of(report: MonthlyReport) -> str:
    """Where the trail keeps what happened to a report."""
    return f"report/{report.pk}"
