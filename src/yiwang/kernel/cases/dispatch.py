"""Which team, and because of what: rules first, then what history suggests. Pure but for loading.

Of the rules that fit, the one with the lowest rank wins; among equals the narrower kind, then
the narrower area, then the older number. The linter relies on this same order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ZONE, is_working_time
from yiwang.kernel.people.models import Team

from .calendar import calendar_now
from .kind_codes import kind_fits
from .limits import prefixes
from .models import Case, DispatchRule, Tally
from .names import team_words

Hours = Literal["any", "working", "off"]
LEAST_HISTORY = 5  # cases below which history says nothing; own choice


@dataclass(frozen=True, slots=True)
class Rule:
    """A dispatch rule as the matcher and the linter see it. Empty kind or area fits any."""

    number: int
    kind: str
    area: str
    hours: str
    rank: int
    team: UUID
    team_name: Words
    since: date
    until: date | None
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A team, why, and how often history agrees (0–1; None where history says nothing)."""

    team: UUID
    because: Words
    rule: int | None
    odds: float | None
    automatic: bool = False


def fits(rule: Rule, *, kind: str, area: str, hours: str, on: date) -> bool:
    """Whether the rule applies to a case of that kind, area, kind of hours and day."""
    return (
        kind_fits(rule.kind, kind)
        and area.startswith(rule.area)
        and rule.hours in ("any", hours)
        and rule.since <= on
        and (rule.until is None or on <= rule.until)
    )


def precedence(rule: Rule) -> tuple[int, int, int, int]:
    """The order in which rules are asked: rank, narrower kind, narrower area, older number."""
    return (rule.rank, -len(rule.kind), -len(rule.area), rule.number)


def first_rule(
    rules: Iterable[Rule], *, kind: str, area: str, hours: str, on: date
) -> Rule | None:
    """The rule that decides, or None where there is a gap."""
    fitting = (r for r in rules if fits(r, kind=kind, area=area, hours=hours, on=on))
    return min(fitting, key=precedence, default=None)


def rules_for(practice: str, kind: str | None = None) -> list[Rule]:
    """The practice's rules as the matcher sees them; with ``kind``, only those that may fit it."""
    wanted = Q(practice=practice)
    if kind is not None:
        wanted &= Q(kind__in=prefixes(kind))
    rows = DispatchRule.objects.filter(wanted).select_related("team")
    return [as_rule(row) for row in rows]


def as_rule(row: DispatchRule) -> Rule:
    """A stored rule as the matcher sees it."""
    return Rule(row.number, row.kind, row.area, row.hours, row.rank, row.team_id,
                team_words(row.team), row.since, row.until, row.automatic)


def hours_at(at: datetime) -> Hours:
    """Whether ``at`` falls into office hours of a workday."""
    return "working" if is_working_time(at, calendar_now()) else "off"


def suggest(case: Case, *, at: datetime) -> Suggestion | None:
    """Whom to dispatch to, and because of what; None where nobody and nothing says anything.

    A refusal that named a team comes before the rules: they sent the case to whoever refused.
    """
    if named := named_in_refusal(case):
        return named
    on = at.astimezone(ZONE).date()
    rule = first_rule(rules_for(case.practice, case.kind), kind=case.kind, area=case.area,
                      hours=hours_at(at), on=on)
    tallies = history_of(case.practice, case.kind, case.area[:12])
    return by_rule(rule, tallies) if rule else by_history(tallies)


def named_in_refusal(case: Case) -> Suggestion | None:
    """The team that the last refusal named as the one whose it is, where it still stands."""
    refusals = case.facts.get("refusals") or []
    if not refusals:
        return None
    team = Team.objects.filter(id=refusals[-1]["team"], until__isnull=True).first()
    if team is None:
        return None
    because = Words("退回的单位指明应由其办", "named by the team that refused")
    return Suggestion(team.id, because, None, None)


def history_of(practice: str, kind: str, unit: str) -> list[Tally]:
    """Who finished this kind of case in this unit, most often first."""
    return list(
        Tally.objects.filter(practice=practice, kind=kind, area=unit)
        .select_related("team").order_by("-finished")
    )


def by_rule(rule: Rule, tallies: Sequence[Tally]) -> Suggestion:
    """What a rule says, with history beside it."""
    total = sum(tally.finished for tally in tallies)
    own = sum(tally.finished for tally in tallies if tally.team_id == rule.team)
    because = Words("规则 {number}", "rule {number}").filled(number=rule.number)
    odds = own / total if total >= LEAST_HISTORY else None
    if odds is not None:
        because = Words("规则 {number}；同类同地 {total} 件中 {own} 件由其办结",
                        "rule {number}; it finished {own} of {total} like it here").filled(
            number=rule.number, total=total, own=own)
    return Suggestion(rule.team, because, rule.number, odds, rule.automatic)


def by_history(tallies: Sequence[Tally]) -> Suggestion | None:
    """What history alone suggests: a suggestion, never a dispatch."""
    total = sum(tally.finished for tally in tallies)
    if total < LEAST_HISTORY:
        return None
    best = tallies[0]
    because = Words("没有规则；同类同地 {total} 件中 {own} 件由其办结",
                    "no rule; it finished {own} of {total} like it here").filled(
        total=total, own=best.finished)
    return Suggestion(best.team_id, because, None, best.finished / total)
