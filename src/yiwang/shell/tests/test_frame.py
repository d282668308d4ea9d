"""The frame's own pages: alive or not, language, manifest, gallery, trouble."""

import json

import pytest
from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.timezone import now

import yiwang
from yiwang.algorithms.words import Words, reading_in
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Person
from yiwang.kernel.records import demo_town
from yiwang.shell.doors import refused
from yiwang.shell.web.errors import bad_request, too_large


@pytest.mark.django_db
def test_health_says_the_version_and_that_the_database_answers(client: Client) -> None:
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"ok": True, "database": True, "version": yiwang.__version__}


@pytest.mark.django_db
def test_health_fails_when_the_database_does(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import DatabaseError

    def broken() -> None:
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", broken)
    assert client.get("/healthz").status_code == 503


@pytest.mark.parametrize(("to", "back"), [("/healthz", "/healthz"), ("//evil.example/", "/")])
@pytest.mark.django_db
def test_the_language_is_kept_and_one_stays_on_the_site(
    client: Client, to: str, back: str
) -> None:
    answer = client.post("/language", {"language": "en", "next": to})
    assert answer.status_code == 302
    assert answer["Location"] == back
    assert client.cookies["language"].value == "en"


def test_the_language_is_not_changed_by_a_link(client: Client) -> None:
    assert client.get("/language").status_code == 405


def test_the_manifest_is_named_in_the_readers_language(client: Client) -> None:
    client.cookies["language"] = "en"
    manifest = json.loads(client.get("/manifest.webmanifest").content)
    assert manifest["name"] == "Yiwang"
    assert manifest["icons"]


@pytest.mark.django_db
def test_the_gallery_asks_for_a_sign_in(client: Client) -> None:
    assert client.get("/components").status_code == 302


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.django_db
def test_the_gallery_shows_every_component(client: Client, language: str) -> None:
    client.force_login(
        Person.objects.create(account="w", name="王敏", language=language),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    client.cookies["language"] = language
    assert client.get("/components").status_code == 404, "a town at work has no use for it"
    demo_town.note(demo_town.BEGIN, by="system", at=now())
    page = client.get("/components").content.decode()
    assert ('lang="zh-Hans"' if language == "zh" else '<html lang="en">') in page
    assert 'class="bar"' in page
    assert "style=" not in page


TROUBLE = ("400.html", "403.html", "404.html", "413.html", "500.html", "403_csrf.html",
           "shell/locked_out.html")


@pytest.mark.parametrize("template", TROUBLE)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_of_trouble_stands_alone_and_says_what_to_do(
    template: str, language: str
) -> None:
    with reading_in("en" if language == "en" else "zh"):
        page = render_to_string(template)
    assert "<h1>" in page
    assert ("Go to the home page" if language == "en" else "回首页") in page
    assert "<script" not in page


def test_a_body_too_large_is_said_as_such(rf: RequestFactory) -> None:
    request: HttpRequest = rf.post("/")
    assert bad_request(request, RequestDataTooBig()).status_code == 413
    assert bad_request(request, ValueError()).status_code == 400
    assert too_large(request).status_code == 413


@pytest.mark.django_db
def test_a_refusal_names_what_is_missing_as_page_and_as_fragment(rf: RequestFactory) -> None:
    refusal = Refusal("x", Words("不能<派>", "no"), Words("补齐", "add"), (Words("照片", "photo"),))
    with reading_in("zh"):
        page = refused(rf.get("/"), refusal)
        fragment = refused(rf.get("/", headers={"HX-Request": "true"}), refusal)
    assert page.status_code == fragment.status_code == 409
    for answer in (page.content.decode(), fragment.content.decode()):
        assert "不能&lt;派&gt;" in answer
        assert "照片" in answer
        assert "补齐" in answer
    assert b"<html" not in fragment.content
