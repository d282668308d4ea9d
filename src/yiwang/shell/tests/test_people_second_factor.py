"""The second factor: switched on and off, its codes, its lock."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from yiwang.kernel.people import actions
from yiwang.kernel.people.models import Person, SecondFactor
from yiwang.kernel.people.rules import SYSTEM, Actor
from yiwang.kernel.people.sign_in_rules import (
    SIGN_IN,
)

from .sign_in_ground import GOOD, code_of, enter, switch_on, verbs

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
