"""Pages without an account: plain form, the outbox's door, following, photos, public map."""

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from yiwang.kernel.cases.models import Case
from yiwang.kernel.people.rules import RESIDENT
from yiwang.kernel.records.models import Attachment
from yiwang.practices.events.actions import Report, report_event, report_me_too
from yiwang.practices.events.actions.where import Where
from yiwang.practices.events.rules import PUBLIC_MAP, REPORT_PACE, WRONG_CODE_PACE, coarse

from .ground import DISPUTE, IN_WEST, OUTSIDE, RUBBISH, VILLAGE, WEST, lay_out, picture

pytestmark = pytest.mark.django_db
FORM = {"kind": RUBBISH, "lon": str(IN_WEST[0]), "lat": str(IN_WEST[1]), "text": "没人清"}


@pytest.fixture(autouse=True)
def ground(at: datetime, settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"
    lay_out(at)


@pytest.fixture
def case() -> Case:
    report = Report(RUBBISH, Where(point=IN_WEST), text="我家门口，电话 13800001234")
    return report_event(report, by=RESIDENT, at=timezone.now())


def upload(colour: str = "olive") -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{colour}.jpg", picture(colour).getvalue(), "image/jpeg")


def test_the_plain_form_works_without_script(client: Client) -> None:
    page = client.get("/r")
    assert page.status_code == 200
    assert "垃圾没人清" in page.content.decode()
    sent = client.post("/r", {**FORM, "photo": upload()})
    case = Case.objects.get()
    assert sent["Location"] == f"/f/{case.follow_code}?new=1"
    followed = client.get(sent["Location"])
    assert case.follow_code in followed.content.decode()
    assert Attachment.objects.get().stage == "report"


def test_what_was_typed_is_all_there_after_a_refusal(client: Client) -> None:
    typed = {**FORM, "lon": str(OUTSIDE[0]), "lat": str(OUTSIDE[1]), "text": "<b>菜场</b>",
             "address": "东门", "phone": "13800001234"}
    answer = client.post("/r", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "这个点不在本镇街范围内" in page
    for kept in ("&lt;b&gt;菜场&lt;/b&gt;", 'value="东门"', 'value="13800001234"'):
        assert kept in page


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("content", "code"), [
    (b"\0\0\0\x18ftypheic" + b"\0" * 99, "photo_heic"), (b"not a picture", "not_a_photo"),
    (b"\xff\xd8" + b"\0" * (21 * 1024 * 1024), "photo_too_large"),
])
def test_a_bad_photo_is_said_in_the_reader_s_language(
    client: Client, content: bytes, code: str, language: str
) -> None:
    client.cookies["language"] = language
    photo = SimpleUploadedFile("IMG_1.HEIC", content)
    answer = client.post("/r/send", {**FORM, "photo": photo})
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    said = answer.json()["wrong"]["photo"]
    assert ("photo" in said.lower() or "picture" in said) is (language == "en")
    page = client.post("/r", {**FORM, "photo": SimpleUploadedFile("a.jpg", content)})
    assert "没人清" in page.content.decode()


def test_a_replayed_outbox_is_one_case(client: Client) -> None:
    photo = picture().getvalue()
    fields = {**FORM, "once_key": str(uuid4()), "digest": hashlib.sha256(photo).hexdigest()}
    answers = [client.post("/r/send", {**fields, "photo": upload()}).json() for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert Case.objects.count() == 1
    assert Attachment.objects.count() == 1


def test_a_photo_that_is_not_the_captured_one_is_refused(client: Client) -> None:
    answer = client.post("/r/send", {**FORM, "photo": upload(), "digest": "0" * 64})
    assert answer.json()["code"] == "photo_changed"


def test_a_draft_of_another_account_waits(client: Client) -> None:
    answer = client.post("/r/send", {**FORM, "who": "person/somebody"})
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in")
    assert not Case.objects.exists()


@pytest.mark.parametrize("nonsense", [
    {"lon": "nan", "lat": "inf"}, {"lon": "1e999", "lat": "x"}, {"spot": "\x00'; --"},
    {"datum": "mars"}, {"once_key": "x" * 500}, {"captured_at": "2026-13-45T99:00"},
    {"kind": "𠮷" * 100}, {"kind": "\x00"}, {"text": "\x00 字"}, {"who": ""},
])
def test_nonsense_is_never_a_500(client: Client, nonsense: dict[str, str]) -> None:
    assert client.post("/r/send", {**FORM, **nonsense}).status_code in (200, 422)


def test_a_filled_trap_is_refused(client: Client) -> None:
    assert client.post("/r/send", {**FORM, "website": "x"}).json()["code"] == "trap"


def test_too_many_reports_of_one_address_wait(client: Client) -> None:
    answers = [client.post("/r/send", {**FORM, "text": str(n)})
               for n in range(REPORT_PACE.most + 1)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]
    assert "30" in answers[-1].json()["wrong"][""]


def test_a_form_needs_its_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/r/send", FORM).status_code == 403
    token = strict.get("/r/fresh").json()["token"]
    assert strict.post("/r/send", FORM, headers={"X-CSRFToken": token}).status_code == 200


def test_following_shows_no_name_and_is_for_nobody_s_index(client: Client, case: Case) -> None:
    answer = client.get(f"/f/{case.follow_code}")
    page = answer.content.decode()
    assert "已收到你的反映" in page
    assert "13800001234" not in page
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cache-Control"].startswith("max-age=0")


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "split"])
def test_a_code_may_be_typed_carelessly(client: Client, case: Case, typed: str) -> None:
    code = case.follow_code
    careless = {"lower": code.lower(), "split": f"{code[:5]}-{code[5:]}"}
    given = careless.get(typed, typed.format(code))
    assert client.get("/f", {"code": given})["Location"] == f"/f/{code}"


@pytest.mark.parametrize("address", [
    "/f?code=%00", "/r/near?lon=121.865&lat=29.895&kind=%00", "/r?kind=%00", "/f?code=%F0%A0%AE%B7",
])
def test_nonsense_in_an_address_is_never_a_500(client: Client, address: str) -> None:
    assert client.get(address).status_code in (200, 404)


def test_wrong_codes_are_told_and_slowed_down(client: Client, case: Case) -> None:
    for _ in range(WRONG_CODE_PACE.most):
        assert client.get("/f/ABCDEFGHJK").status_code == 404
    assert client.get("/f/ABCDEFGHJK").status_code == 429
    assert client.get(f"/f/{case.follow_code}").status_code == 429


def test_rating_and_reopening_by_the_one_who_reported(client: Client, case: Case) -> None:
    Case.objects.filter(id=case.id).update(state="closed", is_open=False, closed_at=timezone.now())
    address = f"/f/{case.follow_code}"
    assert client.post(f"{address}/move", {"move": "rate"}).status_code == 422
    assert client.post(f"{address}/move", {"move": "rate", "stars": "2"}).status_code == 302
    assert client.post(f"{address}/move", {"move": "rate", "stars": "5"}).status_code == 409
    kept = client.post(f"{address}/move", {"move": "reopen", "reason": ""})
    assert kept.status_code == 422
    assert client.post(f"{address}/move", {"move": "reopen", "reason": "还在"}).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.reopenings, case.stars) == ("reported", 1, None)


def test_me_too_sees_the_course_but_not_the_words(client: Client, case: Case) -> None:
    mine = report_me_too(case.id, by=RESIDENT, at=timezone.now())
    page = client.get(f"/f/{mine.follow_code}").content.decode()
    assert case.number in page
    assert "13800001234" not in page
    assert case.follow_code not in page


def test_photos_open_only_to_the_code_of_their_own_case(client: Client, case: Case) -> None:
    sent = client.post("/r/send", {**FORM, "photo": upload()}).json()
    photo = Attachment.objects.get()
    answer = client.get(f"/f/{sent['code']}/photos/{photo.id}")
    assert answer.status_code == 200
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content)[:2] == b"\xff\xd8"  # type: ignore[attr-defined]
    assert client.get(f"/f/{case.follow_code}/photos/{photo.id}").status_code == 404
    assert client.get(f"/photos/{photo.id}").status_code == 302  # to sign in


def test_the_public_map_tells_nothing_personal(client: Client, case: Case) -> None:
    private = Report(DISPUTE, Where(point=IN_WEST), text="老王家的事", address="3 幢 201")
    report_event(private, by=RESIDENT, at=timezone.now())
    page = client.get("/m").content.decode()
    for hidden in ("13800001234", "老王", "201", case.number, str(case.id), case.follow_code,
                   str(IN_WEST[0]) + ","):
        assert hidden not in page
    assert page.count('class="item"') == 2
    assert "邻里纠纷" in page


def test_points_are_moved_into_squares() -> None:
    moved = {coarse(121.8650 + step * 1e-5, 29.8950) for step in range(40)}
    assert len(moved) <= 2
    assert coarse(*coarse(*IN_WEST)) == coarse(*IN_WEST)
    assert PUBLIC_MAP.grain_metres == 50


def test_a_chosen_named_place_has_its_point(client: Client) -> None:
    spot = client.get("/r").context["places"][0].code
    client.post("/r/send", {"kind": RUBBISH, "spot": spot, "text": "没人清"})
    case = Case.objects.get()
    assert (case.area, case.address) == (WEST, "菜场")
    assert VILLAGE in case.area


def test_the_service_worker_has_the_whole_site_as_its_scope(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Service-Worker-Allowed"] == "/"
    assert 'const VERSION = "' in answer.content.decode()
