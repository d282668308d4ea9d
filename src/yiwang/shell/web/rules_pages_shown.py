"""How dispatch rules, the linter's findings and a dry run are shown: rows with words."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.dispatch import Rule, rules_for
from yiwang.kernel.cases.dry_run import Differs, DryRun, try_rules
from yiwang.kernel.cases.linter import Finding
from yiwang.kernel.cases.models import Case, DispatchRule, KindList
from yiwang.kernel.cases.names import area_words, kind_words, team_words, unit_names
from yiwang.kernel.cases.rules_changes import new_errors, standing
from yiwang.kernel.cases.rules_queries import GapGroup, grouped_gaps, stamp_of, tried_cases
from yiwang.kernel.people.rules import Actor

ANY_KIND = Words("任何类别", "any kind")
EVERYWHERE = Words("全部区域", "everywhere")
HOURS: dict[str, Words] = {
    "any": Words("任何时候", "any time"),
    "working": Words("上班时间", "office hours"),
    "off": Words("下班时间", "outside office hours"),
}
FROM_PRACTICE = Words("随系统", "comes with the system")
DIFFERING = 100  # cases listed
COUNTED_FOR = 3600.0  # seconds a count of what rules decided is kept

_decided: dict[tuple[object, ...], tuple[float, Mapping[int, int]]] = {}


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as a line of the list."""

    rule: DispatchRule
    kind: Words
    area: Words
    hours: Words
    team: Words
    lamp: str
    state: Words
    decided: int
    source: Words


@dataclass(frozen=True, slots=True)
class Line:
    """A finding in words; ``kinds`` and ``areas`` are the details of a group of gaps."""

    says: Words
    error: bool
    rules: tuple[int, ...] = ()
    kinds: tuple[tuple[str, Words], ...] = ()
    areas: tuple[Words, ...] = ()


@dataclass(frozen=True, slots=True)
class DifferRow:
    """A case that the rules would have sent elsewhere."""

    differs: Differs
    kind: Words
    area: Words
    by_change: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do: new objections, objections gone, last month as it would have been."""

    new: list[Line]
    gone: list[Line]
    before: DryRun
    after: DryRun
    rows: list[DifferRow]


def kind_title(code: str) -> Words:
    """What a rule's kind is called: a kind, a whole list, or any."""
    if not code:
        return ANY_KIND
    if "/" in code:
        return kind_words(code)
    found = KindList.objects.filter(code=code).first()
    return Words(found.name, found.name_en or found.name) if found else Words(code, code)


def area_title(area: str, units: Mapping[str, Words]) -> Words:
    """What a rule's area is called."""
    return area_words(area, dict(units)) if area else EVERYWHERE


def source_words(text: str) -> Words:
    """Where a version, a limit or a clock comes from: “中文 / English” is taken apart."""
    if text == "practice":
        return FROM_PRACTICE
    zh, mark, en = text.partition(" / ")
    return Words(zh, en) if mark else Words(text, text)


def state_of(rule: DispatchRule, on: date) -> tuple[str, Words]:
    """The lamp and the word for where ``on`` stands in the rule's days."""
    if rule.until is not None and rule.until < rule.since:
        return "idle", Words("已撤回", "withdrawn")
    if rule.until is not None and rule.until < on:
        return "idle", Words("已结束", "ended")
    if rule.since > on:
        return "warn", Words("未到", "not begun")
    return "ok", Words("有效", "in force")


def rule_rows(
    rules: Sequence[DispatchRule], *, on: date, decided: Mapping[int, int]
) -> list[RuleRow]:
    """Rules with their names; one query for the areas."""
    units = unit_names(rule.area for rule in rules)
    titles = {kind: kind_title(kind) for kind in {rule.kind for rule in rules}}
    return [
        RuleRow(rule, titles[rule.kind], area_title(rule.area, units), HOURS[rule.hours],
                team_words(rule.team), *state_of(rule, on), decided.get(rule.number, 0),
                source_words(rule.source))
        for rule in rules
    ]


def lines_of(findings: Iterable[Finding]) -> list[Line]:
    """Findings in words: errors one by one, gaps put together by where they are."""
    found = list(findings)
    errors = [Line(f.says, f.error, f.rules) for f in found if f.code != "gap"]
    groups = grouped_gaps(found)
    units = unit_names(area for group in groups for area in group.areas)
    return errors + [_gap_line(group, units) for group in groups]


def _gap_line(group: GapGroup, units: Mapping[str, Words]) -> Line:
    kinds = tuple((code, kind_title(code)) for code in group.kinds)
    areas = tuple(area_title(area, units) for area in group.areas)
    if len(kinds) == 1:
        says = Words("“{kind}”在 {where}没有规则管", "no rule decides “{kind}” in {where}").filled(
            kind=kinds[0][1], where=_where(areas))
    else:
        says = Words("{n} 类事在 {where}没有规则管",
                     "{n} {n:kind has|kinds have} no rule in {where}").filled(
            n=len(kinds), where=_where(areas))
    return Line(says, False, (), kinds, areas)


def _where(areas: tuple[Words, ...]) -> Words:
    if len(areas) == 1:
        return areas[0]
    return Words("{n} 个区域", "{n} {n:area|areas}").filled(n=len(areas))


def decided_last_month(actor: Actor, practice: str, *, at: datetime) -> Mapping[int, int]:
    """How many of last month's cases each rule decides, of those the actor sees; kept an hour."""
    scope = tuple(sorted((grant.area, str(grant.team), grant.practice) for grant in actor.grants
                         if "case.view" in grant.capabilities))
    key = (practice, scope, stamp_of(practice), localdate(at))
    held = _decided.get(key)
    if held is None or time.monotonic() - held[0] > COUNTED_FOR:
        if len(_decided) > 64:  # a few readers and days; old stamps are of no more use
            _decided.clear()
        run = try_rules(rules_for(practice), tried_cases(actor, practice, at=at),
                        calendar=calendar_now(), shown=0)
        held = _decided[key] = (time.monotonic(), run.decided)
    return held[1]


def forget_counts() -> None:
    """Let the next question count anew, in this process."""
    _decided.clear()


def preview_of(
    before: Sequence[Rule], after: Sequence[Rule], findings: tuple[list[Finding], list[Finding]],
    cases: Sequence[Case], *, day: date,
) -> Preview:
    """Put together what a change from ``day`` on would do."""
    calendar = calendar_now()
    was, would = (try_rules(standing(rules, day), cases, calendar=calendar, shown=len(cases))
                  for rules in (before, after))
    old, new = findings
    return Preview(lines_of(new_errors(old, new)), lines_of(_gone(old, new)), was, would,
                   differ_rows(would.differing, was.differing))


def _gone(old: list[Finding], new: list[Finding]) -> list[Finding]:
    """Objections that would be settled, and gaps that would be closed, in whole or in part."""
    left = {(finding.kind, area) for finding in new for area in finding.areas}
    closed = [
        Finding("gap", (), finding.says, error=False, kind=finding.kind, areas=areas)
        for finding in old if finding.code == "gap"
        if (areas := tuple(a for a in finding.areas if (finding.kind, a) not in left))
    ]
    return [*new_errors(new, old), *closed]


def differ_rows(now: Sequence[Differs], before: Sequence[Differs] | None = None) -> list[DifferRow]:
    """Differing cases with names; those that differ by the change itself come first."""
    known = {(d.id, d.would) for d in before} if before is not None else None
    marked = sorted(((d, known is not None and (d.id, d.would) not in known) for d in now),
                    key=lambda pair: not pair[1])[:DIFFERING]
    units = unit_names(d.area for d, _ in marked)
    return [DifferRow(d, kind_words(d.kind), area_words(d.area, units), by_change)
            for d, by_change in marked]
