"""The permission matrix as a truth table: every role × capability × where, what, whose, when."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from yiwang.kernel.errors import NotAllowed
from yiwang.kernel.people.matrix import matrix_markdown
from yiwang.kernel.people.models import Person, Team, Term
from yiwang.kernel.people.queries import actor_for, people_holding, team_members
from yiwang.kernel.people.rules import (
    CAPABILITIES,
    RESIDENT,
    ROLES,
    SEPARATED,
    can,
    can_hold_together,
    can_somewhere,
    check_can,
)

DAY = date(2026, 3, 2)
TOWN, CELL, NEXT_TOWN = "330206005", "330206005200001002", "330206006200001002"
OURS, THEIRS = uuid4(), uuid4()

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> Person:
    for key in (OURS, THEIRS):
        Team.objects.create(id=key, code=str(key), name="科室", kind="office", unit_code=TOWN,
                            since=date(2020, 1, 1))
    return Person.objects.create(account="somebody", name="某人", unit_code=TOWN)


def hold(person: Person, role: str, **more: object) -> None:
    values = {"area": TOWN, "practice": "events", "team_id": OURS, "since": DAY} | more
    Term.objects.create(person=person, role=role, **values)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_its_scope_and_nothing_else(person: Person, role: str) -> None:
    hold(person, role)
    actor = actor_for(person, DAY)
    bound = ROLES[role].team_bound
    for capability in CAPABILITIES:
        listed = capability in ROLES[role].capabilities

        def may(area: str = CELL, practice: str = "events", teams: tuple[object, ...] = (OURS,),
                asked: str = capability) -> bool:
            return can(actor, asked, area=area, practice=practice, teams=teams)  # type: ignore[arg-type]

        assert may() is listed, capability
        assert may(teams=(THEIRS, OURS)) is listed
        assert may(area=TOWN) is listed
        assert may(area=NEXT_TOWN) is False
        assert may(area="330206") is False, "the county above is no part of the town"
        assert may(area="") is False
        assert may(practice="supply") is False
        assert may(practice="") is False
        assert may(teams=(THEIRS,)) is (listed and not bound)
        assert may(teams=()) is (listed and not bound)
        assert can_somewhere(actor, capability) is listed


@pytest.mark.parametrize("role", ROLES)
def test_a_term_counts_from_its_first_to_its_last_day(person: Person, role: str) -> None:
    hold(person, role, until=DAY + timedelta(days=1))
    counts = [bool(actor_for(person, DAY + timedelta(days=n)).grants) for n in (-1, 0, 1, 2)]
    assert counts == [False, True, True, False]


def test_a_practice_left_open_means_every_practice(person: Person) -> None:
    hold(person, "dispatcher", practice="")
    actor = actor_for(person, DAY)
    assert can(actor, "case.triage", area=CELL, practice="events")
    assert can(actor, "case.triage", area=CELL, practice="supply")


def test_an_office_worker_without_a_team_reaches_nothing(person: Person) -> None:
    hold(person, "office", team_id=None)
    assert actor_for(person, DAY).grants == ()


def test_a_closed_team_takes_its_terms_along(person: Person) -> None:
    hold(person, "office")
    Team.objects.filter(id=OURS).update(until=DAY)
    assert actor_for(person, DAY).teams == {OURS}
    after = actor_for(person, DAY + timedelta(days=1))
    assert (after.grants, after.teams) == ((), frozenset())


def test_a_closed_account_holds_nothing(person: Person) -> None:
    hold(person, "dispatcher")
    person.is_active = False
    person.save()
    assert actor_for(person, DAY).grants == ()
    assert not people_holding("dispatcher", CELL, DAY).exists()


def test_a_role_the_software_no_longer_knows_grants_nothing(person: Person) -> None:
    hold(person, "retired_role")
    assert actor_for(person, DAY).grants == ()


def test_an_actor_is_one_query(person: Person, django_assert_num_queries: Any) -> None:
    for role in ROLES:
        hold(person, role)
    with django_assert_num_queries(1):
        actor_for(person, DAY)


def test_who_holds_a_role_over_a_cell(person: Person) -> None:
    hold(person, "dispatcher")
    assert list(people_holding("dispatcher", CELL, DAY)) == [person]
    assert list(people_holding("dispatcher", TOWN, DAY)) == [person]
    assert not people_holding("dispatcher", "330206", DAY).exists()
    assert not people_holding("leader", CELL, DAY).exists()
    assert list(team_members(Team.objects.get(id=OURS), DAY)) == [person]
    assert not team_members(Team.objects.get(id=THEIRS), DAY).exists()


def test_check_can_names_what_was_missing(person: Person) -> None:
    hold(person, "grid_worker")
    actor = actor_for(person, DAY)
    check_can(actor, "case.check", area=CELL, practice="events")
    with pytest.raises(NotAllowed) as caught:
        check_can(actor, "case.triage", area=CELL, practice="events")
    assert str(CAPABILITIES["case.triage"]) in str(caught.value)


def test_a_resident_holds_nothing() -> None:
    assert not any(can_somewhere(RESIDENT, capability) for capability in CAPABILITIES)


def test_the_three_administrators_share_no_power() -> None:
    assert ROLES["system_admin"].capabilities & ROLES["security_admin"].capabilities == {
        "people.view"}
    for code in SEPARATED:
        assert not any(one.startswith("case.") for one in ROLES[code].capabilities)
    for capability in ("people.edit", "terms.edit", "trail.read"):
        assert [r.code for r in ROLES.values() if capability in r.capabilities] == [
            {"people.edit": "system_admin", "terms.edit": "security_admin",
             "trail.read": "auditor"}[capability]]


@pytest.mark.parametrize("first", sorted(SEPARATED))
@pytest.mark.parametrize("second", sorted(SEPARATED))
def test_two_administrators_in_one_person(first: str, second: str) -> None:
    assert can_hold_together([first, second, "leader"]) is (first == second)


def test_every_capability_of_a_role_is_declared() -> None:
    for role in ROLES.values():
        assert role.capabilities <= CAPABILITIES.keys()


def test_the_table_shows_every_role_and_capability() -> None:
    lines = matrix_markdown().splitlines()
    for code, words in CAPABILITIES.items():
        (line,) = [one for one in lines if f"`{code}`" in one]
        assert words.zh in line
        assert words.en in line
        marks = [cell.strip() for cell in line.strip("|").split("|")][1:]
        assert marks == ["●" if code in role.capabilities else "·" for role in ROLES.values()]
