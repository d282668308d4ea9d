"""Who may make which move: the whole truth table, role by role and move by move."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from yiwang.kernel.cases.may import can_move, check_can_move, reporter_of
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.playbooks import Relation
from yiwang.kernel.errors import NotAllowed
from yiwang.kernel.people.rules import ROLES, Actor
from yiwang.practices.events.states import EVENT

TEAM, OTHER = uuid4(), uuid4()
TOWN, ELSEWHERE = "330206005", "330481004"
MOVES = {move.code: move for move in EVENT.moves}


@pytest.fixture
def case(at: datetime) -> Case:
    return Case(practice="events", area=TOWN + "221001002", state="assigned", handler_id=TEAM,
                holder_id=TEAM, opened_at=at, facts={})


def expected(role: str, code: str, *, in_area: bool, in_team: bool) -> bool:
    """Said once more in the table's own words, independent of the code under test."""
    move = MOVES[code]
    if move.relation is Relation.REPORTER:
        return False
    if not in_area or move.who not in ROLES[role].capabilities:
        return False
    needs_team = ROLES[role].team_bound or move.relation in (Relation.HOLDER, Relation.HANDLER)
    return in_team or not needs_team


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("code", sorted(MOVES))
@pytest.mark.parametrize("in_area", [True, False])
@pytest.mark.parametrize("in_team", [True, False])
def test_role_by_move(case: Case, actor: Callable[..., Actor], role: str, code: str,
                      in_area: bool, in_team: bool) -> None:
    by = actor(role, area=TOWN if in_area else ELSEWHERE, team=TEAM if in_team else OTHER)
    wanted = expected(role, code, in_area=in_area, in_team=in_team)
    assert can_move(case, MOVES[code], by) is wanted
    if wanted:
        check_can_move(case, MOVES[code], by)
    else:
        with pytest.raises(NotAllowed):
            check_can_move(case, MOVES[code], by)


@pytest.mark.parametrize("code", sorted(MOVES))
def test_the_reporter_only_rates_and_reopens(case: Case, code: str) -> None:
    assert can_move(case, MOVES[code], reporter_of(case)) is (code in ("rate", "reopen"))


@pytest.mark.parametrize(("code", "facts"), [
    ("pass", {}), ("approve_closing", {}), ("send_back", {}),
    ("grant_extension", {"asking": {"by": "person:all"}}),
    ("confirm_unreasonable", {"asking": {"by": "person:all"}}),
    ("uphold_appeal", {"appeal": {"by": "person:x", "votes": [{"by": "person:all"}]}}),
])
def test_nobody_signs_twice(case: Case, actor: Callable[..., Any], code: str,
                            facts: dict[str, Any]) -> None:
    both = actor("adjudicator", "grid_worker")
    case.facts, case.outcome_by = facts, "person:somebody"
    assert can_move(case, MOVES[code], both)
    case.facts = {name: {**fact, "by": both.ref,
                         **({"votes": [{"by": both.ref}]} if "votes" in fact else {})}
                  for name, fact in facts.items()}
    case.outcome_by = both.ref
    assert not can_move(case, MOVES[code], both)


def test_the_same_role_for_another_practice_reaches_nothing(
    case: Case, actor: Callable[..., Any],
) -> None:
    by = actor("adjudicator", practice="projects")
    assert not any(can_move(case, move, by) for move in EVENT.moves)
