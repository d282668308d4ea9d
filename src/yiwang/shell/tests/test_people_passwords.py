"""Passwords: start passwords and new ones, how they are typed, when they run out."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localtime, now

from yiwang.kernel.people import actions
from yiwang.kernel.people.models import Person, SignIn
from yiwang.kernel.people.rules import SYSTEM, Actor
from yiwang.kernel.people.sign_in_rules import (
    SIGN_IN,
    SignInRules,
    is_old,
    session_is_over,
)
from yiwang.kernel.records.models import TrailEntry

from .sign_in_ground import GOOD, TOWN, enter

pytestmark = pytest.mark.django_db


def test_a_start_password_opens_one_page_only(client: Client, person: Person) -> None:
    actions.set_start_password(person, GOOD + "s", by=SYSTEM, at=now())
    assert enter(client, GOOD + "s", next="/people")["Location"] == "/account/password"
    for page in ("/account", "/people", "/"):
        assert client.get(page)["Location"] == "/account/password"
    assert client.get("/account/password").status_code == 200
    same = client.post("/account/password", {"old": GOOD + "s", "new": GOOD + "s"})
    assert same.status_code == 422
    assert "要与现在的不同" in same.content.decode()
    done = client.post("/account/password", {"old": GOOD + "s", "new": GOOD + "n"})
    assert done["Location"] == "/account"
    assert client.get("/account").status_code == 200


def test_a_start_password_runs_out(client: Client, person: Person) -> None:
    actions.set_start_password(person, GOOD + "s", by=SYSTEM, at=now() - SIGN_IN.start_password)
    answer = enter(client, GOOD + "s")
    assert answer.status_code == 422
    assert "初始密码已过期" in answer.content.decode()
    assert client.get("/account").status_code == 302
    assert TrailEntry.objects.filter(verb="sign_in_failed").get().note["why"] == "start_over"
    actions.set_start_password(person, GOOD + "t", by=SYSTEM, at=now() - timedelta(days=2))
    assert enter(client, GOOD + "t")["Location"] == "/account/password"


def test_an_administrator_may_leave_the_choice_to_the_system(
    client: Client, person: Person
) -> None:
    boss = actions.add_person(account="boss", name="王五", unit_code=TOWN, by=SYSTEM, at=now())
    actions.grant_term(boss, role="system_admin", area=TOWN, since=localtime().date(),
                       by=SYSTEM, at=now())
    client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
    shown = client.post(f"/people/{person.pk}/password", {"start_password": ""})
    made = shown.context["password"]
    assert made in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    client.post("/sign-out")
    assert enter(client, made)["Location"] == "/account/password"


def test_a_new_password_ends_the_other_sessions(person: Person) -> None:
    here, there = Client(), Client()
    enter(there)
    enter(here)
    here.post("/account/password", {"old": GOOD, "new": GOOD + "n"})
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302
    assert SignIn.objects.get().session_key == here.session.session_key


def test_an_old_password_is_reminded_of() -> None:
    at = now()
    assert not is_old(None, at)
    assert not is_old(at - timedelta(days=90), at)
    assert is_old(at - timedelta(days=91), at)
    assert not session_is_over(at, at, SIGN_IN.idle, at)


def test_numbers_out_of_bounds_are_no_rules() -> None:
    for wrong in ({"sessions": 0}, {"idle": timedelta(hours=13)}, {"password_length": 4}):
        with pytest.raises(ValueError, match=":"):
            SignInRules(**wrong)


@pytest.mark.parametrize("page", ["/sign-in", "/account/password", "/account/prove"])
def test_passwords_are_typed_behind_dots_and_may_be_pasted(
    client: Client, person: Person, page: str
) -> None:
    if page != "/sign-in":
        enter(client)
    shown = client.get(page).content.decode()
    fields = re.findall(r"<input[^>]*autocomplete=\"(?:current|new)-password\"[^>]*>", shown)
    assert fields
    assert all('type="password"' in field and 'maxlength="128"' in field for field in fields)
    assert not re.search(r"onpaste|autocomplete=\"off\"[^>]*type=\"password\"", shown)


def test_a_long_password_is_taken_as_typed(client: Client, person: Person) -> None:
    long = " " + "Qing-shan 7 绿水 " * 7
    me = Actor(f"person/{person.pk}")
    actions.change_password(person, old=GOOD, new=long, by=me, at=now())
    assert enter(client, long[:72]).status_code == 422
    assert enter(client, long.strip()).status_code == 422
    assert enter(client, long).status_code == 302
