"""The background's part: reports asked for are counted, some at a time."""

import logging
from datetime import datetime
from time import monotonic

from django.db import DatabaseError, InterfaceError

from .making import break_off_report, count_on
from .models import MonthlyReport

SLICE = 1.0  # seconds a round of the background worker gives to reports

log = logging.getLogger(__name__)


def make_reports(*, at: datetime) -> int:
    """Countings made in this round, for the report that has waited longest."""
    report = MonthlyReport.objects.filter(state="making").order_by("id").first()
    done, ends = 0, monotonic() + SLICE
    while report is not None and report.state == "making" and (not done or monotonic() < ends):
        report = _counted(report, at)
        done += 1
    return done


def _counted(report: MonthlyReport, at: datetime) -> MonthlyReport:
    try:
        return count_on(report, at=at)
    except (DatabaseError, InterfaceError):
        raise  # the database is away: the report waits for it
    except Exception:
        log.exception("report %s could not be made", report.pk)
        return break_off_report(report, at=at)
