"""Verbs about terms: who holds which role, where, and for how long."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Person, Team, Term
from yiwang.kernel.people.rules import ROLES, SEPARATED, Actor, Role, can_hold_together
from yiwang.kernel.people.scopes import scope_from
from yiwang.kernel.records import trail

from .checks import check_not_oneself, check_reach, locked, stream_of
from .teams import ENDS_BEFORE_START


@transaction.atomic
def grant_term(
    person: Person, *, role: str, area: str, practice: str = "", team: Team | None = None,
    since: date, until: date | None = None, by: Actor, at: datetime,
) -> Term:
    """Let a person hold a role over an area, from a day to a last day (open where not said).

    Refuses what the granter's own scope does not cover, a grant to oneself, a role that needs a
    team and has none, and a second of the three administrators at overlapping dates.
    """
    person = locked(person)
    scope = scope_from(area)
    check_reach(by, "terms.edit", scope)
    check_not_oneself(by, person)
    kind = _checked_role(role)
    _check_team(kind, team, by=by)
    if until is not None and until < since:
        raise Refusal("ends_before_start", ENDS_BEFORE_START, field="until")
    beside = _overlapping(person, since, until)
    _check_separation(person, role, beside)
    if beside.filter(role=role, area=scope, practice=practice, team=team).exists():
        raise Refusal(
            "already_held",
            Words("{name}同期已有这项授权。", "{name} holds this in that time already.").filled(
                name=person.name),
            field="role",
        )
    term = Term.objects.create(
        person=person, role=role, area=scope, practice=practice, team=team, since=since, until=until
    )
    trail.append(
        stream_of(person), verb="term_granted", by=by.ref, at=at,
        note={"term": term.pk, "role": role, "area": scope, "practice": practice,
              "team": team.pk if team else None, "since": since, "until": until},
    )
    return term


@transaction.atomic
def end_term(
    term: Term, *, last_day: date | None = None, by: Actor, at: datetime
) -> Term:
    """Let a term end after ``last_day``; without one at once, so that today counts no more."""
    person = locked(term.person)
    term = Term.objects.select_for_update().get(pk=term.pk)
    check_reach(by, "terms.edit", term.area)
    check_not_oneself(by, person)
    if last_day is not None and last_day < term.since:
        raise Refusal("ends_before_start", ENDS_BEFORE_START, field="last_day")
    end = last_day or localdate(at) - timedelta(days=1)
    if term.until is not None and term.until <= end:
        raise Refusal(
            "term_is_over",
            Words("这项授权到 {day} 为止，已不能再延后。",
                  "This term ends on {day}; ending it cannot make it longer.").filled(
                day=term.until),
            Words("要延长请重新授权。", "Grant a new one to lengthen it."),
            field="last_day",
        )
    term.until = end
    term.save(update_fields=["until"])
    trail.append(
        stream_of(person), verb="term_ended", by=by.ref, at=at,
        note={"term": term.pk, "role": term.role, "area": term.area, "until": end},
    )
    return term


def _checked_role(role: str) -> Role:
    if role not in ROLES:
        raise Refusal("no_such_role", Words("请选择角色。", "Choose a role."), field="role")
    return ROLES[role]


def _check_team(role: Role, team: Team | None, *, by: Actor) -> None:
    if team is not None:
        check_reach(by, "terms.edit", team.unit_code)
    elif role.team_bound:
        raise Refusal(
            "role_needs_team",
            Words("“{role}”只办本机构的事，要选机构。",
                  "A “{role}” works for a team: choose one.").filled(role=role.title),
            field="team",
        )


def _overlapping(person: Person, since: date, until: date | None) -> QuerySet[Term]:
    """The person's terms that share a day with ``since`` to ``until``; void ones share none."""
    ends_later = Q(until__gte=since) & Q(until__gte=F("since"))
    shares = Q(until__isnull=True) | ends_later
    if until is not None:
        shares &= Q(since__lte=until)
    return Term.objects.filter(shares, person=person)


def _check_separation(person: Person, role: str, beside: QuerySet[Term]) -> None:
    """At most one of the three administrators at a time (GB/T 22239-2019, 8.1.4.2 d)."""
    held = set(beside.filter(role__in=SEPARATED).values_list("role", flat=True))
    if role in SEPARATED and not can_hold_together(held | {role}):
        other = ROLES[min(held - {role})].title
        raise Refusal(
            "administrators_kept_apart",
            Words("{name}同期已是“{other}”。系统、安全、审计三员不能由一人兼任。",
                  "{name} is “{other}” in that time. System, security and audit are kept apart."
                  ).filled(name=person.name, other=other),
            Words("请换一个人，或先结束那一项。",
                  "Choose somebody else, or end the other term first."),
            field="role",
        )
