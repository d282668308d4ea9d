"""Whoever has no business in a sub-district learns nothing of it and changes nothing in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.permissions.two_towns import WORK, Side, lay_out, phone_of, standing
from tests.permissions.walk import ROUTES, Route, ask, questions, typed

from yiwang.kernel.people.rules import CAPABILITIES, ROLES, SEPARATED

pytestmark = pytest.mark.django_db
CAPABLE = {who: frozenset[str]().union(*(ROLES[role].capabilities for role in roles))
           for who, roles in (("worker", WORK), ("admins", SEPARATED))}
STRANGERS = tuple(CAPABLE)
# What may be reported or joined by anybody, account or not.
ANYBODY_ADDS = {"report-same", "report-send", "report"}


@pytest.fixture
def sides() -> tuple[Side, Side]:
    """Theirs, which is asked about, and the asker's own."""
    return lay_out()


Headers = dict[str, str] | None


def asked(client: Client, route: Route, theirs: Side, headers: Headers
          ) -> Iterator[tuple[str, Any]]:
    """The route as a page, narrowed, and as a form, each about their things."""
    address = route.of(theirs)
    answer = ask(client, "GET", address, {}, headers=headers)
    yield "GET", answer
    if answer.status_code == 403 and route.door in CAPABILITIES:
        return  # the door is the same for every method: test_doors asks them all
    if "<" not in route.path:
        yield "narrowed", ask(client, "GET", address, questions(theirs), headers=headers)
    yield "POST", ask(client, "POST", address, typed(theirs), lambda: standing(theirs),
                      headers=headers)


def faults(client: Client, theirs: Side, routes: list[Route], headers: Headers = None
           ) -> list[str]:
    """Whatever the reader learned or changed, over all routes."""
    before, found = standing(theirs), []
    for route in routes:
        for how, answer in asked(client, route, theirs, headers):
            told = learned(answer.said, theirs, echoed=how == "narrowed")
            changed = route.name not in ANYBODY_ADDS and answer.left not in (None, before)
            entered = (route.is_about_a_thing and not route.is_public
                       and answer.status_code == 200)
            if told or changed or entered or answer.status_code >= 500:
                found.append(f"{route.name} {how} {answer.status_code}: told {told}, "
                             f"changed {changed}, entered {entered}")
    return found


def learned(said: str, theirs: Side, *, echoed: bool) -> list[str]:
    """Private words of theirs; the bare mark is a reader's own where it was asked for."""
    words = [f"{start}{theirs.mark}" for start in (*"人钥钩据筛行拟邻", "标题", "正文", "地址",
                                                   "worker")]
    return [word for word in (*words, phone_of(theirs), *([] if echoed else [theirs.mark]))
            if word in said]


def sent_away(answer: Any) -> bool:
    """To the sign-in page."""
    return bool(answer.status_code == 302 and answer["Location"].startswith("/sign-in"))


@pytest.mark.parametrize("who", STRANGERS)
def test_every_role_elsewhere_opens_nothing_here(who: str, sides: tuple[Side, Side]) -> None:
    theirs, own = sides
    assert not faults(own.client(who), theirs, ROUTES)


def test_nobody_in_particular_is_told_nothing_private(sides: tuple[Side, Side]) -> None:
    client = Client(raise_request_exception=False)
    assert not faults(client, sides[0], ROUTES)
    within = [route for route in ROUTES if not route.is_public and not route.is_of_keys]
    for route in within:
        answer = ask(client, "GET", route.of(sides[0]), {})
        assert sent_away(answer) or answer.status_code in (401, 405), route


def test_a_key_of_elsewhere_opens_nothing_here(sides: tuple[Side, Side]) -> None:
    theirs, own = sides
    secret = own.things["secret"]
    routes = [route for route in ROUTES if route.path.startswith(("api/", "open311/", "ogc/"))]
    client = Client(raise_request_exception=False)
    headers = {"Authorization": f"Bearer {secret}", "X-Api-Key": secret}
    assert not faults(client, theirs, routes, headers)


def test_the_walk_sees_what_insiders_are_shown(sides: tuple[Side, Side]) -> None:
    """The proof that the tests above would notice: the same walk from inside is full of it."""
    own = sides[0]
    seen = {route.name for route in ROUTES for who, may in CAPABLE.items()
            if route.door in may
            if learned(ask(own.client(who), "GET", route.of(own), {"tab": "open"}).said, own,
                       echoed=False)}
    assert {"desk", "desk-map", "case-detail", "people", "person-detail", "audit",
            "audit-export", "figure", "figure-file", "dispatch-rules", "imports", "import-run",
            "import-rejected", "api-keys", "webhooks", "phone-today"} <= seen
