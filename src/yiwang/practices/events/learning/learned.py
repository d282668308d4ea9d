"""Learning put into effect: units, teams, classes and dispatch rules of one source."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import DispatchRule, Kind, KindList
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.actions import add_team
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.queries import within
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records import trail
from yiwang.practices.events.importing.names import kind_paths
from yiwang.practices.events.kinds import PRACTICE
from yiwang.practices.events.models import ImportSource

from .places import UnitBook
from .rule_tree import LEARNING, Fit, LearnedRule, RuleLearning, Seen, fit_of, learn_rules
from .survey import Classes, Survey

NEWEST_SHARE = 0.2  # of the cases, by date, kept back to test rules learned from the older ones
_KINDS_OF_TEAM: tuple[tuple[str, str], ...] = (
    ("社区", Team.Kind.COMMITTEE), ("村", Team.Kind.COMMITTEE), ("队", Team.Kind.BRIGADE),
    ("局", Team.Kind.COUNTY), ("委", Team.Kind.COUNTY), ("部", Team.Kind.COUNTY),
    ("办", Team.Kind.OFFICE), ("中心", Team.Kind.OFFICE), ("所", Team.Kind.OFFICE),
    ("室", Team.Kind.OFFICE), ("科", Team.Kind.OFFICE), ("站", Team.Kind.OFFICE),
)


@dataclass(frozen=True, slots=True)
class Learned:
    """What a table taught: counts in the table, what was new, and how the rules do on it.

    ``fit`` is on the cases they were learned from; ``held_back`` on the newest fifth, with rules
    learned from the older cases alone: the honest figure.
    """

    rows: int
    unreadable: int
    streets: int
    communities: int
    units: int
    classes: tuple[int, ...]
    new_places: int
    new_teams: int
    new_classes: int
    rules: int
    exceptions: int
    new_rules: int
    fit: Fit
    held_back: Fit

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


class _NotKeptError(Exception):
    """Undoes a dry run."""


def learn(
    survey: Survey, source: ImportSource, *, area_name: str, by: Actor, at: datetime,
    dry_run: bool = False, learning: RuleLearning = LEARNING,
) -> Learned:
    """Make what is missing and bring the source's rules up to date; a dry run changes nothing."""
    if survey.since is None:
        raise Refusal("nothing_to_learn", Words("没有一行读得出来，无从学起。",
                                                "No row can be read: nothing to learn."))
    result: Learned | None = None
    try:
        with transaction.atomic():
            result = _learn(survey, source, area_name, survey.since, learning, by=by, at=at)
            if dry_run:
                raise _NotKeptError
    except _NotKeptError:
        pass
    if result is None:
        raise RuntimeError("learning ended without a result")
    return result


def _learn(
    survey: Survey, source: ImportSource, area_name: str, since: date, learning: RuleLearning, *,
    by: Actor, at: datetime,
) -> Learned:
    source.save()
    units = UnitBook(source.area, since=since, by=by, at=at)
    units.ensure_root(area_name)
    units.ensure(survey.streets(), survey.communities())
    new_teams = _learn_teams(survey, source, units, since, by=by, at=at)
    new_classes = _learn_kinds(survey.classes, source, since)
    kinds = kind_paths(source.kind_list)
    seen = [
        (day, Seen(kinds.get(path, source.kind_list), units.place_of(*place), unit))
        for day, path, place, unit in survey.handled if unit
    ]
    rules = learn_rules(Counter(case for _, case in seen), source.area, learning)
    new_rules = _write_rules(rules, source, by=by, at=at)
    learned = Learned(
        survey.rows, survey.unreadable, len(survey.streets()), len(survey.communities()),
        sum(1 for unit in survey.units if unit), survey.levels(), units.made, new_teams,
        new_classes, len(rules), sum(_is_exception(rule, source) for rule in rules), new_rules,
        fit_of(rules, Counter(case for _, case in seen), source.area),
        _held_back(seen, source, learning),
    )
    trail.append(f"source/{source.code}", verb="learn", by=by.ref, at=at,
                 changes={"area": source.area, "kind_list": source.kind_list,
                          "number_prefix": source.number_prefix, "mapping": source.mapping},
                 note=learned.as_json())
    return learned


def _is_exception(rule: LearnedRule, source: ImportSource) -> bool:
    return rule.node.area != source.area


def _held_back(seen: list[tuple[date, Seen]], source: ImportSource, learning: RuleLearning) -> Fit:
    """The newest cases under rules learned from the older ones."""
    ordered = sorted(seen, key=lambda case: case[0])
    cut = round(len(ordered) * (1 - NEWEST_SHARE))
    older, newer = (Counter(case for _, case in part) for part in (ordered[:cut], ordered[cut:]))
    return fit_of(learn_rules(older, source.area, learning), newer, source.area)


def _learn_teams(
    survey: Survey, source: ImportSource, units: UnitBook, since: date, *, by: Actor, at: datetime
) -> int:
    teams = Team.objects.filter(within(source.area, "unit_code"))
    there = set(teams.filter(until__isnull=True).values_list("name", flat=True))
    codes = set(Team.objects.values_list("code", flat=True))
    new = [name for name in survey.units if name and name not in there]
    stem = source.code.lower()
    free = (code for n in range(1, 100_000) if (code := f"{stem}-{n:03}") not in codes)
    for name, code in zip(new, free, strict=False):
        add_team(code=code, name=name, kind=_kind_of_team(name), since=since,
                 unit_code=units.unit_named_in(name), by=by, at=at)
    return len(new)


def _kind_of_team(name: str) -> str:
    """By its ending, brackets left aside: 坪山街道综合执法队 is a brigade."""
    plain = name.partition("（")[0].partition("(")[0]
    return next((kind for ending, kind in _KINDS_OF_TEAM if plain.endswith(ending)),
                Team.Kind.OTHER)


def _learn_kinds(classes: Iterable[Classes], source: ImportSource, since: date) -> int:
    """The source's own class list, numbered in the order of first appearance; old numbers stay."""
    KindList.objects.get_or_create(code=source.kind_list, defaults={
        "practice": PRACTICE, "name": f"{source.code} 的类别", "since": since,
        "name_en": f"classes of {source.code}",
        "source": "由导入文件学得，编号自编 / learned from an imported file, numbers made up",
    })
    codes = kind_paths(source.kind_list)
    last = Counter(code.rpartition(".")[0] or source.kind_list for code in codes.values())
    new: list[Kind] = []
    for path in classes:
        above = source.kind_list
        for level in range(len(path)):
            part = path[: level + 1]
            if part not in codes:
                last[above] += 1
                separator = "." if level else "/"
                codes[part] = f"{above}{separator}{last[above]:02}"
                new.append(Kind(code=codes[part], list_id=source.kind_list, name=path[level][:80]))
            above = codes[part]
    Kind.objects.bulk_create(new)
    return len(new)


def _write_rules(
    rules: list[LearnedRule], source: ImportSource, *, by: Actor, at: datetime
) -> int:
    """Bring the source's learned rules to ``rules``: the same stay, others end, new ones begin."""
    today = at.date()
    teams = _team_ids(source)
    wanted = {(rule.node.kind, rule.node.area, teams[rule.team]): rule for rule in rules}
    for old in DispatchRule.objects.filter(
        practice=PRACTICE, source__startswith=_mark(source), until__isnull=True
    ):
        if wanted.pop((old.kind, old.area, old.team_id), None) is None:
            _end_rule(old, today, by=by, at=at)
    first = (DispatchRule.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    new = [
        DispatchRule(number=number, practice=PRACTICE, kind=kind, area=area, team_id=team,
                     since=today, source=_because(source, rule))
        for number, ((kind, area, team), rule) in enumerate(wanted.items(), start=first)
    ]
    DispatchRule.objects.bulk_create(new)
    for made in new:
        trail.append(f"rule/{made.pk}", verb="learn_rule", by=by.ref, at=at, changes={
            "number": made.number, "kind": made.kind, "area": made.area,
            "team_id": made.team_id, "since": today, "source": made.source})
    return len(new)


def _end_rule(rule: DispatchRule, today: date, *, by: Actor, at: datetime) -> None:
    """A rule learned earlier that no longer holds; one begun today would end before it began."""
    rule.until = max(rule.since, today - timedelta(days=1))
    rule.save(update_fields=["until"])
    trail.append(f"rule/{rule.pk}", verb="end_rule", by=by.ref, at=at,
                 changes={"until": rule.until})


def _mark(source: ImportSource) -> str:
    return f"学自 {source.code}："


def _because(source: ImportSource, rule: LearnedRule) -> str:
    return f"{_mark(source)}{rule.cases} 件中 {rule.handled} 件由其办结"


def _team_ids(source: ImportSource) -> dict[str, UUID]:
    teams = Team.objects.filter(within(source.area, "unit_code"), until__isnull=True)
    return dict(teams.order_by("-code").values_list("name", "id"))
