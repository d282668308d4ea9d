"""Open cases as anybody may know them: kind, cell, state, since when; never whose or what words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import VILLAGE, area_names, kind_words
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.people.queries import within
from yiwang.kernel.places.models import CellShape
from yiwang.shell.web.case_times import case_lamp

from ..rules import PRACTICE, PUBLIC_MAP, coarse, is_sensitive
from .ground import centre_of

Stamp = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class PublicCase:
    """One line of the public list and one mark on the map; ``spot`` is coarse or None."""

    key: str
    kind: Words
    cell: Words
    state: Words
    lamp: str
    since: datetime
    spot: tuple[float, float] | None


def public_cases(town: str, *, at: datetime) -> list[PublicCase]:
    """The newest open cases of the town; list and map are made of the same rows."""
    cases = list(
        Case.objects.filter(within(town, "area"), practice=PRACTICE, is_open=True)
        .order_by("-opened_at", "-id")
        .only("id", "kind", "area", "state", "longitude", "latitude", "opened_at",
              "clocks", "is_open", "playbook", "playbook_version")[: PUBLIC_MAP.most_cases]
    )
    areas = {case.id: shown_area(case) for case in cases}
    names = area_names(areas.values())
    vague = [areas[case.id] for case in cases if is_vague(case)]
    centres = centre_of(vague, on=localdate(at)) if vague else {}
    calendar = calendar_now()
    return [
        PublicCase(
            str(place), kind_words(case.kind),
            names[areas[case.id]], load(case.playbook, case.playbook_version).state(
                case.state).label, case_lamp(case, at=at, calendar=calendar),
            case.opened_at,
            centres.get(areas[case.id]) if is_vague(case) else spot_of(case),
        )
        for place, case in enumerate(cases, start=1)
    ]


def stamp_of(at: datetime) -> Stamp:
    """Another one once a case was opened or took a step, a boundary came, or a minute passed.

    What an import writes about older steps is seen with the next minute.
    """
    newest = Case.objects.order_by("-id").values_list("id", flat=True)
    changed = Case.objects.filter(changed_at__isnull=False).order_by("-changed_at", "-id")
    shaped = CellShape.objects.order_by("-id").values_list("id", flat=True)
    return (newest.first(), changed.values_list("changed_at", "id").first(), shaped.first(),
            at.replace(second=0, microsecond=0))


def is_vague(case: Case) -> bool:
    """Whether only its village may be told: no point, or a kind that points to a household."""
    return is_sensitive(case.kind) or case.longitude is None or case.latitude is None


def shown_area(case: Case) -> str:
    """The cell, or only the village where the kind is sensitive."""
    return case.area[:VILLAGE] if is_sensitive(case.kind) else case.area


def spot_of(case: Case) -> tuple[float, float] | None:
    """The middle of the 50-metre square it lies in."""
    if case.longitude is None or case.latitude is None:
        return None
    return coarse(case.longitude, case.latitude)
