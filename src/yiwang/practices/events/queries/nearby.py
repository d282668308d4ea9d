"""Is this that one? Open cases of one kind, close by, of the last days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from yiwang.algorithms.coordinates import distance_m, metres_per_degree
from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import area_names, kind_words
from yiwang.shell.says import distance

from ..rules import PRACTICE, REPORT, is_sensitive

MOST_HINTS = 3


@dataclass(frozen=True, slots=True)
class Similar:
    """What anybody may know of a case nearby: its kind, its cell, since when, how far."""

    id: UUID
    number: str
    kind: Words
    cell: Words
    opened_at: datetime
    metres: int

    @property
    def far(self) -> Words:
        """How far away, as people say it."""
        return distance(self.metres)


def similar_cases(kind: str, lon: float, lat: float, *, at: datetime) -> list[Similar]:
    """The nearest first, within ``REPORT.near_metres``; none that may tell of a household."""
    if is_sensitive(kind):
        return []
    east, north = metres_per_degree(lat)
    wide, high = REPORT.near_metres / east, REPORT.near_metres / north
    cases = Case.objects.filter(
        practice=PRACTICE, is_open=True, kind=kind,
        opened_at__gte=at - timedelta(days=REPORT.near_days),
        longitude__range=(lon - wide, lon + wide), latitude__range=(lat - high, lat + high),
    ).only("id", "number", "kind", "area", "opened_at", "longitude", "latitude")[:50]
    near = sorted(((distance_m((lon, lat), (c.longitude or 0, c.latitude or 0)), c.id, c)
                   for c in cases), key=lambda found: found[:2])
    close = [(m, c) for m, _, c in near if m <= REPORT.near_metres][:MOST_HINTS]
    names = area_names([c.area for _, c in close])
    return [
        Similar(c.id, c.number, kind_words(c.kind), names[c.area],
                c.opened_at, round(m)) for m, c in close
    ]
