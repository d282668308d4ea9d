"""Parts of a case, and a ruling that becomes a rule: what the pages offer, to whom, and keep."""

from typing import Any

import pytest
from django.utils.timezone import now

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.together import open_child
from yiwang.kernel.records.models import TrailEntry

from .case_ground import Town, make_town, outcome

pytestmark = pytest.mark.django_db
SAID = {"kind": "GB2021/E.05.06", "title": "子件：换井盖", "text": "井盖由市政更换"}


@pytest.fixture
def town() -> Town:
    return make_town()


def split(town: Town, case: Case, who: str = "dispatcher", **said: str) -> Any:
    return town.client(who).post(f"/cases/{case.id}/split/", {**SAID, **said})


def text_of(town: Town, case: Case, who: str = "dispatcher", language: str = "zh") -> str:
    return str(town.client(who, language).get(f"/cases/{case.id}/").content.decode())


def test_a_part_has_its_own_number_and_lies_where_its_parent_does(town: Town) -> None:
    parent = town.working()
    assert split(town, parent).status_code == 302
    part = Case.objects.get(parent=parent)
    assert part.number.startswith("XP-")
    assert (part.area, part.longitude, part.state) == (parent.area, parent.longitude, "reported")
    told = TrailEntry.objects.get(stream=f"case/{parent.id}", verb="split")
    assert told.note == {"child": part.number}
    assert "拆出子案件" in text_of(town, parent)


def test_a_second_press_splits_once(town: Town) -> None:
    parent = town.working()
    for _ in range(2):
        assert split(town, parent, idempotency_key="one-press").status_code == 302
    assert Case.objects.filter(parent=parent).count() == 1


@pytest.mark.parametrize(("wrong", "field"), [
    ({"title": ""}, "split-title-error"), ({"title": "长" * 121}, "split-title-error"),
    ({"text": " "}, "split-text-error"), ({"kind": "no/such"}, "split-kind-error"),
    ({"kind": "\x00"}, "split-kind-error"), ({"text": "字" * 10_001}, "split-text-error"),
])
def test_what_is_wrong_stands_beside_its_field(
    town: Town, wrong: dict[str, str], field: str
) -> None:
    parent = town.working()
    answer = split(town, parent, **wrong)
    assert answer.status_code == 422
    assert field in answer.content.decode()
    assert not Case.objects.filter(parent=parent).exists()


@pytest.mark.parametrize(("who", "status"), [
    ("dispatcher", 302), ("adjudicator", 302), ("leader", 422), ("office", 422), ("stranger", 404),
])
def test_who_may_split(town: Town, who: str, status: int) -> None:
    assert split(town, town.working(), who).status_code == status


def test_a_part_is_not_split_again(town: Town) -> None:
    parent = town.working()
    split(town, parent)
    part = Case.objects.get(parent=parent)
    assert split(town, part).status_code == 422
    assert "拆出子案件…" not in text_of(town, part)


def test_the_parent_waits_for_its_parts_and_says_so(town: Town) -> None:
    parent = town.working()
    part = open_child(parent, **SAID, by=town.actor("dispatcher"), at=now())
    parent = make_move(parent, "submit", by=town.actor("office"), at=now(), given=outcome())
    text = text_of(town, parent)
    assert "还有子案件未结" in text
    assert part.number in text
    assert "核查通过" not in text
    sent = town.client("dispatcher").post(f"/cases/{parent.id}/pass/", {"version": parent.version})
    assert sent.status_code == 422
    assert "还有子案件未结" in sent.content.decode()
    make_move(part, "reject", by=town.actor("dispatcher"), at=now(),
              given={"whose": "市政", "reason": "不在本街道"})
    assert "核查通过" in text_of(town, parent)


def ruled(town: Town) -> Case:
    case = town.assigned("city")
    for _ in range(2):
        case = make_move(case, "refuse", by=town.actor("office"), at=now(), given={
            "clause": "duty", "team": str(town.teams["works"].id), "reason": "非本单位职责"})
        if case.state == "reported":
            case = make_move(case, "assign", by=town.actor("dispatcher"), at=now(),
                             given={"team": str(town.teams["city"].id)})
    return make_move(case, "rule", by=town.actor("adjudicator"), at=now(), given={
        "team": str(town.teams["works"].id), "reason": "按职责清单"})


def test_a_ruling_offers_a_rule_to_those_who_keep_the_rules(town: Town) -> None:
    case = ruled(town)
    text = text_of(town, case, "adjudicator")
    assert "/dispatch-rules/new?practice=events&amp;kind=GB2021%2FE.05.06&amp;" in text
    assert f"&amp;area={case.area[:12]}&amp;" in text
    assert f"team={town.teams['works'].id}&amp;case={case.number}" in text
    assert "/dispatch-rules/new" not in text_of(town, case, "dispatcher")
    assert "/dispatch-rules/new" not in text_of(town, town.working(), "adjudicator")


def test_a_refusal_names_another_team(town: Town) -> None:
    case = town.assigned("city")
    sent = {"version": case.version, "clause": "duty", "team": "城建管理办公室", "reason": "不归我"}
    answer = town.client("office", "en").post(f"/cases/{case.id}/refuse/", sent)
    assert answer.status_code == 422
    assert "name a team other than your own" in answer.content.decode()


def test_teams_are_named_in_the_reader_s_language(town: Town) -> None:
    works = town.teams["works"]
    works.name_en = "Law Enforcement Brigade"
    works.save()
    case = town.case()
    form = town.client("dispatcher", "en").get(f"/cases/{case.id}/assign/").content.decode()
    assert "Law Enforcement Brigade" in form
    sent = {"version": case.version, "team": "law enforcement"}
    assert town.client("dispatcher", "en").post(
        f"/cases/{case.id}/assign/", sent).status_code == 302
    case.refresh_from_db()
    assert case.handler_id == works.id


def test_the_menu_says_how_much_is_to_mend(town: Town) -> None:
    from yiwang.kernel.cases.rules_queries import forget_warnings

    forget_warnings()
    town.rule("room")  # nobody of the room may accept a case
    assert "处问题" in town.client("adjudicator").get("/search/").content.decode()
    assert "处问题" not in town.client("dispatcher").get("/search/").content.decode()
    forget_warnings()


def test_a_panel_on_the_whole_page_stays_wide(town: Town) -> None:
    case, client = town.working(), town.client("dispatcher")
    for address, wide in ((f"https://town/cases/{case.id}/", True), ("https://town/events/", False),
                          ("http://[", False), ("", False)):
        answer = client.get(f"/cases/{case.id}/panel/", headers={
            "HX-Request": "true", "HX-Current-URL": address})
        assert ('class="case full"' in answer.content.decode()) is wide, address


def test_a_request_dies_when_the_case_moves_on(town: Town) -> None:
    case = make_move(town.working(), "ask_extension", by=town.actor("office"), at=now(),
                     given={"reason": "车坏了"})
    assert case.asking == "ask_extension"
    case = make_move(case, "submit", by=town.actor("office"), at=now(), given=outcome())
    assert (case.asking, case.facts["asking"]) == ("", None)


def test_a_denied_doubt_no_longer_waits_for_a_signature(town: Town) -> None:
    case = make_move(town.case(), "question", by=town.actor("dispatcher"), at=now(),
                     given={"reason": "反复"})
    assert case.asking == "question"
    case = make_move(case, "deny_unreasonable", by=town.actor("leader"), at=now(),
                     given={"reason": "有理"})
    assert case.asking == ""
    assert case.facts["answered"][-1]["answer"]["reason"] == "有理"
