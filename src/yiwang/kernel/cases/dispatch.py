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
from .history import Reason, odds_for, reason_words
from .kind_codes import kind_fits
from .limits import prefixes
from .models import Case, DispatchRule, Tally
from .names import team_words, unit_names

Hours = Literal["any", "working", "off"]
LEAST_HISTORY = 5  # cases below which the bare tally says nothing; own choice
SHOWN = 3  # suggestions a dispatcher sees
LOOKED_AT = 12  # of the likeliest teams, asked whether they still stand
LEAST_ODDS = 0.02  # below it a team is not worth a line; own choice


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
    least_odds: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A team, why, and the odds of history for it (0–1; None where history says nothing).

    ``learned``: history alone says so, no rule and no refusal.
    """

    team: UUID
    because: Words
    rule: int | None
    odds: float | None
    automatic: bool = False
    learned: bool = False


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
                team_words(row.team), row.since, row.until, row.automatic, row.least_odds)


def hours_at(at: datetime) -> Hours:
    """Whether ``at`` falls into office hours of a workday."""
    return "working" if is_working_time(at, calendar_now()) else "off"


def suggest(case: Case, *, at: datetime) -> Suggestion | None:
    """Whom to dispatch to first, and because of what; None where nobody and nothing says."""
    return next(iter(suggestions(case, at=at)), None)


def suggestions(case: Case, *, at: datetime) -> list[Suggestion]:
    """Up to three teams in being, the first as a rule or refusal says, the others from history.

    A refusal that named a team comes before the rules: they sent the case to whoever refused.
    """
    history = _history(case)
    first = named_in_refusal(case, history) or _ruled(case, history, at=at)
    learned = [Suggestion(team, because, None, odds, learned=True)
               for team, (odds, because) in history.items() if odds >= LEAST_ODDS]
    if not history and first is None:
        first = by_history(history_of(case.practice, case.kind, case.area[:12]))
    wanted = [*([first] if first else []),
              *(one for one in learned if first is None or one.team != first.team)]
    return _standing(wanted, case, at)[:SHOWN]


def _standing(wanted: Sequence[Suggestion], case: Case, at: datetime) -> list[Suggestion]:
    """Without closed teams and, of those that only history names, without whoever refused."""
    refused = {str(one.get("team_refusing")) for one in case.facts.get("refusals") or []}
    on = at.astimezone(ZONE).date()
    there = Team.objects.filter(Q(until__isnull=True) | Q(until__gte=on), since__lte=on,
                                id__in=[one.team for one in wanted[:LOOKED_AT]])
    standing = set(there.values_list("id", flat=True)) if wanted else set()
    return [one for one in wanted if one.team in standing
            and not (one.learned and str(one.team) in refused)]


Found = dict[UUID, tuple[float, Words]]


def _history(case: Case) -> Found:
    """What was learned of the case's town: team → odds and reason, likeliest first."""
    found: list[tuple[UUID, float, Reason]] = [
        (team, odds.odds, reason) for team, odds, reason in odds_for(case)]
    places = unit_names([case.area]) if found else {}
    return {team: (odds, reason_words(reason, case, places)) for team, odds, reason in found}


def _ruled(case: Case, history: Found, *, at: datetime) -> Suggestion | None:
    on = at.astimezone(ZONE).date()
    rule = first_rule(rules_for(case.practice, case.kind), kind=case.kind, area=case.area,
                      hours=hours_at(at), on=on)
    if rule is None:
        return None
    if history:
        return by_rule_and_history(rule, history)
    return by_rule(rule, history_of(case.practice, case.kind, case.area[:12]))


def by_rule_and_history(rule: Rule, history: Found) -> Suggestion:
    """What a rule says, with the odds history gives its team."""
    because = Words("规则 {number}", "rule {number}").filled(number=rule.number)
    odds, why = history.get(rule.team, (0.0, None))
    if why is not None:
        because = Words("{rule}；{why}", "{rule}; {why}").filled(rule=because, why=why)
    return Suggestion(rule.team, because, rule.number, odds, acts_alone(rule, odds))


def acts_alone(rule: Rule, odds: float | None) -> bool:
    """Whether the rule dispatches by itself at these odds; none known is too low for a bound."""
    return rule.automatic and (
        rule.least_odds is None or (odds is not None and odds * 100 >= rule.least_odds))


def may_act_alone(practice: str, kind: str) -> bool:
    """Whether any rule for that kind dispatches by itself: without one nothing need be weighed."""
    return DispatchRule.objects.filter(
        practice=practice, automatic=True, kind__in=prefixes(kind)).exists()


def named_in_refusal(case: Case, history: Found) -> Suggestion | None:
    """The team that the last refusal named as the one whose it is, where it still stands."""
    refusals = case.facts.get("refusals") or []
    if not refusals:
        return None
    team = Team.objects.filter(id=refusals[-1]["team"], until__isnull=True).first()
    if team is None:
        return None
    because = Words("退回的单位指明应由其办", "named by the team that refused")
    odds, _ = history.get(team.id, (None, None))
    return Suggestion(team.id, because, None, odds)


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
    return Suggestion(rule.team, because, rule.number, odds, acts_alone(rule, odds))


def by_history(tallies: Sequence[Tally]) -> Suggestion | None:
    """What history alone suggests: a suggestion, never a dispatch."""
    total = sum(tally.finished for tally in tallies)
    if total < LEAST_HISTORY:
        return None
    best = tallies[0]
    because = Words("没有规则；同类同地 {total} 件中 {own} 件由其办结",
                    "no rule; it finished {own} of {total} like it here").filled(
        total=total, own=best.finished)
    return Suggestion(best.team_id, because, None, best.finished / total, learned=True)
