"""A person's own keys on their page; the reference of the API; what a scope lets through."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from django.utils.timezone import localdate, now

from yiwang.kernel.people.key_scopes import SCOPES, narrowed
from yiwang.kernel.people.keys import MOST_OWN, make_own_key, token_of
from yiwang.kernel.people.models import ApiKey, Person, Term
from yiwang.kernel.people.queries import actor_for
from yiwang.kernel.people.rules import CAPABILITIES, can_somewhere
from yiwang.shell.api.document import document, operations
from yiwang.shell.api.problems import KINDS

TOWN = "330206005"


def person(account: str, role: str = "dispatcher") -> Person:
    made = Person.objects.create(account=account, name=account, unit_code=TOWN)
    Term.objects.create(person=made, role=role, area=TOWN, since=date(2020, 1, 1))
    return made


@pytest.mark.django_db
def test_a_person_makes_and_ends_their_own_key() -> None:
    mine, client = person("desk"), Client()
    client.force_login(mine)
    made = client.post("/account/keys/new", {"name": "表格", "days": "30",
                                             "scopes": ["cases:read"]}).content.decode()
    secret = made.partition("data-secret>")[2].partition("<")[0]
    token = token_of(secret, at=now())
    assert (token.actor.ref, set(token.scopes)) == (f"person/{mine.pk}", {"cases:read"})
    assert token.key.until == localdate() + timedelta(days=30)
    listed = client.get("/account/keys").content.decode()
    assert secret not in listed
    assert secret[-4:] in listed
    stranger = Client()
    stranger.force_login(person("other"))
    assert stranger.post(f"/account/keys/{token.key.pk}/end").status_code == 404
    assert client.post(f"/account/keys/{token.key.pk}/end").status_code == 302
    assert ApiKey.objects.get().ended_at is not None


@pytest.mark.django_db
@pytest.mark.parametrize("more", [{"days": "367"}, {"days": "0"}, {"scopes": []}, {"name": ""},
                                  {"scopes": ["everything"]}])
def test_a_key_that_will_not_do_is_not_made(more: dict[str, Any]) -> None:
    client = Client()
    client.force_login(person("desk"))
    asked = {"name": "表格", "days": "30", "scopes": ["cases:read"], **more}
    assert client.post("/account/keys/new", asked).status_code == 422
    assert not ApiKey.objects.exists()


@pytest.mark.django_db
def test_nobody_holds_more_keys_than_they_can_look_after() -> None:
    mine, client = person("desk"), Client()
    by = actor_for(mine, localdate())
    for _ in range(MOST_OWN):
        make_own_key(mine, "x", ["cases:read"], by=by, at=now())
    client.force_login(mine)
    asked = {"name": "表格", "days": "30", "scopes": ["cases:read"]}
    assert "停用" in client.post("/account/keys/new", asked).content.decode()
    assert ApiKey.objects.count() == MOST_OWN


def test_scopes_take_away_and_never_add(actor: Callable[..., Any]) -> None:
    everything = actor("dispatcher", "leader")
    for code, scope in SCOPES.items():
        left = narrowed(everything, frozenset({code}))
        held = {name for name in CAPABILITIES if can_somewhere(left, name)}
        assert held == {name for name in scope.opens if can_somewhere(everything, name)}
        assert not can_somewhere(left, "case.unmask")
    assert not narrowed(actor("auditor"), frozenset(SCOPES)).grants


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_reference_tells_every_operation_and_problem(language: str) -> None:
    client = Client()
    client.cookies["language"] = language
    page = client.get("/api/v1/docs").content.decode()
    whole = document("en" if language == "en" else "zh")
    for _, one in operations(whole):
        assert f'id="{one["operationId"]}"' in page
        assert escape(one["summary"]) in page
    for code, kind in KINDS.items():
        assert f'id="{code}"' in page
        assert kind.title.said_in("en" if language == "en" else "zh") in page
    assert "https://" not in page.replace("https://github.com", "")


@pytest.mark.django_db
def test_the_document_is_openapi_3_1_in_the_language_asked_for() -> None:
    found = Client().get("/api/v1/openapi.json", headers={"Accept-Language": "en"}).json()
    assert found["openapi"] == "3.1.0"
    assert "x-words" not in str(found)
    for _, one in operations(found):
        assert one["summary"].isascii()
        assert {"401", "403", "429"} <= one["responses"].keys()
        assert all("description" in param for param in one["parameters"]
                   if param["in"] == "header")
