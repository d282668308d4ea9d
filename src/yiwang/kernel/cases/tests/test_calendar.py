"""The calendar from its tables: seeded, replaced by an announcement, and never stale."""

import json
from datetime import date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiwang.algorithms.working_time import ZONE, announced_calendar, parse_year_file
from yiwang.kernel.cases.calendar import announce_year, calendar_now, seed_calendar
from yiwang.kernel.errors import NotAllowed
from yiwang.kernel.people.rules import ROLES, Actor, Grant
from yiwang.kernel.records.models import TrailEntry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 24, 9, tzinfo=ZONE)


def holder(role: str) -> Actor:
    return Actor("person/1", grants=(Grant(role, ROLES[role].capabilities, "330206005"),))


def year_file(day: str, *, off: bool = True) -> str:
    return json.dumps(
        {"year": 2027, "papers": [], "days": [{"name": "元旦", "date": day, "isOffDay": off}]}
    )


def test_an_empty_table_has_the_announced_calendar() -> None:
    assert calendar_now() == announced_calendar()


def test_seeding_reads_back_the_same_and_is_done_once() -> None:
    assert seed_calendar() == len(announced_calendar().announced)
    assert seed_calendar() == 0
    assert calendar_now() == announced_calendar()


def test_the_calendar_in_memory_costs_one_query() -> None:
    seed_calendar()
    calendar_now()
    with CaptureQueriesContext(connection) as seen:
        calendar_now()
    assert len(seen) == 1


def test_an_announcement_replaces_the_year_and_leaves_a_trail() -> None:
    seed_calendar()
    by = holder("adjudicator")
    first = announce_year(parse_year_file(year_file("2027-01-01")), by=by, at=AT)
    assert calendar_now() == first
    second = announce_year(parse_year_file(year_file("2026-12-26", off=False)), by=by, at=AT)
    assert calendar_now() == second
    assert second.works(date(2027, 1, 1))
    assert second.is_make_up(date(2026, 12, 26))
    assert 2027 in second.announced
    assert TrailEntry.objects.filter(stream="calendar/2027", verb="announce_year").count() == 2


def test_who_may_not_edit_the_calendar_is_refused() -> None:
    with pytest.raises(NotAllowed):
        announce_year(parse_year_file(year_file("2027-01-01")), by=holder("dispatcher"), at=AT)
