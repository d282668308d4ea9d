"""A town with many cases: the demo town, then two years of closed ones and open ones in all states.

Closed cases come in through the import (one trail entry each that ``verify`` replays), open ones
live their first steps through the ordinary moves.
"""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yiwang.kernel.cases.bulk import HistoricCase, import_cases
from yiwang.kernel.cases.dispatch import Rule, first_rule, rules_for
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.opening import NewCase, open_case
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Person, Team
from yiwang.kernel.people.queries import actor_for
from yiwang.kernel.people.rules import SYSTEM, Actor
from yiwang.kernel.places.models import CellShape
from yiwang.practices.events.demo.words import HAPPENS, WHERE

from .life import Ground, Happening

SEED = 30428
BATCH = 2000
# At every size measured: growth shall tell what a longer history costs, not a larger backlog.
# Little's law: a million cases a year, each open for a day and a half on average.
OPEN, OPEN_FROM = 4_000, 10_000
OPEN_SHARE = 0.02  # of the few cases that faults are drilled with
YEARS = timedelta(days=730)
LATE_SHARE = 0.06
CHANNELS = ("grid", "grid", "grid", "resident", "patrol", "hotline")
OFFICES = ("chengjian", "zhifa", "huanwei", "pingan", "shuiwu")
Spot = tuple[str, float, float]


def fill(cases: int, *, at: datetime) -> None:
    """Bring the number of cases to ``cases``, as many of them open as a county has."""
    chance = random.Random(SEED)
    spots, rules = spots_of(), rules_for("events")
    have = Case.objects.count()
    still = OPEN if cases >= OPEN_FROM else round(cases * OPEN_SHARE)
    still = max(0, still - Case.objects.filter(is_open=True).count())
    closed = max(0, cases - have - still)
    for batch in _batches(have, have + closed):
        import_cases([_historic(number, chance, spots, rules, at) for number in batch],
                     number_prefix="XP", by=SYSTEM, at=at, note={"source": "bench"})
    _begin_many(still, chance, spots, rules, at)


def _batches(first: int, end: int) -> Iterator[range]:
    for start in range(first, end, BATCH):
        yield range(start, min(start + BATCH, end))


def spots_of() -> list[Spot]:
    """A point inside every micro-grid."""
    from shapely.geometry import shape

    rows = CellShape.objects.filter(cell__layer="governance").order_by("cell_id")
    inside = [(row.cell_id, shape(row.geometry).representative_point())
              for row in rows if len(row.cell_id) == 18]
    return [(code, point.x, point.y) for code, point in inside]


def _team(kind: str, area: str, rules: list[Rule], at: datetime) -> Any:
    rule = first_rule(rules, kind=kind, area=area, hours="working", on=at.date())
    return rule.team if rule else None


def _historic(number: int, chance: random.Random, spots: list[Spot], rules: list[Rule],
              at: datetime) -> HistoricCase:
    kind, title, text, done = chance.choice(HAPPENS)
    code, longitude, latitude = chance.choice(spots)
    where, channel = chance.choice(WHERE), chance.choice(CHANNELS)
    opened = at - timedelta(days=4) - YEARS * chance.random()
    took = timedelta(hours=chance.lognormvariate(1.6, 1.0))
    opinion = {"result": "solved", "done": done.format(who="承办单位"),
               "for_person": "已处理，谢谢反映", "verb": "submit", "by": "system",
               "at": (opened + took).isoformat(), "flags": []}
    return HistoricCase(
        practice="events", playbook="event", external_id=f"bench/{number:07d}", kind=kind,
        title=title.format(where=where), channel=channel, area=code, opened_at=opened,
        state="closed", held="working", handler_id=_team(kind, code, rules, opened),
        closed_at=opened + min(took, timedelta(days=3)), late=chance.random() < LATE_SHARE,
        text=text, address=where, longitude=longitude, latitude=latitude,
        facts={"opinions": [opinion]},
    )


def _begin_many(count: int, chance: random.Random, spots: list[Spot], rules: list[Rule],
                at: datetime) -> None:
    """Open cases of the last days, each some steps into its life."""
    people = {person.account: actor_for(person, at.date()) for person in Person.objects.all()}
    handlers = {team: actor for actor in people.values() for team in actor.teams
                if any("case.handle" in grant.capabilities for grant in actor.grants)}
    moments = sorted(at - timedelta(hours=0.3 + chance.expovariate(1 / 30)) for _ in range(count))
    for start in range(0, count, 200):
        with transaction.atomic():
            for moment in moments[start : start + 200]:
                _begin(moment, chance, spots, rules, people, handlers)


def _begin(moment: datetime, chance: random.Random, spots: list[Spot], rules: list[Rule],
           people: dict[str, Actor], handlers: dict[Any, Actor]) -> None:
    kind, title, text, done = chance.choice(HAPPENS)
    code, longitude, latitude = chance.choice(spots)
    where = chance.choice(WHERE)
    new = NewCase("events", "event", "XP", kind, title.format(where=where), text,
                  chance.choice(CHANNELS), code,
                  {"longitude": longitude, "latitude": latitude, "address": where})
    case = open_case(new, by=people["wangge3"], at=moment, announce=False)
    team = _team(kind, code, rules, moment)
    handler = handlers[team]
    outcome = {"result": "solved", "done": done.format(who=handler.name),
               "for_person": "已处理，谢谢反映"}
    steps: list[tuple[str, Actor, dict[str, Any]]] = [
        ("assign", people["diaodu"], {"team": str(team)}), ("accept", handler, {}),
        chance.choice((("ask_extension", handler, {"reason": "配件待到货"}),
                       ("submit", handler, outcome)))]
    with suppress(Refusal):  # an extension asked for too late is refused, as it would be
        for place, (verb, by, given) in enumerate(steps[: chance.choice((0, 1, 2, 2, 3))]):
            make_move(case, verb, by=by, at=moment + timedelta(minutes=5 + 4 * place), given=given)


def ground() -> Ground:
    """What the load client needs to know, read from a filled database."""
    teams = dict(Team.objects.filter(code__in=OFFICES).values_list("code", "name"))
    happenings = tuple(Happening(kind, text, done) for kind, _, text, done in HAPPENS)
    return Ground(tuple((lon, lat) for _, lon, lat in spots_of()), happenings, WHERE,
                  tuple((code, teams[code]) for code in OFFICES))
