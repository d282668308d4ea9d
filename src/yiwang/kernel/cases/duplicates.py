"""Which open cases may tell of the same matter as a report: few, scored, likeliest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from yiwang.algorithms.coordinates import Point, distance_m
from yiwang.algorithms.duplicates import Traits, common_share, kinship, likelihood
from yiwang.kernel.records.search import tokens

from .models import Case
from .squares import MOST_OF_A_SQUARE, open_around

COLUMNS = ("id", "number", "practice", "kind", "title", "text", "area", "address", "longitude",
           "latitude", "opened_at", "state", "is_open", "clocks", "facts", "merged_into",
           "playbook", "playbook_version", "holder")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far around and back is looked, and what is worth showing."""

    metres: float = 150.0
    back: timedelta = timedelta(days=60)
    least: float = 0.08  # likelihood below which nobody is asked
    likely: float = 0.5  # from here on it is called likely, not possible
    most: int = 3
    source: str = "own choice after docs/decisions/0023-duplicates.md, 2026-11-23"

    def __post_init__(self) -> None:
        if not (0 < self.metres <= 1_000 and 0 < self.least <= self.likely < 1):
            raise ValueError("metres is up to 1,000; least and likely are shares, in that order")


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Matter:
    """A report, sent or not yet. ``point``: degrees WGS-84; ``area`` is asked where it is None."""

    practice: str
    kind: str
    at: datetime
    point: Point | None = None
    area: str = ""
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Alike:
    """An open case and how likely it tells of the same matter; ``metres`` None: not known."""

    case: Case
    metres: float | None
    likelihood: float

    @property
    def is_likely(self) -> bool:
        return self.likelihood >= BOUNDS.likely


def matter_of(case: Case) -> Matter:
    """A case that was reported, as what others are compared with."""
    return Matter(case.practice, case.kind, case.opened_at, point_of(case), case.area,
                  words_of(case.text))


def duplicates_of(case: Case) -> list[Alike]:
    """What to lay beside the case; without what somebody has told apart from it."""
    apart = {*told_apart(case), str(case.id)}
    others = [other for other in around(matter_of(case))
              if str(other.id) not in apart and str(case.id) not in told_apart(other)]
    return likeliest(matter_of(case), others)


def told_apart(case: Case) -> list[str]:
    """Ids of cases that somebody found to be other matters than this one."""
    return list(case.facts.get("told_apart", []))


def around(matter: Matter) -> list[Case]:
    """Open cases of the practice, close in place and time; bounded however many there are."""
    since = matter.at - BOUNDS.back
    if matter.point is not None:
        found = Case.objects.filter(
            id__in=open_around(matter.point, BOUNDS.metres, since=since))
    else:  # the newest of the area, open or not: a bound that an index keeps
        found = Case.objects.filter(
            area=matter.area, opened_at__gte=since).order_by("-opened_at")[:MOST_OF_A_SQUARE]
    return [case for case in found.only(*COLUMNS)
            if case.is_open and case.practice == matter.practice]


def likeliest(matter: Matter, cases: Iterable[Case]) -> list[Alike]:
    """The cases worth asking about, likeliest first; of equals the older."""
    found = [compared(matter, case) for case in cases]
    worth = [alike for alike in found if alike.likelihood >= BOUNDS.least
             and (alike.metres is None or alike.metres <= BOUNDS.metres)]
    worth.sort(key=lambda alike: (-alike.likelihood, alike.case.opened_at, alike.case.id))
    return worth[:BOUNDS.most]


def compared(matter: Matter, case: Case, *, spot: Point | None = None) -> Alike:
    """The two laid side by side; ``spot`` stands for the case's own point where that is coarse."""
    there = spot or point_of(case)
    metres = distance_m(matter.point, there) if matter.point and there else None
    hours = (matter.at - case.opened_at).total_seconds() / 3600
    words = common_share(matter.words, words_of(case.text)) if matter.words else None
    traits = Traits(metres, hours, kinship(matter.kind, case.kind), words)
    return Alike(case, metres, likelihood(traits))


def point_of(case: Case) -> Point | None:
    """Degrees WGS-84, or None."""
    if case.longitude is None or case.latitude is None:
        return None
    return case.longitude, case.latitude


def words_of(text: str) -> frozenset[str]:
    """Pairs of 汉字 and Latin words, as the search reads them."""
    return frozenset(tokens(text))
