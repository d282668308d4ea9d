"""Who holds what on a day, and the filter that keeps every list inside its reader's scope."""

from base64 import b32encode
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from yiwang.kernel.places.rules import MICRO
from yiwang.kernel.records.sealed import unseal
from yiwang.kernel.rows import Prepared

from .models import Person, RecoveryCode, SecondFactor, SignIn, Team, Term
from .rules import ROLES, Actor, Grant
from .scopes import next_prefix, prefixes_of, widest

NOTHING = Q(pk__in=())


def actor_for(person: Person, on: date) -> Actor:
    """The person with every grant valid on the day ``on``, in one query.

    A team-bound role without a team grants nothing; a team that has ended takes its terms along.
    """
    terms = _terms_held(person.pk, on)
    held = [(role, area, practice, team) for role, area, practice, team in terms if role in ROLES]
    grants = (_grant(*row) for row in held)
    return Actor(
        ref=f"person/{person.pk}",
        name=person.name,
        grants=tuple(grant for grant in grants if grant is not None),
        teams=frozenset(team for *_, team in held if team is not None),
    )


def _grant(role_code: str, area: str, practice: str, team: UUID | None) -> Grant | None:
    role = ROLES[role_code]
    if role.team_bound and team is None:
        return None
    bound = team if role.team_bound else None
    return Grant(role_code, role.capabilities, area, practice, bound)


def held_on(on: date) -> Q:
    """Terms that count on the day ``on``: begun, not over, and the team (if any) still stands."""
    return (
        Q(since__lte=on)
        & (Q(until__isnull=True) | Q(until__gte=on))
        & (Q(team__isnull=True) | Q(team__until__isnull=True) | Q(team__until__gte=on))
    )


def _terms(person: UUID, on: date) -> QuerySet[Any, Any]:
    held = Term.objects.filter(held_on(on), person=person, person__is_active=True)
    return held.order_by("role", "area").values_list("role", "area", "practice", "team")


_terms_held = Prepared(_terms, UUID(int=1), date.max)  # at every signed-in request


def people_holding(role: str, area: str, on: date) -> QuerySet[Person]:
    """Active people whose term of ``role`` reaches the unit or cell ``area`` on the day."""
    terms = Term.objects.filter(held_on(on), role=role, area__in=prefixes_of(area))
    return Person.objects.filter(is_active=True, pk__in=terms.values("person")).order_by("name")


def team_members(team: Team, on: date) -> QuerySet[Person]:
    """Active people with any term in ``team`` on the day."""
    terms = Term.objects.filter(held_on(on), team=team)
    return Person.objects.filter(is_active=True, pk__in=terms.values("person")).order_by("name")


def scope_filter(
    actor: Actor,
    capability: str,
    practice: str,
    *,
    area_field: str,
    team_fields: Iterable[str] = (),
) -> Q:
    """The rows ``can(actor, capability, …)`` says yes to, as index ranges over ``area_field``.

    ``team_fields`` name the columns that hold the row's teams; where one crosses to many rows the
    caller adds ``distinct()``. Without a grant the filter matches nothing.
    """
    areas: dict[UUID | None, set[str]] = {}
    for grant in actor.grants:
        if capability in grant.capabilities and grant.practice in ("", practice):
            areas.setdefault(grant.team, set()).add(grant.area)
    fields = tuple(team_fields)
    found = NOTHING
    for team, held in areas.items():
        found |= _in_areas(held, area_field) & _of_team(team, fields)
    return found


def _in_areas(areas: set[str], field: str) -> Q:
    reach = NOTHING
    for area in widest(areas):
        reach |= within(area, field)
    return reach


def within(area: str, field: str) -> Q:
    """Rows whose code in ``field`` lies in the subtree of ``area``, as a range of its index.

    Below a micro-grid lies nothing: its rows stand in their index in an order of their own.
    """
    if len(area) >= MICRO:
        return Q(**{field: area})
    end = next_prefix(area)
    return Q(**{f"{field}__gte": area}) & (Q(**{f"{field}__lt": end}) if end else Q())


def _of_team(team: UUID | None, fields: tuple[str, ...]) -> Q:
    if team is None:
        return Q()
    belongs = NOTHING
    for field in fields:
        belongs |= Q(**{field: team})
    return belongs


def people_seen(actor: Actor) -> QuerySet[Person]:
    """The accounts an administrator sees: those their units keep, by account."""
    reach = scope_filter(actor, "people.view", "", area_field="unit_code")
    return Person.objects.filter(reach).order_by("account")


def teams_seen(actor: Actor, capability: str = "people.view") -> QuerySet[Team]:
    """The teams of the units an administrator reaches, by code."""
    reach = scope_filter(actor, capability, "", area_field="unit_code")
    return Team.objects.filter(reach).order_by("code")


def terms_seen(actor: Actor) -> QuerySet[Term]:
    """The terms a security administrator reaches, newest first, with person and team."""
    reach = scope_filter(actor, "terms.edit", "", area_field="area")
    return Term.objects.filter(reach).select_related("person", "team").order_by("-id")


def terms_of(person: Person) -> QuerySet[Term]:
    """All terms of a person, the latest first."""
    return Term.objects.filter(person=person).select_related("team").order_by("-since", "-id")


def sessions_of(person: Person) -> QuerySet[SignIn]:
    """Where a person is signed in, the latest first."""
    return SignIn.objects.filter(person=person).order_by("-at")


def codes_left(person: Person) -> int:
    """How many recovery codes a person has not used."""
    return RecoveryCode.objects.filter(person=person, used_at__isnull=True).count()


def key_of(factor: SecondFactor) -> str:
    """The shared secret as apps want it typed: base32 (RFC 4648)."""
    return b32encode(bytes.fromhex(unseal(factor.key_sealed))).decode()
