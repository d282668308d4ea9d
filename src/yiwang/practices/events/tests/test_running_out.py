"""What runs out for whom: the desk's own deadlines, soonest first, along an index, to a bound."""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.running_out import BOUNDS, Bounds, holds_own, running_out
from yiwang.kernel.cases.tests.test_any_life import CODES, given_with
from yiwang.kernel.cases.tests.town import TOWN, Town, make_town
from yiwang.kernel.errors import Refusal
from yiwang.kernel.ids import new_id
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.rules import Actor
from yiwang.practices.events.queries import desk

STEPS = st.lists(st.tuples(
    st.integers(0, 3), st.sampled_from([*CODES, *["assign", "accept", "submit", "pass"] * 6]),
    st.sampled_from(["worker", "desk", "head", "build", "police"]), st.booleans(),
    st.sampled_from([0, 30, 300, 3000])), min_size=6, max_size=16)


@pytest.fixture
def town(db: None, at: datetime, actor: Callable[..., Any]) -> Town:
    return make_town(at, actor)


def told(actor: Actor, at: datetime) -> set[tuple[str, datetime | None]]:
    return {(case.number, case.due_at) for case in running_out(actor, ["events"], at=at).open}


def shown(actor: Actor, tab: str, at: datetime) -> set[tuple[str, datetime | None]]:
    """The desk's list, every page of it."""
    rows, more = desk.page_of(desk.Question(tab=tab), actor, at=at, most=500)
    assert not more
    return {(case.number, case.due_at) for case in rows if case.due_at is not None}


@pytest.mark.django_db
@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate],
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_it_says_what_the_desk_says(
    town: Town, steps: list[tuple[int, str, str, bool, int]]
) -> None:
    with transaction.atomic():  # each life begins with an empty desk
        check_life(town, steps)
        transaction.set_rollback(True)


def check_life(town: Town, steps: list[tuple[int, str, str, bool, int]]) -> None:
    """Four cases lived as the steps say; then each person's deadlines beside their desk."""
    cases, at = [town.open(title=f"积水 {n}") for n in range(4)], town.at
    for which, code, who, thin, minutes in steps:
        at += timedelta(minutes=minutes)
        with contextlib.suppress(Refusal):
            make_move(cases[which], code, by=town.people[who], at=at,
                      given=given_with(town, thin))
    for who, tab in (("build", "mine"), ("police", "mine"), ("desk", "open"), ("head", "open"),
                     ("worker", "open")):
        assert told(town.people[who], at) == shown(town.people[who], tab, at), who


@pytest.mark.django_db
def test_a_finished_case_is_told_of_for_some_days_and_then_no_more(town: Town) -> None:
    closed = town.closed()
    for who in ("build", "desk"):
        by = town.people[who]
        ends = town.at + BOUNDS.ended_for
        assert [c.number for c in running_out(by, ["events"], at=ends).ended] == [closed.number]
        assert not running_out(by, ["events"], at=ends + timedelta(seconds=1)).ended
    assert not running_out(town.people["police"], ["events"], at=town.at).ended


@pytest.mark.django_db
def test_of_too_many_the_soonest_and_the_last_passed_are_told(town: Town) -> None:
    cases = [town.open(title=f"积水 {n}") for n in range(6)]
    for n, case in enumerate(cases):
        Case.objects.filter(pk=case.pk).update(due_at=town.at + timedelta(hours=n - 3, minutes=30))
    found = running_out(town.people["desk"], ["events"], at=town.at, bounds=Bounds(2, 1, 1))
    assert [case.number for case in found.open] == [case.number for case in cases[2:5]]
    assert found.cut
    whole = running_out(town.people["desk"], ["events"], at=town.at)
    assert (len(whole.open), whole.cut) == (6, False)


def test_who_dispatches_answers_for_the_scope_others_for_their_teams(
    actor: Callable[..., Actor]
) -> None:
    team = new_id()
    assert holds_own(actor("office", team=team))
    assert not holds_own(actor("office", "dispatcher", team=team))
    assert not holds_own(actor("grid_worker"))


def lay(at: datetime, held: list[Team]) -> None:
    """Some thousands of cases of a county, one a minute, a tenth of them finished."""
    serial = count()
    Case.objects.bulk_create([
        Case(id=(key := new_id()), number=str(key)[-24:], follow_code=str(key)[-16:],
             practice="events", playbook="event", playbook_version=1, kind="GB2021/E.01.10",
             title="x", channel="resident", area=f"{TOWN}{n % 300:03d}", opened_by="test",
             state="closed" if (done := n % 10 == 0) else "working", is_open=not done,
             holder=None if done else held[n % len(held)], handler=held[n % len(held)],
             opened_at=at - timedelta(minutes=n), due_at=None if done else at
             + timedelta(minutes=n - 1200), closed_at=at - timedelta(minutes=n) if done else None)
        for n in (next(serial) for _ in range(2500))])


@pytest.mark.django_db
def test_each_question_walks_an_index_in_its_order(town: Town) -> None:
    teams = [Team.objects.create(code=f"t{n}", name=f"队{n}", kind="office", unit_code=TOWN,
                                 since=town.at.date()) for n in range(40)]
    lay(town.at, [town.build, *teams])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE kernel_case")
        if connection.vendor != "sqlite":  # so few rows are read whole: is there a way in order?
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
    wanted = {"build": ("case_open_holder|case_open_due", "case_closed"),
              "desk": ("case_open_due", "case_closed")}
    for who, (open_index, ended_index) in wanted.items():
        plans = plans_of(town.people[who], town.at)
        assert len(plans) == 3
        for plan, index in zip(plans, (open_index, open_index, ended_index), strict=True):
            assert any(name in plan for name in index.split("|")), plan
            assert "SCAN kernel_case\n" not in plan
            assert "Seq Scan on kernel_case" not in plan


def plans_of(by: Actor, at: datetime) -> list[str]:
    """How the database answers each question."""
    with CaptureQueriesContext(connection) as asked:
        running_out(by, ["events"], at=at)
    how = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    plans: list[Any] = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(how + query["sql"].replace("%", "%%"))
            plans.append("\n".join(str(row[-1]) for row in cursor.fetchall()) + "\n")
    return plans
