"""The narrow role: enough to live a case, too little to rewrite what happened."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils.timezone import now

from yiwang.kernel import work
from yiwang.kernel.cases.contact import unmask_contact
from yiwang.kernel.cases.tests.town import make_town
from yiwang.kernel.errors import Refusal
from yiwang.kernel.keeping.service_role import GRANTS, grant
from yiwang.kernel.people import actions
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records.models import TrailEntry

pytestmark = pytest.mark.django_db
ROLE, PASSWORD = "yiwang_narrow", "Mianbao-2026-xia"
TOO_MUCH = (
    "DROP TABLE kernel_case", "ALTER TABLE kernel_case ADD COLUMN x integer",
    "CREATE TABLE more (x integer)", "TRUNCATE kernel_case", "CREATE ROLE more",
    "DROP TRIGGER trail_no_change ON kernel_trailentry", "SET session_replication_role = replica",
    "ALTER TABLE kernel_trailentry DISABLE TRIGGER ALL", "DELETE FROM kernel_trailentry",
    "UPDATE kernel_trailentry SET verb = 'x'", "TRUNCATE kernel_trailentry",
    "DELETE FROM django_migrations", "COPY kernel_case TO PROGRAM 'true'",
    "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def narrow() -> Iterator[None]:
    """The test's connection as the narrow role; who it was is forgotten with the transaction."""
    execute(f"CREATE ROLE {ROLE} LOGIN")
    grant(ROLE)
    execute(f"SET LOCAL SESSION AUTHORIZATION {ROLE}")
    try:
        yield
    finally:
        execute("RESET SESSION AUTHORIZATION")


def refused_on_sqlite() -> bool:
    """On SQLite there is nothing to narrow, and it says so."""
    if connection.vendor == "postgresql":
        return False
    with pytest.raises(Refusal) as refused:
        grant(ROLE)
    return refused.value.code == "sqlite_role"


def test_a_case_lives_with_it(at: datetime, actor: Callable[..., Any]) -> None:
    if refused_on_sqlite():
        return
    town = make_town(at, actor)
    with narrow():
        before = TrailEntry.objects.count()
        case = town.closed()
        person = actions.add_person(account="zhaoliu", name="赵六", unit_code="330206005",
                                    phone="13812341234", by=SYSTEM, at=now())
        actions.set_start_password(person, PASSWORD, by=SYSTEM, at=now())
        way_in = Client().post("/sign-in", {"account": "zhaoliu", "password": PASSWORD})
        assert way_in["Location"] == "/account/password"
        actions.deactivate_person(person, by=SYSTEM, at=now())
        unmask_contact(case, by=actor("dispatcher"), at=at)
        work.run_once(now())
        work.keep_house(now())
        assert case.closed_at
        assert TrailEntry.objects.count() > before + 5


@pytest.mark.parametrize("statement", TOO_MUCH)
def test_it_can_do_no_more(statement: str) -> None:
    if refused_on_sqlite():
        return
    with narrow(), pytest.raises(DatabaseError, match=r"permission denied|must be"), \
            transaction.atomic():
        execute(statement)


def test_a_role_that_may_everything_is_not_taken_for_narrow() -> None:
    if refused_on_sqlite():
        return
    for role, code in (("yiwang", "role_too_wide"), ("nobody_there", "no_role"),
                       ("x; DROP TABLE y", "role_name")):
        with pytest.raises(Refusal) as refused:
            grant(role)
        assert refused.value.code == code


def test_given_again_it_is_the_same() -> None:
    assert len(GRANTS) == len(set(GRANTS))
    if refused_on_sqlite():
        return
    with narrow():
        pass
    grant(ROLE)
