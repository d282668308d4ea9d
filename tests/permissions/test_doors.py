"""The permission table, asked of every address by everybody: what it allows opens, all else not."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.permissions.two_towns import Side, lay_out
from tests.permissions.walk import ROUTES, Route, ask, typed

from yiwang.kernel.people.rules import CAPABILITIES, ROLES

pytestmark = pytest.mark.django_db
BEHIND_DOORS = [route for route in ROUTES if route.door in CAPABILITIES]
# Ask for more than a role: a question to answer, or a thing nobody here has made.
MAY_MISS = {"unit-power-end", "framework-member", "framework-member-end", "framework-track",
            "limit-change", "monthly-report-file"}
# What belongs to no team, or to a whole unit: a role bound to its team has none to open.
OF_NO_TEAM = {("office", "unit"), ("office", "cell-detail"), ("office", "monthly-report"),
              ("office", "monthly-report-progress")}


@pytest.fixture
def sides() -> tuple[Side, Side]:
    return lay_out()


@pytest.fixture
def clients(sides: tuple[Side, Side]) -> dict[tuple[str, int], Client]:
    """Everybody of both sides, signed in."""
    return {(role, at): side.client(role) for at, side in enumerate(sides) for role in ROLES}


@settings(max_examples=200, deadline=None, derandomize=True,
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(role=st.sampled_from(sorted(ROLES)), at=st.integers(0, 1), about=st.integers(0, 1),
       route=st.sampled_from(BEHIND_DOORS), method=st.sampled_from(["GET", "POST"]))
def test_a_door_opens_to_its_capability_in_scope(
    sides: tuple[Side, Side], clients: dict[tuple[str, int], Client], role: str, at: int,
    about: int, route: Route, method: str,
) -> None:
    """No capability: refused at the door. Capability, foreign thing: not there. Own: let in."""
    side = sides[about]
    answer: Any = ask(clients[role, at], method, route.of(side),
                      typed(side) if method == "POST" else {})
    assert answer.status_code < 500
    if route.door not in ROLES[role].capabilities:
        assert answer.status_code in (403, 405), f"{role} has no entry to {route.name}"
    elif at != about and route.is_about_a_thing:
        assert answer.status_code in (302, 403, 404, 405, 422), "a role elsewhere is no role here"
        assert side.mark not in answer.said
    elif at == about and method == "GET" and not _may_miss(role, route):
        assert answer.status_code not in (401, 403, 404), f"{role} is let in to {route.name}"


def _may_miss(role: str, route: Route) -> bool:
    return route.name in MAY_MISS or (role, route.name) in OF_NO_TEAM
