"""No query in a loop: every page asks the database as often at three rows as at one."""

from collections.abc import Callable
from datetime import date, datetime
from itertools import count
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from scripts.make_docs import routes

from yiwang.kernel.cases.tests.town import Town, make_town
from yiwang.kernel.people.models import Person, Team, Term
from yiwang.kernel.people.rules import SYSTEM
from yiwang.practices.events.kinds import seed_kinds
from yiwang.practices.events.web.public_map import forget_drawn

pytestmark = pytest.mark.django_db

TOWN = "330206005"
READERS = {
    "desk": ("dispatcher", "adjudicator", "leader", "grid_worker"),
    "village": ("village_cadre",),
    "system": ("system_admin",),
    "security": ("security_admin",),
    "audit": ("auditor",),
}
# What has no rows of its own, or answers by other means than a page; each with its reason.
PASSED_OVER: dict[str, str] = {}

PATHS = sorted({"/" + path for path, _, door in routes() if "<" not in path and door})


def test_there_are_pages() -> None:
    assert PATHS


@pytest.fixture
def town(at: datetime, actor: Callable[..., Any]) -> Town:
    seed_kinds(by=SYSTEM, at=at)  # an unknown kind is looked for again, which is no loop
    return make_town(at, actor)


@pytest.fixture
def clients(town: Town) -> dict[str, Client]:
    """Somebody signed in for each set of roles."""
    return {name: _signed_in(name, roles) for name, roles in READERS.items()}


def _signed_in(name: str, roles: tuple[str, ...]) -> Client:
    person = Person.objects.create(account=name, name=name)
    for role in roles:
        Term.objects.create(person=person, role=role, area=TOWN, since=date(2020, 1, 1))
    client = Client(SERVER_NAME="127.0.0.1", raise_request_exception=False)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def add_rows(town: Town) -> Callable[[], None]:
    """One more of everything that lists show: cases in three states, a team, a person."""
    numbers = count(1)

    def add() -> None:
        number = next(numbers)
        team = Team.objects.create(code=f"team{number}", name=f"队{number}", kind="office",
                                   unit_code=TOWN, since=date(2020, 1, 1))
        person = Person.objects.create(account=f"more{number}", name=f"某{number}")
        Term.objects.create(person=person, role="office", area=TOWN, team=team,
                            since=date(2020, 1, 1))
        town.open(title=f"积水 {number}")
        town.move(town.open(), "assign", "desk", team=str(team.id))
        town.closed()

    return add


def test_queries_do_not_grow_with_rows(
    clients: dict[str, Client], add_rows: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All pages at one row, then all at three: one setting of the scene serves them all."""
    # What a worker trusts for a minute is read again as time goes by, however many rows there are.
    monkeypatch.setattr("time.monotonic", lambda: 1e6)
    add_rows()
    answers = {(name, path): clients[name].get(path).status_code
               for name in clients for path in PATHS if path not in PASSED_OVER}
    assert not [page for page, status in answers.items() if status >= 500]
    asked = [page for page, status in answers.items() if status == 200]
    at_one = {page: _queries(clients[page[0]], page[1]) for page in asked}
    add_rows()
    add_rows()
    at_three = {page: _queries(clients[page[0]], page[1]) for page in asked}
    grown = [f"{path} as {name}: {at_one[name, path]} queries at one row, "
             f"{at_three[name, path]} at three"
             for name, path in asked if at_one[name, path] != at_three[name, path]]
    assert asked
    assert not grown, "\n".join(grown)


def _queries(client: Client, path: str) -> int:
    forget_drawn()  # the public map is drawn once for every change
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200, path
    return len(queries)
