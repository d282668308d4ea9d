"""The filter of every list says exactly what the rule says."""

from datetime import date
from uuid import UUID

import pytest
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Person, Team, Term
from yiwang.kernel.people.queries import scope_filter, within
from yiwang.kernel.people.rules import Actor, Grant, can, covers
from yiwang.kernel.people.scopes import next_prefix, prefixes_of, scope_from, widest

DAY = date(2026, 3, 2)
TEAMS = [UUID(int=number) for number in range(1, 4)]
# Few digits, with nines: collisions, nested scopes and carries come up all the time.
codes = st.text(alphabet="0189", max_size=7)
grants = st.builds(
    Grant,
    role=st.just("any"),
    capabilities=st.sets(st.sampled_from(["case.view", "case.handle"])).map(frozenset),
    area=codes,
    practice=st.sampled_from(["", "events", "supply"]),
    team=st.sampled_from([None, *TEAMS]),
)
items = st.tuples(codes, st.sampled_from([None, *TEAMS]))


@pytest.fixture
def holder(db: None) -> Person:
    person = Person.objects.create(account="holder", name="持有人")
    for team in TEAMS:
        Team.objects.create(
            id=team, code=str(team), name="科室", kind=Team.Kind.OFFICE, unit_code="33", since=DAY
        )
    return person


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(held=st.lists(grants, max_size=5), rows=st.lists(items, max_size=12))
def test_the_filter_and_the_rule_agree(
    holder: Person, held: list[Grant], rows: list[tuple[str, UUID | None]]
) -> None:
    Term.objects.all().delete()
    stored = Term.objects.bulk_create(
        Term(person=holder, role="any", area=area, team_id=team, since=DAY) for area, team in rows
    )
    actor = Actor("person/1", grants=tuple(held))

    shown = Term.objects.filter(
        scope_filter(actor, "case.view", "events", area_field="area", team_fields=["team"])
    )

    allowed = {
        row.pk
        for row in stored
        if can(
            actor, "case.view", area=row.area, practice="events",
            teams=[row.team_id] if row.team_id else [],
        )
    }
    assert {row.pk for row in shown} == allowed
    assert shown.count() == len(allowed)


@given(prefix=codes, code=codes)
def test_a_range_is_a_subtree(prefix: str, code: str) -> None:
    end = next_prefix(prefix)
    assert (prefix <= code and (not end or code < end)) == covers(prefix, code)


@given(code=codes, scope=codes)
def test_prefixes_are_all_scopes_that_reach(code: str, scope: str) -> None:
    assert (scope in prefixes_of(code)) == covers(scope, code)


@given(areas=st.sets(codes, max_size=8), code=codes)
def test_dropping_covered_areas_changes_nothing(areas: set[str], code: str) -> None:
    kept = widest(areas)
    assert any(covers(area, code) for area in kept) == any(covers(area, code) for area in areas)
    assert len(kept) <= len(areas)


def test_a_carry_does_not_reach_the_next_county() -> None:
    assert next_prefix("330206999") == "330207"
    assert next_prefix("330206005") == "330206006"
    assert next_prefix("999") == ""
    assert within("99", "area") == Q(area__gte="99") & Q()


def test_a_micro_grid_is_looked_up_by_its_code_alone() -> None:
    assert within("330206005001004002", "area") == Q(area="330206005001004002")


def test_an_actor_without_grants_sees_nothing(holder: Person) -> None:
    Term.objects.create(person=holder, role="any", area="330206005", since=DAY)
    nobody = scope_filter(Actor("resident"), "case.view", "events", area_field="area")
    assert not Term.objects.filter(nobody).exists()


@pytest.mark.parametrize(
    ("typed", "scope"),
    [
        ("330206005", "330206005"),
        (" 330206005000 ", "330206005"),
        ("330206000000", "330206"),
        ("330200", "3302"),
        ("330000000000", "33"),
        ("330206005200", "330206005200"),
        ("330206005200000", "330206005200000"),
    ],
)
def test_padding_is_taken_off_a_typed_code(typed: str, scope: str) -> None:
    assert scope_from(typed) == scope


@pytest.mark.parametrize("typed", ["", "霞浦", "33020600", "３３０２０６", "330206005 or 1=1"])
def test_what_is_no_code_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(Refusal) as caught:
        scope_from(typed)
    assert caught.value.field == "area"
