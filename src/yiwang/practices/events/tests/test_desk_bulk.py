"""Bulk triage: a preview, a result for each case, one transaction each, nothing twice."""

from typing import Any

import pytest
from django.utils.timezone import now

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.records.models import TrailEntry
from yiwang.shell.tests.case_ground import OTHER_CELL, Town, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return make_town()


def bulk(town: Town, cases: list[Case], who: str = "dispatcher", **fields: Any) -> Any:
    versions = {f"version-{case.id}": case.version for case in cases}
    return town.client(who).post(
        "/events/bulk/", {"lot": [str(case.id) for case in cases], **versions, **fields})


def states(cases: list[Case]) -> list[str]:
    return [Case.objects.get(id=case.id).state for case in cases]


def test_the_preview_changes_nothing_and_says_which_are_ready(town: Town) -> None:
    cases = [town.case("一"), town.case("二")]
    make_move(cases[1], "hand_up", by=town.actor("dispatcher"), at=now(), given={"reason": "大"})
    answer = bulk(town, cases, step="assign")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "派单：1 件" in text
    assert "现在不能办这一步" in text
    assert states(cases) == ["reported", "county"]


def test_many_are_dispatched_each_on_its_own(town: Town) -> None:
    cases = [town.case(str(n)) for n in range(4)]
    make_move(Case.objects.get(id=cases[3].id), "reject", by=town.actor("adjudicator"), at=now(),
              given={"whose": "供电", "reason": "不在本辖区"})
    answer = bulk(town, cases, step="assign", go="1", team="城建管理办公室", note="台风")
    assert "已办 3 件，1 件没有办" in answer.content.decode()
    assert states(cases) == ["assigned", "assigned", "assigned", "rejected"]


def test_a_second_press_does_nothing_more(town: Town) -> None:
    cases = [town.case("一"), town.case("二")]
    for _ in range(2):
        bulk(town, cases, step="assign", go="1", team="城建管理办公室")
    assert TrailEntry.objects.filter(verb="assign").count() == 2


def test_somebody_else_s_step_is_named_for_its_case_only(town: Town) -> None:
    cases = [town.case("一"), town.case("二")]
    make_move(Case.objects.get(id=cases[0].id), "assign", by=town.actor("adjudicator"), at=now(),
              given={"team": str(town.teams["works"].id)})
    text = bulk(town, cases, step="assign", go="1", team="城建管理办公室").content.decode()
    assert "现在不能办这一步" in text
    assert Case.objects.get(id=cases[0].id).handler_id == town.teams["works"].id
    assert Case.objects.get(id=cases[1].id).handler_id == town.teams["city"].id


def test_merging_into_one_of_the_lot_leaves_that_one(town: Town) -> None:
    cases = [town.case("一"), town.case("二"), town.case("三")]
    answer = bulk(town, cases, step="merge", go="1", case="")
    assert answer.status_code == 422  # not said into which
    answer = bulk(town, cases, step="merge", go="1", case=cases[0].number)
    assert "别的并入这一件" in answer.content.decode()
    assert sorted(states(cases)) == ["merged", "merged", "reported"]


@pytest.mark.parametrize("fields", [
    {"step": "assign", "go": "1"}, {"step": "assign", "go": "1", "team": "没有"},
    {"step": "reject", "go": "1", "whose": "x" * 10_000, "reason": ""},
])
def test_a_bad_form_comes_back_with_what_was_typed(town: Town, fields: dict[str, str]) -> None:
    cases = [town.case()]
    answer = bulk(town, cases, **fields)
    assert answer.status_code == 422
    assert fields.get("team", "") in answer.content.decode()
    assert states(cases) == ["reported"]


@pytest.mark.parametrize("fields", [{}, {"step": "close"}, {"step": "assign", "lot": "x"}])
def test_nothing_chosen_is_said(town: Town, fields: dict[str, str]) -> None:
    answer = town.client("dispatcher").post("/events/bulk/", fields)
    assert answer.status_code == 422


@pytest.mark.parametrize(("who", "status"), [("office", 403), ("leader", 403), ("stranger", 422)])
def test_only_who_may_triage_there(town: Town, who: str, status: int) -> None:
    cases = [town.case()]
    answer = bulk(town, cases, who, step="assign", go="1", team="城建管理办公室")
    assert answer.status_code == status
    assert states(cases) == ["reported"]


def test_other_towns_cases_are_not_in_the_lot(town: Town) -> None:
    cases = [town.case(), town.case("邻镇", area=OTHER_CELL)]
    bulk(town, cases, step="assign", go="1", team="城建管理办公室")
    assert states(cases) == ["assigned", "reported"]
