"""Before a report is accepted: likely repeats beside it, joined or told apart by one press."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from yiwang.kernel.cases.duplicates import duplicates_of
from yiwang.kernel.cases.joining import main_of, tell_apart
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.opening import case_of
from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.people.rules import can
from yiwang.kernel.records.models import TrailEntry

from .case_ground import OTHER_CELL, Town, make_town

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def town() -> Town:
    return make_town()


def merge(town: Town, case: Case, into: Case) -> Case:
    return make_move(case, "merge", by=town.actor("dispatcher"), at=now(),
                     given={"case": into.number})


def test_the_nearest_in_place_time_and_words_comes_first(town: Town) -> None:
    moved: dict[str, Any] = {"longitude": 121.8709}  # 87 m to the east
    same, near = town.case("霞浦中路积水"), town.case("路灯不亮", **moved)
    town.case("霞浦中路积水", longitude=121.90)
    town.case("霞浦中路积水", at=now() - timedelta(days=90))
    found = duplicates_of(town.case("霞浦中路有积水"))
    assert [alike.case.id for alike in found] == [same.id, near.id]
    assert found[0].likelihood > 0.5 > found[1].likelihood
    assert round(found[1].metres or 0) == 87


def test_without_a_point_the_newest_of_the_same_area_are_compared(town: Town) -> None:
    nowhere: dict[str, Any] = {"longitude": None, "latitude": None}
    same = town.case(**nowhere)
    found = duplicates_of(town.case(**nowhere))
    assert [(alike.case.id, alike.metres) for alike in found] == [(same.id, None)]


def test_the_desk_sees_both_and_joins_by_one_press(town: Town) -> None:
    same = town.case("霞浦中路积水", at=now() - timedelta(hours=3))
    mine = town.case("路上积水", latitude=29.89036)
    client = town.client("dispatcher", "en")
    page = client.get(f"/cases/{mine.id}/panel/").content.decode()
    for said in ("possibly the same", same.number, "霞浦中路积水，请处理", "2 h 55 min earlier",
                 "40 m, south", "To dispatch"):
        assert said in page
    pressed = client.post(f"/cases/{mine.id}/merge/", {"version": 1, "case": same.number},
                          headers=HTMX)
    mine.refresh_from_db()
    assert pressed.status_code == 200
    assert (mine.state, mine.merged_into_id, mine.counted) == ("merged", same.id, False)
    assert "case-duplicates" not in client.get(f"/cases/{mine.id}/panel/").content.decode()


def test_not_the_same_is_remembered_on_both_sides_and_in_the_trail(town: Town) -> None:
    other, mine = town.case(), town.case()
    client = town.client("dispatcher", "en")
    address = f"/cases/{mine.id}/apart/{other.id}/"
    said = client.post(address, headers=HTMX).content.decode()
    assert "nobody is asked again" in said
    assert "case-duplicates" not in said
    assert client.post(address).status_code == 302  # a second press, without htmx
    assert duplicates_of(case_of(other.id)) == []
    entries = TrailEntry.objects.filter(stream=f"case/{mine.id}", verb="tell_apart")
    assert [entry.note["other"] for entry in entries] == [other.number]
    assert "seen to be another matter" in client.get(f"/cases/{mine.id}/").content.decode()


def test_nobody_without_the_desk_or_from_elsewhere_may_tell_apart(town: Town) -> None:
    other, mine = town.case(), town.case()
    address = f"/cases/{mine.id}/apart/{other.id}/"
    assert town.client("office").post(address).status_code in (403, 404)
    assert town.client("stranger").post(address).status_code == 404
    with pytest.raises(NotAllowed):
        tell_apart(mine, other.id, by=town.actor("stranger"), at=now())
    with pytest.raises(Refusal):
        tell_apart(mine, mine.id, by=town.actor("dispatcher"), at=now())
    assert case_of(mine.id).facts == {}


def test_cases_beyond_one_s_reach_are_not_shown(town: Town) -> None:
    town.case("别镇的", area=OTHER_CELL)
    mine = town.case()
    assert not can(town.actor("dispatcher"), "case.view", area=OTHER_CELL, practice="events")
    assert "别镇的" not in town.client("dispatcher").get(f"/cases/{mine.id}/").content.decode()


def test_two_cases_joined_to_each_other_at_once_leave_one_open(town: Town) -> None:
    one, two = town.case(), town.case()
    stale = case_of(two.id)
    merge(town, one, two)
    with pytest.raises(Refusal):
        merge(town, stale, one)
    assert case_of(two.id).is_open


def test_a_case_is_not_joined_to_a_closed_one(town: Town) -> None:
    closed, mine = town.case(), town.case()
    Case.objects.filter(id=closed.id).update(is_open=False, state="closed")
    with pytest.raises(Refusal) as refused:
        merge(town, mine, closed)
    assert refused.value.code == "other_not_open"
    assert case_of(mine.id).state == "reported"


def test_a_chain_of_repeats_leads_to_the_one_worked_on(town: Town) -> None:
    first, second, last = town.case(), town.case(), town.case()
    merge(town, first, second)
    merge(town, second, last)
    assert main_of(case_of(first.id)).id == last.id
    page = town.client("dispatcher").get(f"/f/{first.follow_code}").content.decode()
    assert last.number in page
