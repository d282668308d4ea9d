"""A session left open is not the person: what matters asks again, and gives nothing away."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now
from django_otp.oath import TOTP

from yiwang.kernel.people import actions
from yiwang.kernel.people.models import ApiKey, Person, RecoveryCode, SecondFactor, SignIn
from yiwang.kernel.people.rules import SYSTEM, Actor
from yiwang.kernel.people.sign_in_rules import SIGN_IN
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.records.sealed import unseal
from yiwang.shell.middleware import BEGUN
from yiwang.shell.proof import PROVED

pytestmark = pytest.mark.django_db
GOOD = "Mianbao-2026-xia"
MATTERS = ("/account/second-factor", "/account/keys/new")


@pytest.fixture
def person() -> Person:
    made = actions.add_person(account="lisi", name="李四", unit_code="330206005", by=SYSTEM,
                              at=now())
    made.set_password(GOOD)
    made.password_set_at = now()
    made.save()
    return made


@pytest.fixture
def rested(client: Client, person: Person) -> Client:
    """Signed in, long ago."""
    client.post("/sign-in", {"account": "lisi", "password": GOOD})
    age(client, SIGN_IN.proof + timedelta(minutes=1))
    return client


def age(client: Client, by: timedelta) -> None:
    session = client.session
    for name in (BEGUN, PROVED):
        if name in session:
            session[name] = session[name] - by.total_seconds()
    session.save()


def prove(client: Client, password: str = GOOD, **more: str) -> Any:
    return client.post("/account/prove", {"password": password, **more})


@pytest.mark.parametrize("page", MATTERS)
def test_after_a_while_it_asks_and_leads_back(rested: Client, page: str) -> None:
    assert rested.get("/account").status_code == 200
    sent = rested.get(page)
    assert sent["Location"].startswith("/account/prove?next=")
    asked = rested.get(sent["Location"])
    assert f'name="next" value="{page}"' in asked.content.decode()
    before = rested.session.session_key
    assert prove(rested, next=page)["Location"] == page
    assert rested.get(page).status_code == 200
    assert rested.session.session_key != before, "a proof begins a new session key"
    assert SignIn.objects.get().session_key == rested.session.session_key
    age(rested, SIGN_IN.proof + timedelta(minutes=1))
    assert rested.get(page).status_code == 302


def test_a_form_begun_in_time_may_be_sent(rested: Client) -> None:
    new = {"name": "脚本", "scopes": "cases:read", "days": "30"}
    assert rested.post("/account/keys/new", new).status_code == 200
    age(rested, SIGN_IN.proof)
    assert rested.post("/account/keys/new", new)["Location"] == "/account/prove?next=%2Faccount"
    assert ApiKey.objects.count() == 1


@pytest.mark.parametrize("address", ["other-sessions", "recovery-codes", "calendar/new"])
def test_buttons_ask_as_well(rested: Client, address: str) -> None:
    age(rested, SIGN_IN.proof)
    sent = rested.post(f"/account/{address}", headers={"Referer": "http://testserver/account"})
    assert sent["Location"] == "/account/prove?next=%2Faccount"


def test_a_wrong_password_proves_nothing_and_counts_towards_the_lock(
    rested: Client, person: Person
) -> None:
    for _ in range(5):
        assert prove(rested, "wrong", next=MATTERS[0]).status_code == 422
    assert prove(rested).status_code == 422, "locked: the right one does not help now"
    assert rested.get(MATTERS[0]).status_code == 302
    assert Client().post("/sign-in", {"account": "lisi", "password": GOOD}).status_code == 429
    verbs = TrailEntry.objects.filter(stream=f"person/{person.pk}").values_list("verb", flat=True)
    assert list(verbs).count("sign_in_failed") == 7
    assert "proved" not in verbs


def test_with_a_second_factor_both_are_asked(rested: Client, person: Person) -> None:
    me = Actor(f"person/{person.pk}")
    factor = actions.start_second_factor(person, by=me, at=now())
    SecondFactor.objects.filter(person=person).update(confirmed_at=now(), last_step=-1)
    totp = TOTP(bytes.fromhex(unseal(factor.key_sealed)))
    totp.time = now().timestamp()
    assert prove(rested).status_code == 422
    assert prove(rested, code="000000").status_code == 422
    assert prove(rested, code=f"{totp.token():06d}").status_code == 302
    assert RecoveryCode.objects.count() == 0


def test_it_leads_to_no_other_site(rested: Client) -> None:
    assert prove(rested, next="https://evil.example/")["Location"] == "/account"
