"""A year of events, lived through the ordinary steps at made moments: deterministic, plausible."""

import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import transaction

from yiwang.kernel.cases.dispatch import first_rule, hours_at, rules_for
from yiwang.kernel.cases.may import reporter_of
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.opening import NewCase, open_case
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Person
from yiwang.kernel.people.queries import actor_for
from yiwang.kernel.people.rules import RESIDENT, Actor
from yiwang.kernel.places.models import Unit
from yiwang.kernel.practice import Practice

from .words import HAPPENS, WHERE

SEED = 2003
A_YEAR = 900  # closed events; with the open ones below about a thousand
STILL_OPEN = 42
TO_CHECK = 4  # done, and waiting for the grid worker's eyes
WALKED = "330206005221"  # the village of the demo's grid worker
THIN = "已联系相关部门进一步跟进处理"  # says nothing: goes to a reviewer
CHANNELS = ("grid",) * 5 + ("resident",) * 3 + ("patrol",) * 2 + ("hotline",)
REFUSED_EVERY = 12  # cases: the newest, then each twelfth before it, so that every month has some
REOPENED_EVERY = 30
NOT_SOLVED = "第二天又是老样子，请再来看看"
UNHURRIED = timedelta(days=4)
LIVED = 6  # days; the slowest life made here is over by then, so that nothing lies ahead of now


Spot = tuple[str, float, float]  # a micro-grid's code and a point inside it


@dataclass
class Cast:
    """Who acts in the demo: the desk, a grid worker who checks, and each team's own worker."""

    desk: Actor
    head: Actor
    worker: Actor
    handlers: dict[Any, Actor]

    def reporter(self, channel: str) -> Actor:
        """Who writes a report down: residents their own, the desk what the hotline hands over."""
        return {"resident": RESIDENT, "hotline": self.desk}.get(channel, self.worker)


def live_a_year(
    practice: Practice, *, at: datetime, closed: int = A_YEAR, still_open: int = STILL_OPEN
) -> None:
    """Closed events over the past year, then open ones in every state."""
    chance = random.Random(SEED)
    cast = _cast(at.date())
    spots = _spots()
    begins = sorted(at - timedelta(days=chance.uniform(LIVED, 365)) for _ in range(closed))
    for batch in range(0, closed, 100):
        with transaction.atomic():
            for nth, moment in enumerate(begins[batch : batch + 100], start=batch):
                _live(moment, chance, spots, cast, closed - 1 - nth)
    with transaction.atomic():
        for moment in sorted(at - timedelta(hours=0.2 + chance.expovariate(1 / 7))
                             for _ in range(still_open)):
            _begin(_open(moment, chance, spots, cast), chance, cast, at)
        own = [spot for spot in spots if spot[0].startswith(WALKED)]
        for hours in (7, 6, 5, 4)[: min(TO_CHECK, still_open)]:
            _await_check(_open(at - timedelta(hours=hours), chance, own, cast), cast)


def _cast(on: date) -> Cast:
    people = {person.account: actor_for(person, on) for person in Person.objects.all()}
    handlers = {team: actor for actor in people.values() for team in actor.teams
                if any("case.handle" in grant.capabilities for grant in actor.grants)}
    return Cast(people["diaodu"], people["zhuren"], people["wangge3"], handlers)


def _spots() -> list[Spot]:
    """A point inside every micro-grid."""
    from shapely.geometry import shape

    from yiwang.kernel.places.models import CellShape

    rows = CellShape.objects.filter(cell__layer="governance").order_by("cell_id")
    points = [(row.cell_id, shape(row.geometry).representative_point())
              for row in rows if len(row.cell_id) == 18]
    return [(code, point.x, point.y) for code, point in points]


@cache
def _village_names() -> dict[str, str]:
    return dict(Unit.objects.values_list("code", "name"))


def _open(at: datetime, chance: random.Random, spots: list[Spot], cast: Cast,
          channel: str = "") -> Case:
    kind, title, text, _ = chance.choice(HAPPENS)
    code, longitude, latitude = chance.choice(spots)
    where = _village_names()[code[:12]] + chance.choice(WHERE)
    channel = channel or chance.choice(CHANNELS)
    columns = {
        "longitude": longitude + chance.uniform(-4e-4, 4e-4), "datum": "wgs84",
        "latitude": latitude + chance.uniform(-4e-4, 4e-4), "address": where,
        "gps_metres": round(chance.uniform(2, 40), 1) if channel == "grid" else None,
    }
    new = NewCase("events", "event", "XP", kind, title.format(where=where), text, channel, code,
                  columns)
    return open_case(new, by=cast.reporter(channel), at=at, announce=False)


def _team(case: Case, at: datetime) -> Any:
    rule = first_rule(rules_for("events", case.kind), kind=case.kind, area=case.area,
                      hours=hours_at(at), on=at.date())
    return rule.team if rule else None


def _live(begins: datetime, chance: random.Random, spots: list[Spot], cast: Cast,
          age: int) -> None:
    """One whole life, with the odd thin text, late finish and low rating.

    ``age`` counts from the newest case: it settles which are refused once, and which reopened.
    """
    again = age % REOPENED_EVERY == 1
    case = _open(begins, chance, spots, cast, "resident" if again else "")
    at = begins + timedelta(minutes=chance.uniform(3, 90))
    at = _handled(case, chance, cast, at, refused=age % REFUSED_EVERY == 0)
    if again:
        at += timedelta(hours=chance.uniform(2, 10))
        make_move(case, "reopen", by=reporter_of(case), at=at, given={"reason": NOT_SOLVED})
        at = _handled_again(case, cast, at)
    if case.channel == "resident" and chance.random() < 0.6:
        stars = chance.choice("5554443321")
        make_move(case, "rate", by=reporter_of(case), at=at + timedelta(hours=2),
                  given={"stars": stars})


def _handled(case: Case, chance: random.Random, cast: Cast, at: datetime, *,
             refused: bool) -> datetime:
    """From the dispatch to the closing; gives back when it was closed."""
    team = _team(case, at)
    handler = cast.handlers[team]
    make_move(case, "assign", by=cast.desk, at=at, given={"team": str(team)})
    if refused:
        at = _refused(case, chance, cast, handler, at)
    at += timedelta(minutes=chance.uniform(5, 200))
    make_move(case, "accept", by=handler, at=at)
    at += timedelta(hours=chance.lognormvariate(0.6, 0.8)) if chance.random() < 0.95 else UNHURRIED
    make_move(case, "submit", by=handler, at=at, given=_outcome(case, handler))
    at += timedelta(hours=chance.uniform(0.3, 12))
    if chance.random() < 0.03:
        make_move(case, "send_back", by=cast.worker, at=at, given={
            "return_type": "half_way", "reason": "现场仍有残留"})
        at += timedelta(hours=chance.uniform(1, 8))
        make_move(case, "submit", by=handler, at=at, given=_outcome(case, handler))
        at += timedelta(hours=1)
    make_move(case, "pass", by=cast.worker, at=at)
    return at


def _handled_again(case: Case, cast: Cast, at: datetime) -> datetime:
    """A second round within the day, by the same team."""
    handler = cast.handlers[case.handler_id]
    steps: tuple[tuple[str, Actor, dict[str, Any]], ...] = (
        ("assign", cast.desk, {"team": str(case.handler_id)}), ("accept", handler, {}),
        ("submit", handler, _outcome(case, handler)), ("pass", cast.worker, {}))
    for code, by, given in steps:
        at += timedelta(hours=1)
        make_move(case, code, by=by, at=at, given=given)
    return at


def _refused(case: Case, chance: random.Random, cast: Cast, handler: Actor,
             at: datetime) -> datetime:
    other = chance.choice([team for team in cast.handlers if team not in handler.teams])
    at += timedelta(minutes=chance.uniform(5, 60))
    make_move(case, "refuse", by=handler, at=at, given={
        "clause": "duty", "team": str(other), "reason": "不属于本单位职责"})
    at += timedelta(minutes=20)
    own = next(iter(handler.teams))
    make_move(case, "assign", by=cast.desk, at=at, given={"team": str(own), "note": "按规则派回"})
    return at


def _outcome(case: Case, handler: Actor) -> dict[str, Any]:
    done = next(done for kind, _, _, done in HAPPENS if kind == case.kind)
    return {"result": "solved", "done": done.format(who=handler.name),
            "for_person": "已处理，谢谢反映", "photo": []}


def _await_check(case: Case, cast: Cast) -> None:
    """Dispatched, accepted and done within the hour; now somebody has to look."""
    at = case.opened_at + timedelta(minutes=10)
    team = _team(case, at)
    handler = cast.handlers[team]
    make_move(case, "assign", by=cast.desk, at=at, given={"team": str(team)})
    make_move(case, "submit", by=handler, at=at + timedelta(minutes=40),
              given=_outcome(case, handler))


def _begin(case: Case, chance: random.Random, cast: Cast, at: datetime) -> None:
    """The first steps of a life that is still going on, as far as ``at`` allows."""
    moments = [case.opened_at + timedelta(minutes=chance.uniform(4, 30))]
    for _ in range(3):
        moments.append(moments[-1] + timedelta(minutes=chance.uniform(10, 240)))
    old = at - case.opened_at > timedelta(hours=4)
    last = chance.choice((2, 3, 3) if old else (0, 0, 0, 1, 1, 2, 3))
    due = [moment for moment in moments[:last] if moment < at]
    team = _team(case, case.opened_at)
    handler = cast.handlers[team]
    steps: list[tuple[str, Actor, dict[str, Any]]] = [
        ("assign", cast.desk, {"team": str(team)}), ("accept", handler, {}),
        chance.choice((
            ("ask_extension", handler, {"reason": "配件待到货"}),
            ("submit", handler, _outcome(case, handler)),
            ("submit", handler, {**_outcome(case, handler), "done": THIN}),
            ("hand_up", cast.desk, {"reason": "超出街道权限"}),
        )),
    ]
    with suppress(Refusal):  # an extension asked for too late is refused, as it would be
        for moment, (code, by, given) in zip(due, steps, strict=False):
            make_move(case, code, by=by, at=moment, given=given)
