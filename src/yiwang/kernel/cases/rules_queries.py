"""Reads for the rules of dispatch: the ground they are tried on, what they decided, warnings."""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from yiwang.kernel.people.models import Team, Term
from yiwang.kernel.people.queries import held_on, scope_filter
from yiwang.kernel.people.rules import ROLES, Actor, covers
from yiwang.kernel.people.scopes import SCOPE_LENGTHS, prefixes_of
from yiwang.kernel.places.models import Cell, Unit
from yiwang.kernel.records import trail

from .dispatch import Rule, rules_for
from .linter import Finding, Ground, lint
from .models import Case, DispatchRule, Kind
from .queries import visible_cases

VILLAGE = 12  # digits of a village's code; longer ones are grid cells
LAST_MONTH = timedelta(days=30)  # what a dry run looks back on
MOST_TRIED = 5000  # cases a dry run asks about at most, the newest
TRUSTED = 20.0  # seconds a count of warnings is believed without looking whether rules changed

_warnings: dict[str, tuple[float, tuple[object, ...], int]] = {}


def ground_of(practice: str, rules: Iterable[Rule], *, on: date) -> Ground:
    """What the linter tries ``rules`` on: kinds, areas and teams as the tables have them today."""
    rules = list(rules)
    owners = {rule.team for rule in rules}
    return Ground(
        kinds=current_kinds(practice, on=on),
        areas=current_areas(rules, on=on),
        closed=closed_teams(owners, on=on),
        unstaffed=unstaffed_teams(owners, on=on),
    )


def current_kinds(practice: str, *, on: date) -> list[str]:
    """The leaf kinds of the lists that are valid: those that no other kind lies under."""
    valid = Q(list__until__isnull=True) | Q(list__until__gte=on)
    codes = set(Kind.objects.filter(valid, list__practice=practice, list__since__lte=on)
                .values_list("code", flat=True))
    parents = {code.rpartition(mark)[0] for code in codes for mark in (".", "/")}
    return sorted(codes - parents)


def current_areas(rules: Iterable[Rule], *, on: date) -> list[str]:
    """The smallest units, and the grid cells that have rules of their own and still stand."""
    named = {rule.area for rule in rules if len(rule.area) > VILLAGE}
    standing = Q(until__isnull=True) | Q(until__gte=on)
    cells = Cell.objects.filter(standing, code__in=named).values_list("code", flat=True)
    return sorted({*leaf_units(), *cells})


def leaf_units() -> list[str]:
    """Units that no other unit lies in: villages and communities where they are known."""
    codes = sorted(Unit.objects.values_list("code", flat=True))
    return [code for code, after in pairwise([*codes, ""]) if not after.startswith(code)]


def whole_ground() -> str:
    """The narrowest scope that holds every unit: what a rule without an area reaches."""
    codes = leaf_units()  # sorted: what the first and the last share, all share
    shared = ""
    for one, other in zip(codes[0], codes[-1], strict=False) if codes else ():
        if one != other:
            break
        shared += one
    return next((shared[:size] for size in reversed(SCOPE_LENGTHS) if size <= len(shared)), "")


def closed_teams(teams: Iterable[UUID], *, on: date) -> set[UUID]:
    """Those of ``teams`` that have ended before ``on``."""
    return set(Team.objects.filter(id__in=set(teams), until__lt=on).values_list("id", flat=True))


def unstaffed_teams(teams: Iterable[UUID], *, on: date) -> set[UUID]:
    """Those of ``teams`` in being where nobody holds a role that may accept a case."""
    able = [role.code for role in ROLES.values() if "case.handle" in role.capabilities]
    wanted = set(teams) - closed_teams(teams, on=on)
    staffed = Term.objects.filter(held_on(on), team__in=wanted, role__in=able,
                                  person__is_active=True).values_list("team", flat=True)
    return wanted - set(staffed)


def lint_now(practice: str, *, on: date) -> list[Finding]:
    """Everything wrong with the practice's rules as they are."""
    rules = rules_for(practice)
    return lint(rules, ground_of(practice, rules, on=on), on=on)


@dataclass(frozen=True, slots=True)
class GapGroup:
    """Kinds without a rule in the very same areas."""

    kinds: tuple[str, ...]
    areas: tuple[str, ...]


def grouped_gaps(findings: Iterable[Finding]) -> list[GapGroup]:
    """Gaps put together by where they are, the largest first: a page of 37 lines becomes one."""
    by_areas: dict[tuple[str, ...], list[str]] = {}
    for finding in findings:
        if finding.code == "gap":
            by_areas.setdefault(finding.areas, []).append(finding.kind)
    groups = [GapGroup(tuple(sorted(kinds)), areas) for areas, kinds in by_areas.items()]
    return sorted(groups, key=lambda group: (-len(group.kinds) * len(group.areas), group.kinds))


def stamp_of(practice: str) -> int:
    """A number that grows with every change of the practice's rules; one query along an index."""
    return trail.newest_seq(f"dispatch/{practice}")


def rules_warnings(practice: str) -> int:
    """How many errors the linter finds, for the menu: counted once a change, and once an hour.

    Teams close and people leave without a change of rules, so an hour is as long as it is kept.
    """
    clock = time.monotonic()
    held = _warnings.get(practice)
    if held is not None and clock - held[0] < TRUSTED:
        return held[2]
    stamp = (stamp_of(practice), localdate(), clock // 3600)
    if held is None or held[1] != stamp:
        errors = sum(finding.error for finding in lint_now(practice, on=localdate()))
        held = (clock, stamp, errors)
    _warnings[practice] = (clock, held[1], held[2])
    return held[2]


def forget_warnings() -> None:
    """Let the next question count anew, in this process."""
    _warnings.clear()


def rules_seen(actor: Actor, practice: str) -> QuerySet[DispatchRule]:
    """The rules that reach into the actor's scope of ``dispatch.edit``: inside it, or above it."""
    inside = scope_filter(actor, "dispatch.edit", practice, area_field="area")
    above = {code for scope in scopes_of(actor, practice) for code in prefixes_of(scope)}
    return DispatchRule.objects.filter(inside | Q(area__in=above), practice=practice)


def scopes_of(actor: Actor, practice: str) -> set[str]:
    """Where the actor may change rules."""
    return {grant.area for grant in actor.grants
            if "dispatch.edit" in grant.capabilities and grant.practice in ("", practice)}


def may_change(actor: Actor, practice: str, area: str, ground: str) -> bool:
    """Whether a rule for ``area`` (empty: the whole ``ground``) lies in the actor's scope."""
    return any(covers(scope, area or ground) for scope in scopes_of(actor, practice))


def tried_cases(actor: Actor, practice: str, *, at: datetime) -> list[Case]:
    """Last month's dispatched cases that the actor may see, the newest first, bounded."""
    cases = visible_cases(actor, practice=practice).filter(
        opened_at__gt=at - LAST_MONTH, opened_at__lte=at, handler__isnull=False)
    columns = ("id", "number", "kind", "area", "opened_at", "handler__name",
               "handler__name_en")
    return list(cases.select_related("handler").only(*columns)
                .order_by("-opened_at", "-id")[:MOST_TRIED])


def in_scope(findings: Sequence[Finding], seen: set[int]) -> Iterator[Finding]:
    """Findings about rules the reader sees; gaps concern everybody."""
    return (f for f in findings if f.code == "gap" or seen.intersection(f.rules))
