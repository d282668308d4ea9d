"""The second factor: switched on and off, its codes, its lock."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localtime, now

from yiwang.config import env
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people import actions
from yiwang.kernel.people.models import Person, SecondFactor
from yiwang.kernel.people.rules import SYSTEM, Actor
from yiwang.kernel.people.sign_in_rules import SECOND_FACTOR, SIGN_IN

from .sign_in_ground import GOOD, TOWN, code_of, enter, switch_on, verbs

pytestmark = pytest.mark.django_db


def test_the_second_factor(client: Client, person: Person) -> None:
    enter(client)
    codes = switch_on(client, person)
    client.post("/sign-out")
    assert enter(client, next="/account")["Location"] == "/sign-in/code"
    assert client.get("/account").status_code == 302, "the password alone opens nothing"
    used = client.post("/sign-in/code", {"code": code_of(person, now())})
    assert used.status_code == 422, "a code works once"
    done = client.post("/sign-in/code", {"code": codes[0].upper()})
    assert done["Location"] == "/account"
    assert client.get("/account").status_code == 200
    client.post("/sign-out")
    enter(client)
    assert client.post("/sign-in/code", {"code": codes[0]}).status_code == 422
    SecondFactor.objects.update(last_step=-1)
    assert client.post("/sign-in/code", {"code": code_of(person, now())}).status_code == 302
    said = verbs(person)
    assert said.count("recovery_code_used") == 1
    assert said.count("sign_in_failed") == 2


def test_wrong_codes_lock_the_second_step(person: Person) -> None:
    at = now()
    me = Actor(f"person/{person.pk}")
    actions.start_second_factor(person, by=me, at=at)
    codes = actions.confirm_second_factor(person, code_of(person, at), by=me, at=at)
    for _ in range(SIGN_IN.second_step_failures):
        assert not actions.use_second_factor(person, "nonsense", by=me, at=at)
    assert not actions.use_second_factor(person, codes[0], by=me, at=at)
    later = at + SIGN_IN.second_step_lock
    assert actions.use_second_factor(person, codes[0], by=me, at=later)
    assert actions.use_second_factor(person, code_of(person, later), by=me, at=later)
    assert not actions.use_second_factor(person, code_of(person, later), by=me, at=later)


def test_the_second_factor_goes_with_the_password_only(client: Client, person: Person) -> None:
    enter(client)
    old = switch_on(client, person)
    new = client.post("/account/recovery-codes").context["codes"]
    assert not set(old) & set(new)
    assert client.post("/account/second-factor/remove", {"password": "x"}).status_code == 422
    assert SecondFactor.objects.exists()
    client.post("/account/second-factor/remove", {"password": GOOD})
    assert not SecondFactor.objects.exists()
    assert not person.recovery_codes.exists()


def test_the_second_step_waits_only_so_long(client: Client, person: Person) -> None:
    enter(client)
    switch_on(client, person)
    client.post("/sign-out")
    enter(client)
    session = client.session
    session["second_step"] = session["second_step"] | {"at": (now() - timedelta(1)).timestamp()}
    session.save()
    assert client.post("/sign-in/code", {"code": code_of(person, now())})["Location"] == "/sign-in"


def test_a_start_password_leaves_the_second_factor_as_it_is(
    client: Client, person: Person
) -> None:
    enter(client)
    switch_on(client, person)
    actions.set_start_password(person, GOOD + "s", by=SYSTEM, at=now())
    assert client.get("/account").status_code == 302, "its sessions are ended"
    assert enter(client, GOOD + "s")["Location"] == "/sign-in/code"


@pytest.fixture
def administrator(person: Person) -> Person:
    actions.grant_term(person, role="auditor", area=TOWN, since=localtime().date(), by=SYSTEM,
                       at=now())
    return person


def test_administrators_set_it_up_before_anything_else(
    client: Client, administrator: Person
) -> None:
    assert enter(client, next="/audit")["Location"] == "/audit"
    for page in ("/audit", "/", "/account", "/account/keys", "/account/second-factor/remove"):
        assert client.get(page)["Location"] == "/account/second-factor"
    assert client.post("/account/keys/new", {"name": "x"})["Location"] == "/account/second-factor"
    shown = client.get("/account/second-factor").content.decode()
    assert "先开启两步验证" in shown
    assert 'href="/account"' not in shown.split("<main")[1], "no way around it"
    assert client.get("/healthz").status_code == 200
    switch_on(client, administrator)
    assert client.get("/audit").status_code == 200


def test_a_factor_that_was_demanded_is_exchanged_but_not_left_off(
    client: Client, administrator: Person
) -> None:
    enter(client)
    switch_on(client, administrator)
    client.post("/account/second-factor/remove", {"password": GOOD})
    assert client.get("/audit")["Location"] == "/account/second-factor"
    switch_on(client, administrator)
    client.post("/sign-out")
    assert enter(client)["Location"] == "/sign-in/code"


def test_a_start_password_is_changed_first(client: Client, administrator: Person) -> None:
    actions.set_start_password(administrator, GOOD + "s", by=SYSTEM, at=now())
    enter(client, GOOD + "s")
    assert client.get("/account/second-factor")["Location"] == "/account/password"
    client.post("/account/password", {"old": GOOD + "s", "new": GOOD + "n"})
    assert client.get("/audit")["Location"] == "/account/second-factor"


@pytest.mark.parametrize(("demand", "asked"), [("offered", (False, False)),
                                               ("administrators", (False, True)),
                                               ("all", (True, True))])
def test_of_whom_it_is_demanded(
    demand: str, asked: tuple[bool, bool], person: Person, settings: Any
) -> None:
    settings.SECOND_FACTOR = demand
    found = []
    for role in ("leader", "auditor"):
        actions.grant_term(person, role=role, area=TOWN, since=localtime().date(), by=SYSTEM,
                           at=now())
        client = Client()
        enter(client)
        found.append(client.get("/account").status_code == 302)
    assert tuple(found) == asked


def test_of_whom_it_is_demanded_is_one_of_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIWANG_SECOND_FACTOR", "everybody")
    with pytest.raises(Refusal, match="offered, administrators, all"):
        env.one_of("YIWANG_SECOND_FACTOR", SECOND_FACTOR)


def test_looking_at_the_page_makes_no_key(client: Client, person: Person) -> None:
    enter(client)
    client.get("/account/second-factor")
    client.post("/account/second-factor", {"code": "123456"})
    assert not SecondFactor.objects.exists()
