"""A grid worker's day: what to check, what to look at again, what falls due, in walking order.

The order begins at the first cell's centre and is worked out here; a phone that knows where it is
works it out anew for itself (walk.js), so that its position never leaves it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from yiwang.algorithms.coordinates import distance_m
from yiwang.algorithms.walk import walking_order
from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import area_names
from yiwang.kernel.cases.queries import visible_cases
from yiwang.kernel.people.rules import Actor
from yiwang.shell.says import distance

from ..rules import PRACTICE, WALK
from .ground import centre_of

CHINA = ZoneInfo("Asia/Shanghai")
MOST_CLOSED = 400  # closed cases looked through for left-overs; a grid closes some 100 a year

CHECK = Words("核查", "Check")
LOOK = Words("再看", "Look again")
DUE = Words("快到时限，看一眼", "Falls due: have a look")


@dataclass(frozen=True, slots=True)
class Visit:
    """A stop: what to do there, and how far it is from the stop before (metres)."""

    id: UUID
    number: str
    todo: Words
    action: str  # check | look | due
    title: str
    address: str
    cell: Words
    spot: tuple[float, float] | None
    due_at: datetime | None
    late: bool
    metres: int = 0

    @property
    def leg(self) -> Words | None:
        """How far it is from the stop before; none where there is nothing to walk."""
        return distance(self.metres) if self.metres else None


@dataclass(frozen=True, slots=True)
class Day:
    """The visits in order, and the length of the walk in metres."""

    visits: tuple[Visit, ...]
    metres: int

    @property
    def length(self) -> Words:
        """The walk as people say it: 640 米, 1.6 公里."""
        return distance(self.metres)

    def count(self, action: str) -> int:
        return sum(visit.action == action for visit in self.visits)


def days_walk(actor: Actor, *, at: datetime) -> Day:
    """What is to be done today in the actor's own cells; five queries."""
    today = at.astimezone(CHINA).date()
    mine = visible_cases(actor, practice=PRACTICE, capability="case.check")
    checks = list(mine.filter(state="checking", is_open=True).order_by("due_at")
                  [: WALK.most_visits])
    due = list(mine.filter(is_open=True, due_at__lte=at + WALK.due_within)
               .exclude(state__in=("checking", "county")).order_by("due_at")[: WALK.most_visits])
    again = _left_over(mine.filter(is_open=False, closed_at__gte=at - WALK.look_back)
                       .order_by("-closed_at")[:MOST_CLOSED], today)
    stops = [*((c, CHECK, "check") for c in checks), *((c, LOOK, "look") for c in again),
             *((c, DUE, "due") for c in due)][: WALK.most_visits]
    return _walked(_visits(stops, on=today))


def _left_over(closed: Iterable[Case], today: date) -> list[Case]:
    """Closed cases whose last opinion names a day to look again, come and not yet looked at."""
    return [case for case in closed if _due_look(case, today)]


def _due_look(case: Case, today: date) -> bool:
    opinions = case.facts.get("opinions") or [{}]
    day = str(opinions[-1].get("look_again") or "")
    looks = case.facts.get("looks") or []
    return bool(day) and day <= today.isoformat() and not any(
        str(look.get("at", "")) >= day for look in looks)


def _visits(stops: Sequence[tuple[Case, Words, str]], *, on: date) -> list[Visit]:
    areas = [case.area for case, _, _ in stops]
    names, centres = area_names(areas), centre_of(areas, on=on)
    return [
        Visit(case.id, case.number, todo, action, case.title, case.address, names[case.area],
              _spot(case) or centres.get(case.area), case.due_at, case.late)
        for case, todo, action in stops
    ]


def _spot(case: Case) -> tuple[float, float] | None:
    if case.longitude is None or case.latitude is None:
        return None
    return case.longitude, case.latitude


def _walked(visits: list[Visit]) -> Day:
    """In walking order; what has no place comes last."""
    placed = [visit for visit in visits if visit.spot]
    spots = [visit.spot for visit in placed if visit.spot]
    ordered: list[Visit] = []
    total = 0.0
    here = None
    for index in walking_order(spots):
        metres = distance_m(here, spots[index]) if here else 0.0
        total += metres
        ordered.append(replace(placed[index], metres=round(metres)))
        here = spots[index]
    return Day((*ordered, *(visit for visit in visits if not visit.spot)), round(total))
