"""Moves, photos and repeated writes through the JSON API."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import now
from PIL import Image

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.tests.town import CLEAR, TOWN, Town
from yiwang.kernel.records.models import Attachment, OnceAnswer, TrailEntry
from yiwang.kernel.records.once import KEPT, forget_answers
from yiwang.kernel.work import keep_house

from .api_ground import Caller, caller, ground

pytestmark = pytest.mark.django_db
PILE = {"kind": "GB2021/E.01.10", "text": "垃圾堆到桶外", "place": f"{TOWN}221"}
DONE: dict[str, Any] = {name: value for name, value in CLEAR.items() if name != "photo"}


@pytest.fixture
def town(actor: Callable[..., Any]) -> Town:
    return ground(actor)


@pytest.fixture(autouse=True)
def _files(tmp_path: Any, settings: Any) -> None:
    settings.FILES = tmp_path


def picture(colour: str = "red", name: str = "a.jpg") -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(drawn, "JPEG")
    return SimpleUploadedFile(name, drawn.getvalue(), "image/jpeg")


def moved(who: Caller, case: Any, move: str, status: int = 200, *, tag: str = "*",
          **fields: Any) -> Any:
    body = {"move": move, "fields": fields}
    return who.post(f"/cases/{case.id}/moves", body, status, If_Match=tag)


def test_a_case_goes_its_whole_way_by_moves_as_offered(town: Town) -> None:
    case, desk, build, worker = town.open(), caller("desk"), caller("build"), caller("worker")
    offered = desk.get(f"/cases/{case.id}/moves")
    assign = next(item for item in offered["items"] if item["move"] == "assign")
    assert [need["kind"] for need in assign["needs"] if need["required"]] == ["team"]
    team = next(team["id"] for team in offered["teams"] if team["name"] == "城建管理办公室")
    assert moved(desk, case, "assign", tag=desk.headers["ETag"], team=team)["state"][
        "id"] == "assigned"
    steps: tuple[tuple[str, dict[str, Any]], ...] = (("accept", {}), ("submit", DONE))
    for move, fields in steps:
        tag = f'"{build.get(f"/cases/{case.id}")["version"]}"'
        moved(build, case, move, tag=tag, **fields)
    ended = moved(worker, case, "pass")
    assert (ended["state"]["id"], ended["is_open"]) == ("closed", False)
    verbs = [step["verb"] for step in desk.get(f"/cases/{case.id}/trail")["items"]]
    assert verbs == ["open", "assign", "accept", "submit", "pass"]
    told = desk.get(f"/cases/{case.id}/trail")["items"][1]
    assert told["said"] == [{"label": "派给", "value": "城建管理办公室"}]
    assert told["by"] == "desk 某"


def test_of_two_who_act_on_one_version_the_second_is_told_what_changed(town: Town) -> None:
    case, desk = town.open(), caller("desk")
    first = f'"{case.version}"'
    moved(desk, case, "assign", tag=first, team=str(town.build.id))
    stale = moved(desk, case, "reject", 412, tag=first, whose="别处", reason="不归我们")
    assert [step["verb"] for step in stale["changes"]] == ["assign"]
    assert desk.headers["ETag"] == f'"{stale["version"]}"'
    assert Case.objects.get(pk=case.id).state == "assigned"
    nothing_said = {"move": "assign"}
    assert desk.post(f"/cases/{case.id}/moves", nothing_said, 428)["code"] == "version_missing"
    moved(desk, case, "assign", 412, tag='"x"')
    moved(desk, case, "reassign", tag=f'"0", "{stale["version"]}"', team=str(town.police.id))


def test_moves_that_do_not_follow_or_are_not_ones_own(town: Town) -> None:
    case, desk = town.open(), caller("desk")
    assert moved(desk, case, "pass", 409)["code"] == "not_from_here"
    assert moved(desk, case, "fly", 422)["errors"][0]["field"] == "move"
    assert moved(caller("worker"), case, "assign", 403)["code"] == "not_allowed"
    wrong = moved(desk, case, "assign", 422)
    assert [error["field"] for error in wrong["errors"]] == ["team"]
    bad: list[dict[str, Any]] = [{"team": ["x"]}, {"team": "7"}, {"nonsense": "1"},
                                 {"team": {"a": 1}}]
    for fields in bad:
        moved(desk, case, "assign", 422, **fields)
    assert Case.objects.get(pk=case.id).version == case.version


def test_photos_are_uploaded_for_a_move_and_named_by_it(town: Town) -> None:
    case, build = town.assigned(), caller("build")
    path = f"/cases/{case.id}/photos"
    kept = build.upload(path, [picture(), picture("blue", "b.jpg")], move="submit")
    ids = [photo["id"] for photo in kept["photos"]]
    assert {photo["stage"] for photo in kept["photos"]} == {"submit"}
    tag = build.headers["ETag"]
    done = moved(build, case, "submit", tag=tag, **DONE, photo=ids)
    assert [photo["id"] for photo in done["photos"]] == ids
    step = TrailEntry.objects.get(stream=f"case/{case.id}", verb="submit")
    assert step.note["photo"] == ids


def test_photos_nobody_asked_for_are_not_taken(town: Town) -> None:
    case, build = town.assigned(), caller("build")
    path = f"/cases/{case.id}/photos"
    assert build.upload(path, [picture()], 409, move="accept")["code"] == "not_now"
    build.upload(path, [picture()], 409, move="report")
    caller("worker").upload(path, [picture()], 409, move="submit")
    caller("police").upload(path, [picture()], 404, move="submit")
    text = SimpleUploadedFile("a.jpg", b"no photo", "image/jpeg")
    wrong = build.upload(path, [text], 422, move="submit")
    assert [error["field"] for error in wrong["errors"]] == ["files"]
    build.upload(path, [picture()] * 10, 422, move="submit")
    assert not Attachment.objects.exists()
    other = Attachment.objects.create(
        stream="case/0", stage="submit", name="x", media_type="image/jpeg", size=1,
        stored_digest="0", captured_digest="0", added_at=now(), added_by="x")
    for id_ in (str(other.id), "7"):
        assert moved(build, case, "submit", 422, **DONE, photo=[id_])["code"] == "no_such_photo"


def test_ones_own_report_takes_photos_until_somebody_has_begun(town: Town) -> None:
    worker = caller("worker")
    made = worker.post("/cases", PILE, 201)
    worker.upload(f"/cases/{made['id']}/photos", [picture()], move="report")
    case = Case.objects.get(pk=made["id"])
    town.move(case, "assign", "desk", at=now(), team=str(town.build.id))
    worker.upload(f"/cases/{made['id']}/photos", [picture()], 409, move="report")


def test_a_report_sent_twice_is_one_case(town: Town) -> None:
    desk = caller("desk")
    first = desk.post("/cases", PILE, 201, Idempotency_Key="a-1")
    assert desk.headers["Idempotency-Replayed"] == "false"
    location = desk.headers["Location"]
    again = desk.post("/cases", PILE, 201, Idempotency_Key="a-1")
    assert (again, desk.headers["Location"]) == (first, location)
    assert desk.headers["Idempotency-Replayed"] == "true"
    other = desk.post("/cases", {**PILE, "text": "别的"}, 422, Idempotency_Key="a-1")
    assert other["code"] == "key_reused"
    assert caller("worker").post("/cases", PILE, 201, Idempotency_Key="a-1") != first
    assert Case.objects.count() == 2
    desk.post("/cases", PILE, 400, Idempotency_Key="a" * 201)


def test_a_move_sent_twice_is_made_once(town: Town) -> None:
    case, desk = town.open(), caller("desk")
    body = {"move": "assign", "fields": {"team": str(town.build.id)}}
    first, again = (desk.post(f"/cases/{case.id}/moves", body, If_Match=f'"{case.version}"',
                              Idempotency_Key="m-1") for _ in range(2))
    assert again == first
    assert TrailEntry.objects.filter(verb="assign").count() == 1


def test_what_was_refused_keeps_nothing_and_may_be_mended(town: Town) -> None:
    desk = caller("desk")
    desk.post("/cases", {**PILE, "kind": "GB2021/E.99"}, 422, Idempotency_Key="a-1")
    desk.post("/cases", PILE, 201, Idempotency_Key="a-1")


def test_photos_sent_twice_are_kept_once(town: Town) -> None:
    case, build = town.assigned(), caller("build")
    path = f"/v1/cases/{case.id}/photos"
    answers = [build.client.post(
        f"/api{path}", {"files": [picture()], "move": "submit"},
        headers={"Authorization": f"Bearer {build.secret}", "Idempotency-Key": "p"})
        for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content
    assert Attachment.objects.count() == 1


def test_answers_are_kept_for_a_day_and_then_forgotten(town: Town) -> None:
    caller("desk").post("/cases", PILE, 201, Idempotency_Key="a-1")
    forget_answers(at=now() + KEPT - timedelta(minutes=1))
    assert OnceAnswer.objects.count() == 1
    keep_house(now() + KEPT + timedelta(minutes=1))
    assert not OnceAnswer.objects.exists()
