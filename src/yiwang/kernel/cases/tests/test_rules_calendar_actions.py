"""The calendar's verbs from a page: announce, one day, what they would do, two at once."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import parse_year_file
from yiwang.kernel.cases.calendar import calendar_now, seed_calendar
from yiwang.kernel.cases.calendar_actions import (
    announce,
    changes_by,
    effect_of,
    set_day,
    stamp_of_year,
)
from yiwang.kernel.cases.models import CalendarDay, Case
from yiwang.kernel.cases.timers import recompute_provisional
from yiwang.kernel.errors import NotAllowed, Refusal, SomebodyElseDecided
from yiwang.kernel.records.models import TrailEntry

from .town import Town

pytestmark = pytest.mark.django_db
NATIONAL = Words("三月三", "Third of March")
FILE = parse_year_file(json.dumps({"year": 2027, "papers": ["gov"], "days": [
    {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
    {"name": "元旦", "date": "2027-01-04", "isOffDay": True}]}))


@pytest.fixture
def head(actor: Callable[..., Any]) -> Any:
    return actor("adjudicator")


def test_a_day_is_set_and_taken_back(head: Any, at: datetime) -> None:
    day = date(2026, 4, 20)
    before = calendar_now()
    set_day(day, False, NATIONAL, by=head, at=at, source="县府通知", seen=0)
    now = calendar_now()
    assert not now.works(day)
    assert (now.name(day), now.announced) == (NATIONAL, before.announced)
    set_day(day, None, NATIONAL, by=head, at=at, source="取消", seen=stamp_of_year(2026))
    assert calendar_now().exceptions == before.exceptions
    assert TrailEntry.objects.filter(stream="calendar/2026", verb="set_day").count() == 2


def test_a_day_of_an_unannounced_year_announces_nothing(head: Any, at: datetime) -> None:
    seed_calendar()
    set_day(date(2027, 4, 9), False, NATIONAL, by=head, at=at, source="县府通知", seen=0)
    assert 2027 not in calendar_now().announced
    assert not calendar_now().works(date(2027, 4, 9))


@pytest.mark.parametrize(("name", "source", "field"), [
    (Words("", ""), "x", "name"), (Words("名" * 41, ""), "x", "name"), (NATIONAL, " ", "source"),
    (NATIONAL, "x" * 200, "source"),
])
def test_a_day_says_its_name_and_source(
    head: Any, at: datetime, name: Words, source: str, field: str
) -> None:
    with pytest.raises(Refusal) as said:
        set_day(date(2026, 4, 20), False, name, by=head, at=at, source=source, seen=0)
    assert said.value.field == field


def test_two_at_once(head: Any, at: datetime) -> None:
    announce(FILE, by=head, at=at, seen=0)
    with pytest.raises(SomebodyElseDecided):
        announce(FILE, by=head, at=at, seen=0)
    with pytest.raises(SomebodyElseDecided):
        set_day(date(2027, 4, 9), False, NATIONAL, by=head, at=at, source="x", seen=0)
    assert TrailEntry.objects.filter(stream="calendar/2027").count() == 1


def test_announcing_on_empty_tables_keeps_what_is_known(head: Any, at: datetime) -> None:
    assert not CalendarDay.objects.exists()
    announce(FILE, by=head, at=at, seen=0)
    assert {2026, 2027} <= calendar_now().announced


@pytest.mark.parametrize("role", ["dispatcher", "leader", "office", "system_admin"])
def test_only_who_may_edit_does(actor: Callable[..., Any], at: datetime, role: str) -> None:
    with pytest.raises(NotAllowed):
        announce(FILE, by=actor(role), at=at, seen=0)
    with pytest.raises(NotAllowed):
        set_day(date(2026, 4, 20), False, NATIONAL, by=actor(role), at=at, source="x", seen=0)


def test_a_preview_says_what_the_announcement_then_does(town: Town) -> None:
    seed_calendar()
    town.at = datetime(2026, 12, 31, 17, 0, tzinfo=town.at.tzinfo)
    case = town.assigned()
    town.move(case, "accept", "build", at=town.at + timedelta(minutes=10))
    assert case.due_provisional
    assert [(c.day, c.worked, c.works) for c in changes_by(FILE)] == [
        (date(2027, 1, 1), True, False), (date(2027, 1, 4), True, False)]
    waiting = Case.objects.filter(due_provisional=True)
    effect = effect_of(FILE.merged(calendar_now()), waiting)
    assert (effect.provisional, effect.moved, effect.certain) == (1, 1, 1)
    before = case.due_at
    announce(FILE, by=town.people["head"], at=town.at, seen=0)
    assert recompute_provisional(at=town.at) == 1
    case.refresh_from_db()
    assert case.due_at > before
    assert not case.due_provisional
