"""Verbs about people: who may, what is refused, and what the trail says afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import localdate

from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.people import actions
from yiwang.kernel.people.models import Person, SecondFactor, Team, Term
from yiwang.kernel.people.queries import actor_for
from yiwang.kernel.people.rules import RESIDENT, SYSTEM, Actor
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.records.sealed import unseal
from yiwang.kernel.records.trail import broken_links

AT = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = date(2026, 3, 2)
TOWN, NEXT_TOWN = "330206005", "330206006"
GOOD = "Mianbao-2026-xia"

pytestmark = pytest.mark.django_db


def make(account: str, unit: str = TOWN) -> Person:
    return actions.add_person(account=account, name="王小二", unit_code=unit, by=SYSTEM, at=AT)


def made(account: str, role: str, area: str = TOWN) -> tuple[Person, Actor]:
    person = make(account)
    actions.grant_term(person, role=role, area=area, since=DAY, by=SYSTEM, at=AT)
    return person, actor_for(person, DAY)


def verbs(person: Person) -> list[str]:
    entries = list(TrailEntry.objects.filter(stream=f"person/{person.pk}").order_by("seq"))
    assert broken_links(entries) == []
    return [entry.verb for entry in entries]


@pytest.fixture
def system() -> Actor:
    return made("sys", "system_admin")[1]


@pytest.fixture
def security() -> Actor:
    return made("sec", "security_admin")[1]


@contextmanager
def refused(code: str, field: str = "") -> Iterator[None]:
    with pytest.raises(Refusal) as caught:
        yield
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.what.zh
    assert caught.value.what.en


def test_the_system_administrator_makes_people_in_reach(system: Actor) -> None:
    person = actions.add_person(
        account=" LiSi ", name="李  四", unit_code="330206005000", start_password=GOOD,
        phone="138 0013 8000", by=system, at=AT,
    )
    assert (person.account, person.name, person.unit_code) == ("lisi", "李 四", TOWN)
    assert person.must_change_password
    assert person.check_password(GOOD)
    assert person.phone_sealed
    assert b"8000" not in bytes(person.phone_sealed)
    assert unseal(person.phone_sealed) == "13800138000"
    entry = TrailEntry.objects.get(stream=f"person/{person.pk}")
    assert (entry.verb, entry.by, entry.note) == (
        "person_added", system.ref, {"phone": "138****8000"})
    assert GOOD not in str(entry.changes) + str(entry.note)


def test_only_the_system_administrator_makes_people(system: Actor, security: Actor) -> None:
    for by in (security, RESIDENT, made("aud", "auditor")[1]):
        with pytest.raises(NotAllowed):
            actions.add_person(account="li", name="李", unit_code=TOWN, by=by, at=AT)
    with pytest.raises(NotAllowed):
        actions.add_person(account="lisi", name="李", unit_code=NEXT_TOWN, by=system, at=AT)
    with pytest.raises(NotAllowed):
        actions.add_team(code="t1", name="x", kind="office", unit_code=NEXT_TOWN, since=DAY,
                         by=system, at=AT)


@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"account": "l"}, "account_malformed", "account"),
        ({"account": "李四"}, "account_malformed", "account"),
        ({"account": "sys"}, "account_taken", "account"),
        ({"name": "  "}, "name_missing", "name"),
        ({"name": "𠮷" * 61}, "name_too_long", "name"),
        ({"unit_code": "霞浦"}, "area_is_no_code", "unit_code"),
        ({"unit_code": "330206005200001"}, "unit_is_a_cell", "unit_code"),
        ({"phone": "=1+1"}, "phone_malformed", "phone"),
        ({"start_password": "Ab-1"}, "password_too_short", "start_password"),
        ({"start_password": "onlysmallletters"}, "password_too_plain", "start_password"),
        ({"start_password": "Lisi2026lisi"}, "password_too_similar", "start_password"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    system: Actor, changed: dict[str, str], code: str, field: str
) -> None:
    values = {"account": "lisi2026", "name": "李四", "unit_code": TOWN} | changed
    with refused(code, field):
        actions.add_person(**values, by=system, at=AT)  # type: ignore[arg-type]
    assert not Person.objects.filter(account="lisi2026").exists()


def test_details_change_and_say_what_changed(system: Actor) -> None:
    person = make("lisi")
    actions.change_person(
        person, name="李四", unit_code=TOWN, phone="0574-86781234", by=system, at=AT)
    actions.change_person(person, name="李四", unit_code=TOWN, by=system, at=AT)
    assert verbs(person) == ["person_added", "person_changed"]
    person.refresh_from_db()
    assert unseal(person.phone_sealed) == "0574-86781234"
    with pytest.raises(NotAllowed):
        actions.change_person(person, name="李四", unit_code=NEXT_TOWN, by=system, at=AT)


def test_a_closed_account_opens_again_and_nobody_closes_their_own(system: Actor) -> None:
    person = make("lisi")
    actions.deactivate_person(person, by=system, at=AT)
    actions.deactivate_person(person, by=system, at=AT)
    person.refresh_from_db()
    assert not person.is_active
    actions.reactivate_person(person, by=system, at=AT)
    assert verbs(person) == ["person_added", "person_deactivated", "person_reactivated"]
    with pytest.raises(NotAllowed):
        actions.deactivate_person(Person.objects.get(account="sys"), by=system, at=AT)


def test_the_phone_is_seen_by_few_and_each_look_is_written(system: Actor, security: Actor) -> None:
    person = actions.add_person(
        account="lisi", name="李", unit_code=TOWN, phone="13800138000", by=system, at=AT)
    assert actions.show_phone(person, by=system, at=AT) == "13800138000"
    assert actions.show_phone(person, by=made("disp", "dispatcher")[1], at=AT) == "13800138000"
    for by in (security, RESIDENT, made("disp2", "dispatcher", NEXT_TOWN)[1]):
        with pytest.raises(NotAllowed):
            actions.show_phone(person, by=by, at=AT)
    assert verbs(person) == ["person_added", "phone_shown", "phone_shown"]


def test_passwords(system: Actor) -> None:
    person = make("lisi")
    me = actor_for(person, DAY)
    assert not person.has_usable_password()
    actions.set_start_password(person, GOOD, by=system, at=AT)
    with refused("old_password_wrong", "old"):
        actions.change_password(person, old="x", new=GOOD + "1", by=me, at=AT)
    with refused("password_unchanged", "new"):
        actions.change_password(person, old=GOOD, new=GOOD, by=me, at=AT)
    with pytest.raises(NotAllowed):
        actions.change_password(person, old=GOOD, new=GOOD + "1", by=system, at=AT)
    changed = actions.change_password(person, old=GOOD, new=GOOD + "1", by=me, at=AT)
    assert not changed.must_change_password
    assert changed.password_set_at == AT
    with pytest.raises(NotAllowed):
        actions.set_start_password(
            Person.objects.get(account="sys"), GOOD, by=system, at=AT)
    assert verbs(person) == ["person_added", "start_password_set", "password_changed"]


def test_the_security_administrator_grants_in_reach(security: Actor) -> None:
    person = make("lisi")
    term = actions.grant_term(
        person, role="leader", area="330206005000", since=DAY, by=security, at=AT)
    assert term.area == TOWN
    actions.end_term(term, by=security, at=AT)
    assert not actor_for(person, localdate(AT)).grants, "it ends at once"
    assert verbs(person) == ["person_added", "term_granted", "term_ended"]
    with pytest.raises(NotAllowed):
        actions.grant_term(person, role="leader", area="330206", since=DAY, by=security, at=AT)
    with pytest.raises(NotAllowed):
        actions.grant_term(person, role="leader", area=NEXT_TOWN, since=DAY, by=security, at=AT)


def test_nobody_else_grants_and_nobody_grants_to_themselves(
    system: Actor, security: Actor
) -> None:
    person = make("lisi")
    for by in (system, RESIDENT, actor_for(person, DAY)):
        with pytest.raises(NotAllowed):
            actions.grant_term(person, role="leader", area=TOWN, since=DAY, by=by, at=AT)
    with refused("yourself", "person"):
        actions.grant_term(
            Person.objects.get(account="sec"), role="leader", area=TOWN, since=DAY,
            by=security, at=AT)
    with refused("yourself", "person"):
        actions.end_term(Term.objects.get(person__account="sec"), by=security, at=AT)
    assert not person.terms.exists()


def test_a_team_of_another_town_cannot_be_bound(security: Actor) -> None:
    person = make("lisi")
    with refused("role_needs_team", "team"):
        actions.grant_term(person, role="office", area=TOWN, since=DAY, by=security, at=AT)
    team = actions.add_team(code="x1", name="科室", kind="office", unit_code=NEXT_TOWN, since=DAY,
                            by=SYSTEM, at=AT)
    with pytest.raises(NotAllowed):
        actions.grant_term(
            person, role="office", area=TOWN, team=team, since=DAY, by=security, at=AT)


@pytest.mark.parametrize(
    ("first", "second", "starts", "refusal"),
    [
        ("system_admin", "security_admin", 0, True),
        ("auditor", "system_admin", 10, True),
        ("security_admin", "auditor", 11, False),
        ("auditor", "auditor", 0, False),
        ("auditor", "leader", 0, False),
    ],
)
def test_administrators_are_kept_apart(
    first: str, second: str, starts: int, refusal: bool
) -> None:
    person = make("lisi")
    actions.grant_term(person, role=first, area=TOWN, since=DAY, until=DAY + timedelta(days=10),
                       by=SYSTEM, at=AT)

    def grant() -> None:
        actions.grant_term(person, role=second, area="330206005200", by=SYSTEM, at=AT,
                           since=DAY + timedelta(days=starts))

    if refusal:
        with refused("administrators_kept_apart", "role"):
            grant()
    else:
        grant()
    assert person.terms.count() == (1 if refusal else 2)


def test_an_earlier_open_term_keeps_a_later_administrator_away() -> None:
    person = make("lisi")
    actions.grant_term(person, role="auditor", area=TOWN, since=DAY + timedelta(days=30),
                       by=SYSTEM, at=AT)
    with refused("administrators_kept_apart", "role"):
        actions.grant_term(person, role="system_admin", area=TOWN, since=DAY, by=SYSTEM, at=AT)
    actions.grant_term(person, role="system_admin", area=TOWN, since=DAY,
                       until=DAY + timedelta(days=29), by=SYSTEM, at=AT)


def test_dates_that_run_backwards_are_refused(security: Actor) -> None:
    person = make("lisi")
    before = DAY - timedelta(days=1)
    with refused("ends_before_start", "until"):
        actions.grant_term(
            person, role="leader", area=TOWN, since=DAY, until=before, by=security, at=AT)
    term = actions.grant_term(person, role="leader", area=TOWN, since=DAY, by=security, at=AT)
    with refused("ends_before_start", "last_day"):
        actions.end_term(term, last_day=before, by=security, at=AT)
    actions.end_term(term, last_day=DAY, by=security, at=AT)
    with refused("term_is_over", "last_day"):
        actions.end_term(term, last_day=DAY + timedelta(days=5), by=security, at=AT)


def test_the_same_term_twice_is_refused(security: Actor) -> None:
    person = make("lisi")
    term = actions.grant_term(person, role="leader", area=TOWN, since=DAY, by=security, at=AT)
    with refused("already_held", "role"):
        actions.grant_term(person, role="leader", area=TOWN, since=DAY, by=security, at=AT)
    actions.end_term(term, by=security, at=AT)
    actions.grant_term(person, role="leader", area=TOWN, since=DAY, by=security, at=AT)


def test_a_lost_phone_is_helped_but_not_an_administrator_s(system: Actor) -> None:
    person, auditor = make("lisi"), made("aud", "auditor")[0]
    for one in (person, auditor):
        actions.start_second_factor(one, by=actor_for(one, DAY), at=AT)
    actions.clear_second_factor(person, by=system, at=AT)
    assert verbs(person)[-1] == "second_factor_cleared"
    with refused("administrator_s_factor"):
        actions.clear_second_factor(auditor, by=system, at=AT)
    actions.clear_second_factor(auditor, by=SYSTEM, at=AT)
    with pytest.raises(NotAllowed):
        actions.clear_second_factor(
            Person.objects.get(account="sys"), by=system, at=AT)
    assert not SecondFactor.objects.exists()


def test_teams_open_and_close(system: Actor) -> None:
    team = actions.add_team(code="CJ", name="城建办", kind="office", unit_code=TOWN, since=DAY,
                            by=system, at=AT)
    assert team.code == "cj"
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"code": "cj"}, "code_taken", "code"),
        ({"code": "城"}, "code_malformed", "code"),
        ({"kind": "club"}, "no_such_kind", "kind"),
        ({"name": ""}, "name_missing", "name"),
        ({"until": DAY - timedelta(days=1)}, "ends_before_start", "until"),
    ]
    wanted: dict[str, Any] = {
        "code": "t2", "name": "n", "kind": "office", "unit_code": TOWN, "since": DAY,
    }
    for values, code, field in cases:
        with refused(code, field):
            actions.add_team(**(wanted | values), by=system, at=AT)
    actions.close_team(team, last_day=DAY, by=system, at=AT)
    assert Team.objects.get(code="cj").until == DAY
    said = TrailEntry.objects.filter(stream=f"team/{team.pk}").values_list("verb", flat=True)
    assert list(said.order_by("seq")) == ["team_added", "team_closed"]
