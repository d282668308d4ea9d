"""Moves made through the page: lawful ones, wrong input, a press come twice, two people at once."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from PIL import Image

from yiwang.kernel.cases.models import Assist, Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.people.models import Team
from yiwang.kernel.records.models import Attachment, TrailEntry

from .case_ground import DONE, SINCE, TOWN, Town, make_town, outcome

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def town() -> Town:
    return make_town()


def send(town: Town, who: str, case: Case, move: str, /, **fields: Any) -> Any:
    fields.setdefault("version", case.version)
    headers = HTMX if fields.pop("htmx", False) else {}
    return town.client(who).post(f"/cases/{case.id}/{move}/", fields, headers=headers)


def steps(case: Case) -> int:
    return TrailEntry.objects.filter(stream=f"case/{case.id}").count()


def test_dispatch_by_a_team_s_name_or_a_part_of_it(town: Town) -> None:
    case = town.case()
    answer = send(town, "dispatcher", case, "assign", team="城建")
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.handler_id) == ("assigned", town.teams["city"].id)


def test_a_fragment_tells_the_desk_what_was_done(town: Town) -> None:
    answer = send(town, "dispatcher", town.case(), "assign", team="城建管理办公室", htmx=True)
    assert answer.status_code == 200
    assert "case-moved" in answer["HX-Trigger"]
    assert answer["HX-Trigger"].isascii()
    assert "待签收" in answer.content.decode()


@pytest.mark.parametrize("typed", [
    "没有这个单位", "办公", "x" * 10_000, "😀", "' OR 1=1 --", "",
    "00000000-0000-0000-0000-000000000000",
])
def test_a_team_that_is_none_is_said_beside_the_field(town: Town, typed: str) -> None:
    Team.objects.create(code="public", name="公共服务办公室", kind="office", unit_code=TOWN,
                        since=SINCE)
    case = town.case()
    answer = send(town, "dispatcher", case, "assign", team=typed, note="路口")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text
    assert "路口" in text
    assert steps(case) == 1


def test_typing_is_kept_when_something_is_missing(town: Town) -> None:
    case = town.working()
    answer = send(town, "office", case, "submit", done=DONE, for_person="", result="solved")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert DONE in text
    assert 'value="solved"' in text
    assert "请填" in text


@pytest.mark.parametrize(("field", "value"), [
    ("done", "长" * 10_001), ("result", "no-such"), ("look_again", "2026-13-45"),
])
def test_wrong_values_change_nothing(town: Town, field: str, value: str) -> None:
    case = town.working()
    before = steps(case)
    answer = send(town, "office", case, "submit", **outcome(**{field: value}))
    assert answer.status_code == 422
    assert "error" in answer.content.decode()
    assert steps(case) == before


def test_emoji_and_rare_characters_are_kept(town: Town) -> None:
    case = town.working()
    send(town, "office", case, "submit", **outcome(done=DONE + "𠮷野家门口👍"))
    case.refresh_from_db()
    assert case.facts["opinions"][0]["done"].endswith("𠮷野家门口👍")


def test_a_press_come_twice_does_it_once(town: Town) -> None:
    case = town.case()
    first = send(town, "dispatcher", case, "assign", team="城建", htmx=True)
    again = send(town, "dispatcher", case, "assign", team="城建", htmx=True)
    assert (first.status_code, again.status_code) == (200, 200)
    assert steps(case) == 2
    assert Assist.objects.count() == 0


def test_two_people_at_once_the_second_sees_the_latest_and_keeps_the_words(town: Town) -> None:
    case = town.case()
    make_move(Case.objects.get(id=case.id), "assign", by=town.actor("adjudicator"), at=now(),
              given={"team": str(town.teams["works"].id)})
    answer = send(town, "dispatcher", case, "assign", team="城建", note="我写的附言")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "刚刚有人先办了这一步" in text
    assert "我写的附言" in text
    assert "综合执法队" in text
    assert steps(case) == 2


def test_a_step_no_longer_open_shows_the_words_to_copy(town: Town) -> None:
    case = town.case()
    make_move(Case.objects.get(id=case.id), "reject", by=town.actor("adjudicator"), at=now(),
              given={"whose": "供电公司", "reason": "不在本辖区"})
    answer = send(town, "dispatcher", case, "assign", team="城建", note="我写的附言", htmx=True)
    assert answer.status_code == 422
    assert "我写的附言" in answer.content.decode()


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 30, "１"])
def test_a_version_that_is_none_makes_nothing(town: Town, version: str) -> None:
    case = town.case()
    answer = send(town, "dispatcher", case, "assign", team="城建", version=version)
    assert answer.status_code == 409
    assert steps(case) == 1


@pytest.mark.parametrize(("who", "move", "status"), [
    ("leader", "assign", 422), ("office", "assign", 404), ("stranger", "assign", 404),
    ("dispatcher", "rule", 422), ("dispatcher", "no-such-move", 404), ("dispatcher", "rate", 422),
])
def test_a_step_not_open_to_somebody_is_refused(
    town: Town, who: str, move: str, status: int
) -> None:
    case = town.case()
    assert send(town, who, case, move, team="城建", stars="5").status_code == status
    assert steps(case) == 1


def test_a_move_without_needs_is_one_press(town: Town) -> None:
    case = town.assigned()
    text = town.client("office").get(f"/cases/{case.id}/").content.decode()
    assert f'action="/cases/{case.id}/accept/"' in text
    assert send(town, "office", case, "accept").status_code == 302
    case.refresh_from_db()
    assert case.state == "working"


def test_merging_suggests_near_cases_and_takes_a_number(town: Town) -> None:
    case, near = town.case(), town.case("旁边的积水")
    form = town.client("dispatcher").get(f"/cases/{case.id}/merge/", headers=HTMX).content.decode()
    assert near.number in form
    assert send(town, "dispatcher", case, "merge", case=near.number).status_code == 302
    case.refresh_from_db()
    assert case.merged_into_id == near.id
    other = town.case()
    assert send(town, "dispatcher", other, "merge", case=other.number).status_code == 422


def test_thin_words_are_said_before_they_are_sent(town: Town) -> None:
    case = town.working()
    client = town.client("office")
    said = client.post(f"/cases/{case.id}/closing-words/", {"done": "正在协调处理"})
    assert "事情还在进行" in said.content.decode()
    assert client.post(f"/cases/{case.id}/closing-words/", outcome()).content.strip() == b""
    assert steps(case) == 3


def picture() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(buffer, "JPEG")
    return SimpleUploadedFile("现场.jpg", buffer.getvalue(), "image/jpeg")


def test_photos_become_evidence_with_the_step(town: Town) -> None:
    case = town.working()
    assert send(town, "office", case, "submit", **outcome(), photo=picture()).status_code == 302
    kept = Attachment.objects.get(stream=f"case/{case.id}")
    entry = TrailEntry.objects.get(stream=f"case/{case.id}", verb="submit")
    assert entry.note["photo"] == [str(kept.id)]
    assert "照片" in town.client("office").get(f"/cases/{case.id}/").content.decode()


def test_a_broken_photo_is_said_and_nothing_is_kept(town: Town) -> None:
    case = town.working()
    broken = SimpleUploadedFile("x.jpg", b"no picture", "image/jpeg")
    answer = send(town, "office", case, "submit", **outcome(), photo=broken)
    assert answer.status_code == 422
    assert DONE in answer.content.decode()
    assert not Attachment.objects.exists()


def test_whistling_for_a_team_and_its_answer(town: Town) -> None:
    case = town.assigned("city")
    sent = {"team": "综合执法队", "whistle": "issue", "reason": "请到场"}
    client = town.client("dispatcher")
    assert client.post(f"/cases/{case.id}/team/", sent).status_code == 302
    again = client.post(f"/cases/{case.id}/team/", sent)
    assert again.status_code == 422  # it is there already
    assist = Assist.objects.get()
    answered = town.client("works").post(
        f"/cases/{case.id}/team/", {"assist": str(assist.id), "act": "answer"})
    assert answered.status_code == 302
    assist.refresh_from_db()
    assert assist.answered_at is not None


@pytest.mark.parametrize("sent", [{}, {"team": "没有"}, {"assist": "x", "act": "answer"},
                                  {"team": "综合执法队", "whistle": "none"}])
def test_a_bad_call_is_said(town: Town, sent: dict[str, str]) -> None:
    case = town.assigned("city")
    assert town.client("dispatcher").post(f"/cases/{case.id}/team/", sent).status_code == 422
    assert not Assist.objects.exists()
