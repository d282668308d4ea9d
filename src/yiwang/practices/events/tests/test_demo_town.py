"""The demo's year is plausible: who reports, what is refused and reopened, nothing ahead of now."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from yiwang.kernel.cases.models import Case
from yiwang.practices.events.demo import make

CLOSED = 32


@pytest.fixture
def year(db: None) -> list[Case]:
    """A small year, newest first."""
    make(at=now(), closed=CLOSED, still_open=0)
    return list(Case.objects.filter(practice="events").order_by("-opened_at"))


def test_residents_report_for_themselves_and_staff_for_the_rest(year: list[Case]) -> None:
    own = [case.opened_by for case in year if case.channel == "resident"]
    assert set(own) == {"resident"}
    others = [case.opened_by for case in year if case.channel != "resident"]
    assert all(by.startswith("person/") for by in others)


def test_even_the_newest_cases_hold_a_refusal_and_a_reopening(year: list[Case]) -> None:
    assert sum(case.refusals > 0 for case in year) == 3
    assert sum(case.reopenings > 0 for case in year) == 2
    newest = year[:2]
    assert any(case.refusals for case in newest)
    assert any(case.reopenings and case.channel == "resident" for case in newest)
    assert {case.state for case in year} == {"closed"}
    assert all(case.closed_at and case.closed_at < now() for case in year)
    assert year[0].opened_at < now() - timedelta(days=5)
