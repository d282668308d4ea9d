"""Public cases as service requests: never whose, never what words, never the exact spot."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.timezone import localdate, localtime

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case, Hold
from yiwang.kernel.cases.names import area_names, kind_words, team_words
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.people.queries import within
from yiwang.practices.events.queries.ground import centre_of
from yiwang.practices.events.queries.public_cases import is_vague, shown_area, spot_of
from yiwang.practices.events.rules import PRACTICE

from .services import code_of

MOST = 1000  # requests of one answer; GeoReport v2
SPAN = timedelta(days=90)  # of one question; GeoReport v2


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question: by ids alone, or by days, kinds, status and a box (west, south, east, north)."""

    since: datetime
    until: datetime
    numbers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    open_: bool | None = None
    unit: str = ""
    box: tuple[float, float, float, float] | None = None
    page: int = 1
    size: int = MOST


def requests_for(wanted: Wanted) -> list[dict[str, Any]]:
    """The newest requests that answer the question, as the standard writes them."""
    first = (wanted.page - 1) * wanted.size
    cases = list(_cases(wanted).select_related("handler", "merged_into")
                 .order_by("-opened_at", "-id")[first : first + wanted.size])
    rows = told(cases)
    return [row for row in rows if _inside(row, wanted.box)] if wanted.box else rows


def _cases(wanted: Wanted) -> QuerySet[Case]:
    cases = Case.objects.filter(practice=PRACTICE)
    if wanted.numbers:
        return cases.filter(number__in=wanted.numbers)
    cases = cases.filter(opened_at__gte=wanted.since, opened_at__lte=wanted.until)
    if wanted.unit:
        cases = cases.filter(within(wanted.unit, "area"))
    if wanted.kinds:
        cases = cases.filter(kind__in=wanted.kinds)
    return cases if wanted.open_ is None else cases.filter(is_open=wanted.open_)


def told(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Each case as anybody may know it; four queries however many."""
    areas = {case.id: shown_area(case) for case in cases}
    names = area_names(areas.values())
    vague = [areas[case.id] for case in cases if is_vague(case)]
    centres = centre_of(vague, on=localdate()) if vague else {}
    moved = dict(Hold.objects.filter(case__in=cases).values_list("case")
                 .annotate(last=Max("since")).values_list("case", "last"))
    return [_request(case, names[areas[case.id]], moved.get(case.id),
                     centres.get(areas[case.id]) if is_vague(case) else spot_of(case))
            for case in cases]


def _request(
    case: Case, area: Words, moved: datetime | None, spot: tuple[float, float] | None
) -> dict[str, Any]:
    state = load(case.playbook, case.playbook_version).state(case.state)
    notes = state.label
    if case.merged_into is not None:
        notes = Words("已并入 {number}", "joined with {number}").filled(
            number=case.merged_into.number)
    return {
        "service_request_id": case.number, "status": "open" if case.is_open else "closed",
        "status_notes": notes, "service_name": kind_words(case.kind),
        "service_code": code_of(case.kind), "description": None,
        "agency_responsible": team_words(case.handler) if case.handler else None,
        "service_notice": None, "requested_datetime": _moment(case.opened_at),
        "updated_datetime": _moment(case.closed_at or moved or case.opened_at),
        "expected_datetime": _moment(_handled_by(case)), "address": area, "address_id": None,
        "zipcode": None, "lat": spot[1] if spot else None, "long": spot[0] if spot else None,
        "media_url": None, "state": case.state,
    }


def _handled_by(case: Case) -> datetime | None:
    due = (case.clocks.get("handle") or {}).get("due_at")
    return datetime.fromisoformat(due) if due and case.is_open else None


def _moment(at: datetime | None) -> str | None:
    return localtime(at).isoformat(timespec="seconds") if at else None


def _inside(row: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    """By the spot that is told, so that a box tells no more than the answer does."""
    if row["lat"] is None:
        return False
    west, south, east, north = box
    return bool(west <= row["long"] <= east and south <= row["lat"] <= north)
