"""What every request goes through: its session, its person, its policy, its addresses."""

from uuid import uuid4

import pytest
from csp.constants import HEADER
from csp.utils import build_policy
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, reverse

from yiwang.kernel import rows
from yiwang.kernel.ids import new_id
from yiwang.kernel.people.models import Person
from yiwang.kernel.places.models import Unit
from yiwang.shell.addresses import address_of
from yiwang.shell.web.sign_in import BACKEND


@pytest.fixture
def person() -> Person:
    return Person.objects.create(id=new_id(), account="an", name="安", unit_code="330206005")


@pytest.fixture
def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def is_let_in(browser: Client) -> bool:
    return browser.get("/account").status_code == 200


@pytest.mark.django_db
def test_a_session_somebody_wrote_into_is_no_session(browser: Client) -> None:
    assert is_let_in(browser)
    kept = Session.objects.get()
    payload, _, signature = kept.session_data.rpartition(":")
    Session.objects.update(session_data=f"{payload}x:{signature}")
    assert not is_let_in(browser)
    Session.objects.update(session_data=kept.session_data)
    assert is_let_in(browser)


@pytest.mark.django_db
def test_who_is_switched_off_or_has_a_new_password_is_out_at_once(
    browser: Client, person: Person
) -> None:
    assert is_let_in(browser)
    Person.objects.update(is_active=False)
    assert not is_let_in(browser)
    Person.objects.update(is_active=True)
    browser.force_login(person, backend=BACKEND)
    assert is_let_in(browser)
    person.set_password("another-Password-1")
    person.save()
    assert not is_let_in(browser)


@pytest.mark.django_db
def test_the_policy_is_django_csps_with_the_nonce_of_the_page(browser: Client) -> None:
    nonces = set()
    for _ in range(2):
        answer = browser.get("/account")
        nonce = answer.wsgi_request.csp_nonce  # type: ignore[attr-defined]
        assert f'nonce="{nonce}"' in answer.content.decode()
        own = build_policy(nonce=str(nonce))
        assert sorted(answer[HEADER].split("; ")) == sorted(own.split("; "))
        nonces.add(str(nonce))
    assert len(nonces) == 2
    assert "nonce-" not in browser.get("/healthz")[HEADER]


def test_addresses_are_djangos_own() -> None:
    for _ in range(2):
        one, other = uuid4(), uuid4()
        assert address_of("search") == reverse("search")
        for id_ in (one, other):
            assert address_of("case-detail", id_) == reverse("case-detail", args=[id_])
    with pytest.raises(NoReverseMatch):
        address_of("case-detail")


@pytest.mark.django_db
def test_a_row_is_changed_where_a_column_has_no_value(person: Person) -> None:
    assert rows.change(Person, {"name": "平"}, account="an", password_set_at=None) == 1
    assert rows.change(Person, {"name": "静"}, account="an", last_login=None, name="安") == 0
    assert rows.one(Person, id=person.id).name == "平"  # type: ignore[union-attr]
    assert rows.one(Unit, code="330206999") is None
