"""Signing in: the way in, the lock, what a page costs, in which language it speaks."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.timezone import localtime, now

from yiwang.kernel.people import actions
from yiwang.kernel.people.models import Person
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.people.sign_in_rules import (
    SIGN_IN_PACE,
)
from yiwang.kernel.records.models import TrailEntry
from yiwang.shell import middleware

from .sign_in_ground import TOWN, enter, switch_on, verbs

pytestmark = pytest.mark.django_db


def test_the_way_in_and_out(client: Client, person: Person) -> None:
    assert client.get("/account")["Location"] == "/sign-in?next=/account"
    answer = enter(client, account=" LiSi ", next="/account")
    assert (answer.status_code, answer["Location"]) == (302, "/account")
    assert client.get("/account").status_code == 200
    assert client.get("/sign-in").status_code == 302
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/account").status_code == 302
    assert verbs(person) == ["signed_in", "signed_out"]


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_it_leads_to_no_other_site(client: Client, person: Person, page: str) -> None:
    assert enter(client, next=page)["Location"] == "/"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_wrong_password_keeps_the_account_typed(
    client: Client, person: Person, language: str
) -> None:
    client.cookies["language"] = language
    wrong = enter(client, "wrong")
    unknown = enter(client, "wrong", account="nobody")
    for answer, account in ((wrong, "lisi"), (unknown, "nobody")):
        page = answer.content.decode()
        assert answer.status_code == 422
        assert f'value="{account}"' in page
        assert "wrong\"" not in page
        assert ("账号或密码不对" in page) is (language == "zh")
        assert ("Account or password is wrong" in page) is (language == "en")
    assert verbs(person) == ["sign_in_failed"]
    entry = TrailEntry.objects.get(stream="sign-in/unknown")
    assert entry.note["account"] == "no…"


def test_empty_fields_are_named(client: Client, person: Person) -> None:
    page = client.post("/sign-in", {"account": "lisi"}).content.decode()
    assert "请填写" in page
    assert 'value="lisi"' in page


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(
    client: Client, person: Person
) -> None:
    for _ in range(4):
        assert enter(client, "wrong").status_code == 422
    answer = enter(client, "wrong")
    assert answer.status_code == 429
    opens = f"{localtime(now() + timedelta(minutes=15)):%H:%M}"
    before = f"{localtime(now() + timedelta(minutes=14, seconds=58)):%H:%M}"
    assert opens in answer.content.decode() or before in answer.content.decode()
    assert enter(client).status_code == 429, "the right password does not help now"
    assert client.get("/account").status_code == 302
    assert set(verbs(person)) == {"sign_in_failed"}


def test_one_network_cannot_try_many_accounts(client: Client, person: Person) -> None:
    """Each account below its own lock; another network is not in the way of this one."""
    for number in range(SIGN_IN_PACE.most):
        assert enter(client, "wrong", account=f"nobody{number}").status_code == 422
    refused = enter(client)
    assert refused.status_code == 429
    assert "15 分钟内最多 60 次" in refused.content.decode()
    elsewhere = Client(REMOTE_ADDR="10.1.2.3")
    assert enter(elsewhere).status_code == 302


def test_a_closed_account_stays_out_at_once(client: Client, person: Person) -> None:
    enter(client)
    assert client.get("/account").status_code == 200
    actions.deactivate_person(person, by=SYSTEM, at=now())
    assert client.get("/account").status_code == 302
    assert enter(client).status_code == 422


def test_a_revoked_role_is_gone_at_the_next_request(client: Client, person: Person) -> None:
    term = actions.grant_term(
        person, role="auditor", area=TOWN, since=localtime().date(), by=SYSTEM, at=now())
    enter(client)
    switch_on(client, person)
    assert client.get("/audit").status_code == 200
    actions.end_term(term, by=SYSTEM, at=now())
    assert client.get("/audit").status_code == 403


def test_a_fragment_is_sent_to_the_sign_in_page_whole(client: Client) -> None:
    answer = client.get("/people", headers={
        "HX-Request": "true", "HX-Current-URL": "http://testserver/people?q=x"})
    assert (answer.status_code, answer["HX-Redirect"]) == (
        401, "/sign-in?next=/people%3Fq%3Dx")


def test_a_signed_in_page_costs_three_queries(
    client: Client, person: Person, django_assert_num_queries: Any
) -> None:
    enter(client)
    client.get("/account")
    request = RequestFactory().get("/", headers={"cookie": client.cookies.output(
        attrs=[], header="", sep=";")})

    def view(asked: HttpRequest) -> HttpResponse:
        return HttpResponse(str(asked.actor.ref))  # type: ignore[attr-defined]

    stack = SessionMiddleware(AuthenticationMiddleware(middleware.ReaderMiddleware(view)))
    with django_assert_num_queries(3):
        answer: Any = stack(request)
    assert answer.content.decode() == f"person/{person.pk}"


def test_a_visitor_costs_none(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/sign-in").status_code == 200


def test_the_person_s_language_speaks_where_no_choice_was_made(person: Person) -> None:
    person.language = "en"
    person.save()
    client = Client()
    enter(client)
    assert "My account" in client.get("/account").content.decode()
    assert client.cookies["language"].value == "en"


def test_a_choice_of_language_is_remembered(client: Client, person: Person) -> None:
    enter(client)
    client.post("/language", {"language": "en", "next": "/account"})
    person.refresh_from_db()
    assert person.language == "en"
    assert verbs(person)[-1] == "language_chosen"
