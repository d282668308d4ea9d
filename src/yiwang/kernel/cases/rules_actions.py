"""Verbs about dispatch rules: add, change from a day on, end. Dated, never rewritten.

Each asks the linter first: a change that brings in a new error needs a reason (``despite``).
``seen`` is the stamp (``rules_queries.stamp_of``) of the rules the person looked at.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.rules import Actor, not_allowed
from yiwang.kernel.places.models import Cell, Unit
from yiwang.kernel.records import trail

from . import rules_refusals as refusals
from .dispatch import Rule, as_rule, rules_for
from .limits import prefixes
from .linter import HOURS, Finding, lint
from .models import DispatchRule
from .names import team_words
from .rules_changes import (
    A_DAY,
    A_HUNDRED,
    LEAST_RANK,
    MOST_RANK,
    Wanted,
    changed,
    ended,
    new_errors,
)
from .rules_queries import current_kinds, ground_of, may_change, stamp_of, whole_ground

LONGEST_SOURCE = 200  # characters, models.DispatchRule.source


def add_rule(
    practice: str, wanted: Wanted, *, by: Actor, at: datetime, seen: int | None = None,
    despite: str = "",
) -> DispatchRule:
    """A new rule from a day on, today at the earliest."""
    team = check_new(practice, wanted, by=by, at=at)
    before = rules_for(practice)
    after = [*before, wanted.as_rule(next_number(), team_words(team))]
    accepted = check_findings(practice, before, after, at=at, despite=despite)
    with one_at_a_time(practice, seen):
        return _begin(practice, wanted, by=by, at=at, verb="add_rule", note=accepted)


def change_rule(
    rule: DispatchRule, wanted: Wanted, *, by: Actor, at: datetime, seen: int | None = None,
    despite: str = "",
) -> DispatchRule:
    """End ``rule`` the day before ``wanted`` begins and start that one; returns the new rule."""
    check_reach(by, rule.practice, rule.area)
    team = check_wanted(rule.practice, wanted, by=by, at=at)
    check_changeable(rule, wanted.since, at=at)
    before = rules_for(rule.practice)
    after = changed(before, rule.number, wanted.as_rule(next_number(), team_words(team)))
    accepted = check_findings(rule.practice, before, after, at=at, despite=despite)
    with one_at_a_time(rule.practice, seen):
        _end(rule, wanted.since - A_DAY)
        note = {**accepted, "instead_of": rule.number, "until": wanted.since - A_DAY}
        return _begin(rule.practice, wanted, by=by, at=at, verb="change_rule", note=note)


def end_rule(
    rule: DispatchRule, last_day: date, *, by: Actor, at: datetime, seen: int | None = None,
    despite: str = "",
) -> DispatchRule:
    """The rule decides nothing after ``last_day``; yesterday, to end it at once."""
    check_reach(by, rule.practice, rule.area)
    check_end(rule, last_day, at=at)
    before = rules_for(rule.practice)
    after = ended(before, rule.number, last_day)
    accepted = check_findings(rule.practice, before, after, at=at, despite=despite)
    with one_at_a_time(rule.practice, seen):
        _end(rule, last_day)
        trail.append(f"dispatch/{rule.practice}", verb="end_rule", by=by.ref, at=at,
                     changes={"number": rule.number, "until": last_day}, note=accepted)
    return rule


def findings_with(
    practice: str, before: Sequence[Rule], after: Sequence[Rule], *, at: datetime
) -> tuple[list[Finding], list[Finding]]:
    """What the linter says before and after a change, from the day of ``at`` on."""
    on = localdate(at)
    return (lint(before, ground_of(practice, before, on=on), on=on),
            lint(after, ground_of(practice, after, on=on), on=on))


def check_findings(
    practice: str, before: Sequence[Rule], after: Sequence[Rule], *, at: datetime, despite: str
) -> dict[str, Any]:
    """Refuse a change that brings in errors without a reason; what the trail keeps otherwise."""
    found = new_errors(*findings_with(practice, before, after, at=at))
    if not found:
        return {}
    if not despite.strip():
        raise refusals.new_errors(found)
    return {"despite": despite.strip()[:LONGEST_SOURCE],
            "findings": [[finding.code, list(finding.rules)] for finding in found]}


def check_reach(by: Actor, practice: str, area: str) -> None:
    """Raise ``NotAllowed`` where a rule for ``area`` reaches beyond the actor's scope."""
    if not may_change(by, practice, area, whole_ground()):
        raise replace_field(not_allowed("dispatch.edit"), "area")


def replace_field(refusal: Refusal, field: str) -> Refusal:
    """The same refusal, beside a field."""
    return replace(refusal, field=field)


def check_new(practice: str, wanted: Wanted, *, by: Actor, at: datetime) -> Team:
    """A new rule begins today at the earliest; returns the team it names."""
    team = check_wanted(practice, wanted, by=by, at=at)
    if wanted.since < localdate(at):
        raise refusals.in_the_past("since")
    return team


def check_wanted(practice: str, wanted: Wanted, *, by: Actor, at: datetime) -> Team:
    """Refuse what no rule may say; returns the team it names."""
    check_reach(by, practice, wanted.area)
    on = localdate(at)
    if wanted.kind and wanted.kind not in _kinds(practice, on):
        raise refusals.no_such_kind(wanted.kind)
    if wanted.area and not _area_stands(wanted.area, on):
        raise refusals.no_such_area(wanted.area)
    if wanted.hours not in ("any", *HOURS):
        raise refusals.no_such_hours()
    _check_bounds(wanted)
    if wanted.until is not None and wanted.until < wanted.since:
        raise refusals.ends_before_start()
    if not wanted.source.strip() or len(wanted.source) > LONGEST_SOURCE:
        raise refusals.source_missing(LONGEST_SOURCE)
    standing = Q(until__isnull=True) | Q(until__gte=wanted.since)
    team = Team.objects.filter(standing, id=wanted.team).first()
    if team is None:
        raise refusals.no_such_team()
    return team


def _check_bounds(wanted: Wanted) -> None:
    if not LEAST_RANK <= wanted.rank <= MOST_RANK:
        raise refusals.rank_bounds(LEAST_RANK, MOST_RANK)
    if wanted.least_odds is not None and not 1 <= wanted.least_odds <= A_HUNDRED:
        raise refusals.odds_bounds(1, A_HUNDRED)


def check_changeable(rule: DispatchRule, since: date, *, at: datetime) -> None:
    """A rule is changed from a day on that is not past and lies after its own first day."""
    if since < localdate(at):
        raise refusals.in_the_past("since")
    if since <= rule.since:
        raise refusals.not_begun(rule.since)
    if rule.until is not None and rule.until < since:
        raise refusals.ended_already(rule.until)


def check_end(rule: DispatchRule, last_day: date, *, at: datetime) -> None:
    """The last day is yesterday or later; a rule that has not begun is withdrawn by its eve."""
    if last_day < localdate(at) - A_DAY:
        raise refusals.in_the_past("last_day")
    if last_day < rule.since - A_DAY:
        raise refusals.eve_is_enough(rule.since - A_DAY)
    if rule.until is not None and rule.until <= last_day:
        raise refusals.ended_already(rule.until, field="last_day")


def next_number() -> int:
    """The number the next rule gets."""
    return (DispatchRule.objects.aggregate(Max("number"))["number__max"] or 0) + 1


@contextmanager
def one_at_a_time(practice: str, seen: int | None) -> Iterator[None]:
    """A transaction that gives way to whoever changed the rules since they were ``seen``."""
    try:
        with transaction.atomic():
            if seen is not None and stamp_of(practice) != seen:
                raise somebody_else()
            yield
    except IntegrityError:  # the same number or the same place in the trail: another was first
        raise somebody_else() from None


def somebody_else() -> SomebodyElseDecided:
    """What the second of two people who steer at once is told."""
    return SomebodyElseDecided(
        code="somebody_else",
        what=Words("刚刚有人改过。", "Somebody else has just changed this."),
        todo=Words("已按最新情况重算，你填的还在；请再看一遍再保存。",
                   "This is the latest, with what you typed. Look again, then save."),
    )


def _begin(
    practice: str, wanted: Wanted, *, by: Actor, at: datetime, verb: str, note: dict[str, Any]
) -> DispatchRule:
    rule = DispatchRule(
        number=next_number(), practice=practice, kind=wanted.kind, area=wanted.area,
        hours=wanted.hours, rank=wanted.rank, automatic=wanted.automatic, team_id=wanted.team,
        least_odds=wanted.least_odds, since=wanted.since, until=wanted.until,
        source=wanted.source.strip(),
    )
    rule.save(force_insert=True)
    said = as_rule(rule)
    trail.append(
        f"dispatch/{practice}", verb=verb, by=by.ref, at=at, note=note,
        changes={"number": said.number, "kind": said.kind, "area": said.area, "hours": said.hours,
                 "rank": said.rank, "automatic": said.automatic, "team": str(said.team),
                 "least_odds": said.least_odds, "since": said.since, "until": said.until,
                 "source": rule.source},
    )
    return rule


def _end(rule: DispatchRule, last_day: date) -> None:
    rule.until = last_day
    rule.save(update_fields=["until"])


def _kinds(practice: str, on: date) -> set[str]:
    return {code for kind in current_kinds(practice, on=on) for code in prefixes(kind)}


def _area_stands(area: str, on: date) -> bool:
    standing = Q(until__isnull=True) | Q(until__gte=on)
    return (Unit.objects.filter(code=area).exists()
            or Cell.objects.filter(standing, code=area).exists())
