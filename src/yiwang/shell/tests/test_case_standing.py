"""Who has a case, by which clock, what came back from whom, and the two answers to a request."""

from typing import Any

import pytest
from django.utils.timezone import now

from yiwang.kernel.cases.moves import make_move

from .case_ground import Town, make_town

pytestmark = pytest.mark.django_db
RETURNED = {"zh": "城建管理办公室 已退回", "en": "returned by 城建管理办公室"}


@pytest.fixture
def town() -> Town:
    return make_town()


def text_of(town: Town, case: Any, who: str = "dispatcher", language: str = "zh") -> str:
    text: str = town.client(who, language).get(f"/cases/{case.id}/").content.decode()
    return text


def refused(town: Town) -> Any:
    return make_move(town.assigned(), "refuse", by=town.actor("office"), at=now(), given={
        "clause": "owner", "team": str(town.teams["works"].id), "reason": "不归我们"})


@pytest.mark.parametrize(("language", "head", "bar"), [
    ("zh", "工作时", "按自然时间计"), ("en", "Working hours", "By the wall clock")])
def test_both_clocks_say_which_they_are(
    town: Town, language: str, head: str, bar: str
) -> None:
    text = text_of(town, town.assigned(), language=language)
    header, _, rest = text.partition("part-hold")
    assert head in header
    assert bar in rest


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_refused_case_was_returned_and_nobody_is_in_charge(town: Town, language: str) -> None:
    text = text_of(town, refused(town), language=language)
    assert RETURNED[language] in text
    assert "主办：" not in text
    assert "in charge:" not in text


def test_given_out_again_it_is_no_longer_returned(town: Town) -> None:
    again = make_move(refused(town), "assign", by=town.actor("dispatcher"), at=now(),
                      given={"team": str(town.teams["city"].id)})
    assert RETURNED["zh"] not in text_of(town, again)
    working = make_move(again, "accept", by=town.actor("office"), at=now())
    up = make_move(working, "hand_up", by=town.actor("dispatcher"), at=now(),
                   given={"reason": "超出权限"})
    text = text_of(town, up)
    assert RETURNED["zh"] not in text
    assert "主办：城建管理办公室" in text


def test_approving_and_refusing_stand_side_by_side(town: Town) -> None:
    asked = make_move(town.working(), "ask_extension", by=town.actor("office"), at=now(),
                      given={"reason": "等配件"})
    text = text_of(town, asked, who="adjudicator")
    row = text.partition('<div class="acts">')[2].partition("</div>")[0]
    assert "同意延期" in row
    assert "不同意延期" in row
    assert "上报区级" not in row
    assert "上报区级" in text


def test_what_is_wrong_is_marked_for_the_page_to_go_to(town: Town) -> None:
    case = town.working()
    answer = town.client("office").post(f"/cases/{case.id}/submit/", {"version": case.version})
    text = answer.content.decode()
    assert answer.status_code == 422
    fieldset = text.partition("<fieldset")[2].partition("</fieldset>")[0]
    assert 'aria-describedby="submit-result-error"' in fieldset
    assert 'id="submit-result-error"' in fieldset
    assert 'aria-invalid="true"' in fieldset
