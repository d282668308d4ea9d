"""Looking changes nothing: what GET and HEAD write on every address, statement by statement."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now
from tests.permissions.two_towns import Side, lay_out
from tests.permissions.walk import BY_NAME, ROUTES, Route, ask, questions, typed

from yiwang.kernel.people.address_keys import renew_address
from yiwang.kernel.people.rules import Actor

pytestmark = pytest.mark.django_db
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)
PACE = "kernel_counter"  # how often a key, or a network with wrong codes, has asked
# RFC 9110, 9.2.1 lets a safe request be noted, as a log does: the reader asked for no change.
NOTED = {
    **{(page, "kernel_trailentry"): "a file of rows was taken out of the house"
       for page in ("figure-file", "import-rejected", "audit-export")},
    **{(page, "kernel_trailentry"): "words and exact places were read with a key"
       for page in ("open311-request", "open311-requests")},
    ("calendar-feed", "kernel_keyreading"): "when an address was read, for its owner",
}


@pytest.fixture
def own() -> Side:
    return lay_out()[0]


def written(client: Client, method: str, route: Route, side: Side, more: dict[str, Any],
            headers: dict[str, str] | None = None) -> set[tuple[str, str]]:
    """Each table that asking wrote to, with the name of the route."""
    with CaptureQueriesContext(connection) as asked:
        ask(client, method, route.of(side), more, headers=headers)
    return {(route.name, table) for table in tables(asked)}


def tables(asked: CaptureQueriesContext) -> set[str]:
    """The tables that were written to."""
    found = (WRITES.match(query["sql"]) for query in asked.captured_queries)
    return {match[1] for match in found if match}


def left(own: Side, client: Client, headers: dict[str, str] | None = None) -> set[tuple[str, str]]:
    """What a walk over all addresses writes, asked for plainly, narrowed, and with HEAD."""
    asked = [("GET", {}), ("HEAD", {}), ("GET", questions(own))]
    return {one for route in ROUTES for method, more in asked
            if not (more and "<" in route.path)
            for one in written(client, method, route, own, more, headers)}


@pytest.mark.parametrize("who", ["worker", "admins", "nobody", "key"])
def test_looking_changes_nothing(who: str, own: Side) -> None:
    client = (own.client(who) if who in own.people
              else Client(raise_request_exception=False))
    secret = own.things["secret"]
    headers = {"Authorization": f"Bearer {secret}", "X-Api-Key": secret} if who == "key" else None
    client.get("/account")  # the session's own row, once: when it began and was seen
    found = left(own, client, headers)
    assert not {one for one in found if one[1] != PACE} - NOTED.keys()


def test_a_calendar_program_leaves_when_it_asked(own: Side) -> None:
    worker = own.people["worker"]
    _, secret = renew_address(worker, by=Actor(f"person/{worker.pk}"), at=now())
    with CaptureQueriesContext(connection) as asked:
        answer = Client().get(f"/calendar/{secret}.ics")
    assert answer.status_code == 200
    assert tables(asked) == {PACE, "kernel_keyreading"}


def test_the_walk_would_notice(own: Side) -> None:
    """The proof that the test above can fail: a form that is sent does write."""
    seen = written(own.client("worker"), "POST", BY_NAME["report-send"], own, typed(own))
    assert seen
