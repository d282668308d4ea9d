"""Sessions: how many, how long they hold, what ends them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localtime, now

from yiwang.kernel.people import actions
from yiwang.kernel.people.models import Person, SignIn
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.people.sign_in_rules import (
    SIGN_IN,
)
from yiwang.shell import middleware
from yiwang.shell.web.people_shown import device_named

from .sign_in_ground import TOWN, enter, verbs

pytestmark = pytest.mark.django_db


def test_only_so_many_sessions(person: Person) -> None:
    clients = [Client() for _ in range(SIGN_IN.sessions + 1)]
    for one in clients:
        enter(one)
    reached = [one.get("/account").status_code for one in clients]
    assert reached == [302] + [200] * SIGN_IN.sessions
    assert SignIn.objects.filter(person=person).count() == SIGN_IN.sessions


def test_signing_out_elsewhere(person: Person) -> None:
    here, there = Client(), Client()
    enter(there)
    enter(here)
    here.post("/account/other-sessions")
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 302


@pytest.mark.parametrize(
    ("rested", "begun", "holds"), [(3, 3, True), (5, 5, False), (1, 13, False)]
)
def test_a_session_ends_by_itself(
    client: Client, person: Person, rested: int, begun: int, holds: bool
) -> None:
    enter(client)
    session = client.session
    session[middleware.SEEN] = (now() - timedelta(hours=rested)).timestamp()
    session[middleware.BEGUN] = (now() - timedelta(hours=begun)).timestamp()
    session.save()
    assert (client.get("/account").status_code == 200) is holds
    if not holds:
        assert verbs(person)[-1] == "signed_out"
        said = client.get("/sign-in").content.decode()
        assert ("太久没有操作" in said) or ("12 小时" in said)


def test_administrators_rest_less(client: Client, person: Person) -> None:
    actions.grant_term(
        person, role="auditor", area=TOWN, since=localtime().date(), by=SYSTEM, at=now())
    enter(client)
    assert client.session[middleware.IDLE] == SIGN_IN.idle_administrator.total_seconds()


def test_a_page_that_refreshes_itself_is_nobody_at_the_keys(
    client: Client, person: Person
) -> None:
    enter(client)
    session = client.session
    session[middleware.SEEN] = (now() - timedelta(minutes=5)).timestamp()
    session.save()
    client.get("/account", headers={"X-Live": "1"})
    assert client.session[middleware.SEEN] == session[middleware.SEEN]
    client.get("/account")
    assert client.session[middleware.SEEN] > session[middleware.SEEN]


def test_every_sign_in_has_a_session_of_its_own(client: Client, person: Person) -> None:
    client.cookies["sessionid"] = "chosen0by0somebody0else000000000"
    enter(client)
    first = client.session.session_key
    client.post("/sign-out")
    enter(client)
    second = client.session.session_key
    assert len({first, second, "chosen0by0somebody0else000000000"}) == 3
    assert first is not None
    assert len(first) == 32
    client.cookies["sessionid"] = first
    assert client.get("/account").status_code == 302, "an ended session opens nothing"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Safari/537 Edg/130",
         "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile MicroMessenger/8", "WeChat · Android"),
        ("curl/8.5", "curl/8.5"),
        ("", ""),
    ],
)
def test_a_device_is_named_shortly(agent: str, name: str) -> None:
    assert device_named(agent) == name
