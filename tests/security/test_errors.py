"""An error tells a reader nothing of the inside, and leaves nothing half done."""

from typing import Any

import pytest
from django.test import Client
from tests.permissions.two_towns import lay_out

from yiwang.kernel.cases.models import Case
from yiwang.kernel.records.models import TrailEntry

pytestmark = pytest.mark.django_db
INSIDE = ("SECRET-OF-OURS", "Traceback", "ValueError", ".py", "kernel_case", "site-packages")


def broken(*_args: object, **_more: object) -> Any:
    raise ValueError("SECRET-OF-OURS in kernel_case")


@pytest.mark.parametrize(("path", "patched"), [
    ("/events/", "yiwang.practices.events.web.desk.render"),
    ("/people", "yiwang.shell.web.people.render"),
])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_that_breaks_says_only_that(
    monkeypatch: pytest.MonkeyPatch, path: str, patched: str, language: str
) -> None:
    own, _ = lay_out()
    client = own.client("admins" if path == "/people" else "worker")
    client.cookies["language"] = language
    monkeypatch.setattr(patched, broken)
    answer: Any = client.get(path)
    assert answer.status_code == 500
    said = answer.content.decode()
    assert not [word for word in INSIDE if word in said]
    assert ("回首页" if language == "zh" else "home page") in said


def test_an_interface_that_breaks_says_only_that(monkeypatch: pytest.MonkeyPatch) -> None:
    own, _ = lay_out()
    monkeypatch.setattr("yiwang.shell.api.keyed.can_somewhere", broken)
    client = Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {own.things['secret']}"}
    answer: Any = client.get("/api/v1/cases", headers=headers)
    assert answer.status_code == 500
    assert not [word for word in INSIDE if word in answer.content.decode()]


def test_a_step_that_breaks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The case and its entry were written when it broke: both are taken back."""
    own, _ = lay_out()
    case = own.things["case"]
    before = (Case.objects.filter(pk=case.pk).values().get(), TrailEntry.objects.count())
    monkeypatch.setattr("yiwang.kernel.cases.step._pass_ball", broken)
    answer: Any = own.client("worker").post(
        f"/cases/{case.pk}/submit/", {"version": case.version, "result": "solved",
                                      "done": "两名工人十时到场清走垃圾两车并冲洗路面",
                                      "for_person": "已答复"})
    assert answer.status_code == 500
    assert (Case.objects.filter(pk=case.pk).values().get(), TrailEntry.objects.count()) == before
