"""A form that another site sends in a reader's name is taken nowhere."""

import pytest
from django.test import Client
from tests.permissions.two_towns import BACKEND, lay_out
from tests.permissions.walk import ROUTES, ask, typed

pytestmark = pytest.mark.django_db
# Asks for a key or a signature in a header, which no other site's form can send; no cookie counts.
OF_KEYS = ("open311-", "api-", "features-", "exchange-messages", "calendar-feed")


@pytest.mark.parametrize("who", ["worker", "admins"])
def test_no_address_takes_a_form_without_its_token(who: str) -> None:
    own, _ = lay_out()
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(own.people[who], backend=BACKEND)
    taken = {}
    for route in ROUTES:
        answer = ask(client, "POST", route.of(own), typed(own))
        forged = answer.status_code == 403 and "cookie" in answer.said.lower()
        if not forged and not (route.name.startswith(OF_KEYS) and answer.status_code >= 400):
            taken[route.name] = answer.status_code
    assert not taken
