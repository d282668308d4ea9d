"""What a form suggests: cases near this one, teams that lately had cases of its kind."""

from collections import Counter
from math import cos, hypot, radians

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.people.scopes import next_prefix

METRES = 111_320.0  # a degree of latitude
VILLAGE = 12
LOOKED_AT = 60  # open cases of the village that are compared
OFFERED = 8
RECENT = 40  # cases of the kind that are looked at for their teams
RECENT_TEAMS = 5


def cases_near(case: Case) -> list[tuple[str, str]]:
    """(number, title) of open cases of the same village, nearest and most alike first."""
    village = case.area[:VILLAGE]
    found = Case.objects.filter(is_open=True, practice=case.practice, area__gte=village,
                                merged_into__isnull=True).exclude(id=case.id)
    if end := next_prefix(village):
        found = found.filter(area__lt=end)
    rows = found.order_by("area", "due_at").only(
        "number", "title", "kind", "longitude", "latitude")[:LOOKED_AT]
    near = sorted(rows, key=lambda other: (other.kind != case.kind, metres_between(case, other)))
    return [(other.number, other.title) for other in near[:OFFERED]]


def metres_between(one: Case, two: Case) -> float:
    """Metres on the ground between two cases; far where either has no point."""
    if None in (one.longitude, one.latitude, two.longitude, two.latitude):
        return float("inf")
    west = (one.longitude or 0) - (two.longitude or 0)
    north = (one.latitude or 0) - (two.latitude or 0)
    return hypot(west * METRES * cos(radians(one.latitude or 0)), north * METRES)


def recent_teams(case: Case) -> tuple[Words, ...]:
    """Names of the other teams that lately had this kind of case, most often first."""
    rows = (Case.objects.filter(kind=case.kind, handler__isnull=False,
                                handler__until__isnull=True)
            .exclude(handler=case.handler_id)
            .order_by("-opened_at")
            .values_list("handler__name", "handler__name_en")[:RECENT])
    often = Counter(Words(name, name_en or name) for name, name_en in rows)
    return tuple(name for name, _ in often.most_common(RECENT_TEAMS))
