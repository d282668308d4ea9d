"""Is this that one? Open cases close by, told as the public map tells them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.duplicates import BOUNDS, Alike, Matter, around, compared
from yiwang.kernel.cases.names import area_names, kind_words
from yiwang.kernel.cases.playbook_store import load
from yiwang.shell.says import distance, lasting

from ..rules import PRACTICE, is_sensitive
from .public_cases import spot_of


@dataclass(frozen=True, slots=True)
class Similar:
    """What anybody may know of a case nearby: kind, cell, state, since when, roughly how far."""

    id: UUID
    kind: Words
    cell: Words
    state: Words
    ago: Words
    opened_at: datetime
    metres: int
    is_likely: bool

    @property
    def far(self) -> Words:
        """How far away, as people say it; the point it is counted to is the public map's."""
        return distance(self.metres)


def similar_cases(kind: str, lon: float, lat: float, *, at: datetime) -> list[Similar]:
    """The likeliest first; none that may tell of a household.

    Neither words nor the exact point of a case take part: what is shown and in which order would
    tell a patient asker of them.
    """
    if is_sensitive(kind):
        return []
    matter = Matter(PRACTICE, kind, at, (lon, lat))
    told = [case for case in around(matter)
            if not is_sensitive(case.kind) and case.opened_at <= at]
    found = [compared(matter, case, spot=spot_of(case)) for case in told]
    worth = sorted((alike for alike in found if alike.likelihood >= BOUNDS.least),
                   key=lambda alike: (-alike.likelihood, alike.case.opened_at, alike.case.id))
    shown = worth[: BOUNDS.most]
    names = area_names([alike.case.area for alike in shown]) if shown else {}
    return [_similar(alike, names[alike.case.area], at) for alike in shown]


def _similar(alike: Alike, cell: Words, at: datetime) -> Similar:
    case = alike.case
    state = load(case.playbook, case.playbook_version).state(case.state).label
    ago = Words("{time}前", "{time} ago").filled(
        time=lasting((at - case.opened_at).total_seconds() / 60))
    return Similar(case.id, kind_words(case.kind), cell, state, ago, case.opened_at,
                   round(alike.metres or 0), alike.is_likely)
