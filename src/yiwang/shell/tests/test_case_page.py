"""The page of a case: what it shows to whom, in both languages, in a fixed number of queries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from yiwang.kernel.cases.history import learn_town
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.together import call_team, open_child
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records.models import TrailEntry

from .case_ground import DONE, OTHER_CELL, TOWN, Town, make_town, outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return make_town()


def page(town: Town, who: str, case: Any, language: str = "zh", part: str = "") -> Any:
    return town.client(who, language).get(f"/cases/{case.id}/{part}")


@pytest.mark.parametrize(("who", "status"), [
    ("dispatcher", 200), ("adjudicator", 200), ("leader", 200), ("office", 200),
    ("works", 404), ("stranger", 404),
])
def test_a_case_is_seen_in_its_area_and_by_its_team(town: Town, who: str, status: int) -> None:
    case = town.assigned("city")
    for part in ("", "panel/", "assign/"):
        seen = page(town, who, case, part=part).status_code
        assert seen == status or (part == "assign/" and status == 200 and seen == 302)


def test_a_helping_team_sees_the_case(town: Town) -> None:
    case = town.assigned("city")
    call_team(case, town.teams["works"], by=town.actor("dispatcher"), at=now(), whistle="issue")
    assert page(town, "works", case).status_code == 200


def test_nobody_sees_without_signing_in(town: Town, client: Any) -> None:
    answer = client.get(f"/cases/{town.case().id}/")
    assert answer.status_code == 302
    assert "sign-in" in answer["Location"]


def test_what_stands_on_the_page(town: Town) -> None:
    case = make_move(town.working(), "submit", by=town.actor("office"), at=now(), given=outcome())
    case = make_move(case, "send_back", by=town.actor("dispatcher"), at=now(),
                     given={"return_type": "too_brief", "reason": "看不出谁去的"})
    case = make_move(case, "submit", by=town.actor("office"), at=now(),
                     given=outcome(done=DONE + "复查无误。"))
    text = page(town, "dispatcher", case).content.decode()
    for expected in (case.number, case.title, "霞南村", "城建管理办公室", "过简闭环",
                     "看不出谁去的",
                     "第 1 次：已解决", "第 2 次：已解决", "派单", "提交办结", "office员"):
        assert expected in text, expected


def test_a_refusal_shows_its_clause_and_the_named_team(town: Town) -> None:
    case = make_move(town.assigned(), "refuse", by=town.actor("office"), at=now(), given={
        "clause": "owner", "team": str(town.teams["works"].id), "reason": "路灯归供电"})
    text = page(town, "dispatcher", case, "en").content.decode()
    assert "ownership: the facility is another unit&#x27;s" in text
    assert "综合执法队" in text
    assert "路灯归供电" in text


def test_parts_and_repeats_are_shown(town: Town) -> None:
    parent, repeat = town.case(), town.case("重复的一件")
    child = open_child(parent, kind=parent.kind, title="子件：换井盖", text="换",
                       by=town.actor("dispatcher"), at=now())
    make_move(repeat, "merge", by=town.actor("dispatcher"), at=now(),
              given={"case": parent.number})
    text = page(town, "dispatcher", parent).content.decode()
    assert child.title in text
    assert repeat.number in text
    assert parent.number in page(town, "dispatcher", child).content.decode()


def test_an_english_page_has_no_chinese_of_ours(town: Town) -> None:
    case = town.assigned(title="Flooded road")
    text = page(town, "dispatcher", case, "en").content.decode()
    for words in ("谁拿着", "改派", "工作时", "待签收", "经过", "指挥室 ", "时限怎么来"):
        assert words not in text, words


def test_markup_typed_by_people_is_text(town: Town) -> None:
    case = town.case("<script>alert(1)</script> 😀𠮷")
    text = page(town, "dispatcher", case).content.decode()
    assert "<script>alert(1)" not in text
    assert "😀𠮷" in text


def test_the_contact_is_masked_and_each_look_is_in_the_trail(town: Town) -> None:
    case = town.with_reporter(town.assigned())
    text = page(town, "dispatcher", case).content.decode()
    assert "138****1234" in text
    assert "13812341234" not in text
    version = case.version
    shown = town.client("dispatcher").post(f"/cases/{case.id}/contact/")
    assert "13812341234" in shown.content.decode()
    assert TrailEntry.objects.filter(stream=f"contact/{case.id}", verb="unmask").count() == 1
    case.refresh_from_db()
    assert case.version == version  # a look makes nobody's form stale
    assert "联系方式" in page(town, "dispatcher", case).content.decode()


@pytest.mark.parametrize(("who", "status"), [("office", 403), ("leader", 403), ("stranger", 404)])
def test_who_may_not_unmask(town: Town, who: str, status: int) -> None:
    case = town.with_reporter(town.assigned())
    answer = town.client(who).post(f"/cases/{case.id}/contact/")
    assert answer.status_code == status
    assert b"13812341234" not in answer.content


def test_the_suggestion_stands_with_its_reason(town: Town) -> None:
    rule = town.rule()
    text = page(town, "dispatcher", town.case()).content.decode()
    assert "建议派给：城建管理办公室" in text
    assert f"规则 {rule.number}" in text
    assert 'data-key="Enter"' in text


def test_without_a_suggestion_the_form_stands_open(town: Town) -> None:
    text = page(town, "dispatcher", town.case(), part="panel/").content.decode()
    assert 'name="team"' in text
    assert "建议派给" not in text


def test_time_left_is_said_in_the_clock_s_own_unit(town: Town) -> None:
    late = town.case(at=now() - timedelta(days=10))
    assert "超工作时" in page(town, "dispatcher", late).content.decode()


def test_as_many_queries_for_a_long_story_as_for_a_short_one(
    town: Town, same_queries: Callable[..., int]
) -> None:
    case = town.working()
    client = town.client("dispatcher")

    def add() -> None:
        nonlocal case
        case = make_move(case, "submit", by=town.actor("office"), at=now(), given=outcome())
        case = make_move(case, "send_back", by=town.actor("dispatcher"), at=now(),
                         given={"return_type": "wrong", "reason": "再看"})

    assert same_queries(add, lambda: client.get(f"/cases/{case.id}/")) <= 22


@pytest.mark.parametrize(("asked", "hits"), [
    ("积水", 1), ("中路", 1), ("没有这个", 0), ("1", 1), ("", 0), ("%", 0), ('"* OR', 0), ("😀", 0),
    ("积水 " * 500, 1),
])
def test_search(town: Town, asked: str, hits: int) -> None:
    town.case()
    town.case("邻镇的积水", area=OTHER_CELL)
    answer = town.client("dispatcher").get("/search/", {"q": asked})
    assert answer.status_code == 200
    assert answer.content.decode().count('class="item"') == hits


def test_a_whole_number_leads_to_its_case_and_not_to_another_town_s(town: Town) -> None:
    case, other = town.case(), town.case("别处", area=OTHER_CELL)
    client = town.client("dispatcher")
    assert client.get("/search/", {"q": case.number.lower()})["Location"] == f"/cases/{case.id}/"
    assert other.title not in client.get("/search/", {"q": other.number}).content.decode()


def test_an_office_finds_only_its_own(town: Town) -> None:
    town.assigned("works", title="执法队的积水")
    town.assigned("city", title="城建办的积水")
    text = town.client("office").get("/search/", {"q": "积水"}).content.decode()
    assert "城建办的积水" in text
    assert "执法队的积水" not in text


def test_the_system_is_named(town: Town) -> None:
    assert SYSTEM.ref == "system"
    assert "居民" in page(town, "dispatcher", town.case()).content.decode()


def test_what_was_learned_stands_beside_the_rule_and_is_taken_with_one_press(town: Town) -> None:
    closed_by(town, "city", 6)
    closed_by(town, "works", 3)
    learn_town("events", TOWN, at=now())
    town.rule()
    case = town.case()
    text = page(town, "dispatcher", case).content.decode()
    for said in ("建议派给：城建管理办公室", "规则", "学自历史", "9 件中 3 件由其办结",
                 'data-key="2"', "派给综合执法队"):
        assert said in text, said
    english = page(town, "dispatcher", case, "en").content.decode()
    assert "learned from history" in english
    assert "学自历史" not in english
    answer = town.client("dispatcher").post(f"/cases/{case.id}/assign/", {
        "version": case.version, "team": str(town.teams["works"].id)})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert case.handler_id == town.teams["works"].id


def closed_by(town: Town, team: str, times: int) -> None:
    """Cases that a team has finished, as history counts them."""
    for _ in range(times):
        case = town.assigned(team)
        Case.objects.filter(id=case.id).update(is_open=False, state="closed", closed_at=now())
