"""The dispatch linter: gaps, overlaps, rules that can never fire, owners who have left. Pure.

Every kind × area × kind of hours × stretch of days is asked once which rule decides it. What no
rule decides is a gap; a rule that decides nothing is dead. Nothing is switched off silently: a
finding is shown before saving, on the page of rules and every day.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

from yiwang.algorithms.words import Words

from .dispatch import Rule, precedence
from .limits import prefixes

HORIZON = timedelta(days=366)  # how far ahead rules are looked at
HOURS = ("working", "off")


@dataclass(frozen=True, slots=True)
class Ground:
    """What rules are tried on: leaf kinds and areas, teams that are closed or have nobody."""

    kinds: Sequence[str]
    areas: Sequence[str]
    closed: Collection[UUID] = ()
    unstaffed: Collection[UUID] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the rules as a whole. ``rules`` are the numbers it concerns.

    A gap also names the kind and the areas that no rule decides, so that a page can group them.
    """

    code: str  # gap, overlap, dead, closed, unstaffed, unknown_kind, unknown_area
    rules: tuple[int, ...]
    says: Words
    error: bool = True
    kind: str = ""
    areas: tuple[str, ...] = ()


def lint(rules: Sequence[Rule], ground: Ground, *, on: date) -> list[Finding]:
    """Everything wrong with ``rules`` from ``on`` over the horizon, errors first."""
    standing = [rule for rule in rules if rule.until is None or rule.until >= on]
    findings = [
        *_overlaps(standing),
        *_gaps_and_dead(standing, ground, on),
        *_owners(standing, ground),
        *_unknown(standing, ground),
    ]
    return sorted(findings, key=lambda finding: (not finding.error, finding.code, finding.rules))


def _gaps_and_dead(rules: Sequence[Rule], ground: Ground, on: date) -> list[Finding]:
    fired: set[int] = set()
    gaps: dict[str, set[str]] = defaultdict(set)
    by_kind = _by_kind(rules)
    for kind in ground.kinds:
        ordered = sorted(
            (rule for prefix in prefixes(kind) for rule in by_kind.get(prefix, ())),
            key=precedence,
        )
        for area in ground.areas:
            decided, open_days = _decide([r for r in ordered if area.startswith(r.area)], on)
            fired |= decided
            if open_days:
                gaps[kind].add(area)
    dead = [
        Finding("dead", (rule.number,), Words(
            "规则 {number} 永远轮不到：前面的规则已全部覆盖",
            "rule {number} can never fire: earlier rules cover all of it",
        ).filled(number=rule.number))
        for rule in rules if rule.number not in fired
    ]
    return [*_gap_findings(gaps, ground), *dead]


def _decide(ordered: Sequence[Rule], on: date) -> tuple[set[int], bool]:
    """Which rules decide somewhere in the horizon, and whether some hour of some day is open."""
    fired: set[int] = set()
    is_open = False
    for hours in HOURS:
        fitting = [rule for rule in ordered if rule.hours in ("any", hours)]
        for day in _turning_days(fitting, on):
            first = next((r for r in fitting if _stands(r, day)), None)
            if first is None:
                is_open = True
            else:
                fired.add(first.number)
    return fired, is_open


def _turning_days(rules: Iterable[Rule], on: date) -> list[date]:
    """The days on which the answer can change: today, and each beginning and end."""
    turns = {on}
    for rule in rules:
        turns.add(max(rule.since, on))
        if rule.until is not None:
            turns.add(rule.until + timedelta(days=1))
    return sorted(day for day in turns if day <= on + HORIZON)


def _stands(rule: Rule, day: date) -> bool:
    return rule.since <= day and (rule.until is None or day <= rule.until)


def _by_kind(rules: Iterable[Rule]) -> dict[str, list[Rule]]:
    by_kind: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_kind[rule.kind].append(rule)
    return by_kind


def _gap_findings(gaps: dict[str, set[str]], ground: Ground) -> list[Finding]:
    return [
        Finding("gap", (), Words(
            "“{kind}”在 {n} 个区域没有规则管", "no rule decides “{kind}” in {n} {n:area|areas}",
        ).filled(kind=kind, n=len(areas)), error=False, kind=kind, areas=tuple(sorted(areas)))
        for kind, areas in sorted(gaps.items())
    ]


def _overlaps(rules: Sequence[Rule]) -> list[Finding]:
    """Two rules that only their numbers tell apart, and that name different teams."""
    alike: dict[tuple[int, str, str], list[Rule]] = defaultdict(list)
    for rule in rules:
        alike[(rule.rank, rule.kind, rule.area)].append(rule)
    return [
        Finding("overlap", (one.number, other.number), Words(
            "规则 {one} 与 {other} 管同样的事，却派给不同的单位",
            "rules {one} and {other} cover the same and name different teams",
        ).filled(one=one.number, other=other.number))
        for group in alike.values()
        for one, other in combinations(sorted(group, key=precedence), 2)
        if one.team != other.team and _meet(one, other)
    ]


def _meet(one: Rule, other: Rule) -> bool:
    same_hours = one.hours == other.hours or "any" in (one.hours, other.hours)
    begins, ends = max(one.since, other.since), min(one.until or date.max, other.until or date.max)
    return same_hours and begins <= ends


def _owners(rules: Iterable[Rule], ground: Ground) -> list[Finding]:
    closed = Words("规则 {number} 派给已撤销的“{team}”",
                   "rule {number} names “{team}”, which is closed")
    empty = Words("规则 {number} 派给“{team}”，那里没有人能签收",
                  "rule {number} names “{team}”, where nobody can accept")
    found = []
    for rule in rules:
        for code, says, teams in (("closed", closed, ground.closed),
                                  ("unstaffed", empty, ground.unstaffed)):
            if rule.team in teams:
                found.append(Finding(code, (rule.number,), says.filled(
                    number=rule.number, team=rule.team_name)))
    return found


def _unknown(rules: Iterable[Rule], ground: Ground) -> list[Finding]:
    kinds = {prefix for kind in ground.kinds for prefix in prefixes(kind)}
    found = []
    for rule in rules:
        if rule.kind not in kinds:
            found.append(Finding("unknown_kind", (rule.number,), Words(
                "规则 {number} 的类别“{kind}”不在现行分类里",
                "rule {number}: kind “{kind}” is in no current list",
            ).filled(number=rule.number, kind=rule.kind)))
        if not any(area.startswith(rule.area) for area in ground.areas):
            found.append(Finding("unknown_area", (rule.number,), Words(
                "规则 {number} 的区域“{area}”不存在", "rule {number}: there is no area “{area}”",
            ).filled(number=rule.number, area=rule.area)))
    return found
