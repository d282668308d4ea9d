"""Public cases as service requests: never whose, never what words, never the exact spot.

A key with ``open311.read`` reads the fuller answer of its own area (``fuller.py``).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate, localtime

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import area_names, kind_words, team_words
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.people.queries import within
from yiwang.practices.events.importing.open311 import OPEN311
from yiwang.practices.events.kinds import service_code_of
from yiwang.practices.events.models import ImportSource
from yiwang.practices.events.queries.ground import centre_of
from yiwang.practices.events.queries.public_cases import is_vague, shown_area, spot_of
from yiwang.practices.events.rules import PRACTICE

from .box import Box, inside, near
from .fuller import Fuller

MOST = 1000  # requests of one answer; GeoReport v2
SPAN = timedelta(days=90)  # of one question; GeoReport v2


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question: by ids alone, or by moments, kinds, status, states and a box.

    ``since`` and ``until`` are of the opening, or of the last change where ``changed`` says so.
    """

    since: datetime
    until: datetime
    numbers: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    open_: bool | None = None
    states: tuple[str, ...] = ()
    unit: str = ""
    box: Box | None = None
    changed: bool = False
    opened: tuple[datetime | None, datetime | None] = (None, None)
    page: int = 1
    size: int = MOST
    extended: bool = False


def requests_for(wanted: Wanted, fuller: Fuller | None = None) -> list[dict[str, Any]]:
    """The newest requests that answer the question, as the standard writes them."""
    first = 0 if wanted.numbers else (wanted.page - 1) * wanted.size
    order = ("-changed_at", "-id") if wanted.changed else ("-opened_at", "-id")
    cases = _cases(wanted).select_related("handler", "merged_into").order_by(*order)
    if wanted.box is None or wanted.numbers:
        return told(cases[first : first + wanted.size], fuller, extended=wanted.extended)
    found = _in_box(near(cases, wanted.box), wanted.box, fuller)
    return told(list(islice(found, first, first + wanted.size)), fuller, extended=wanted.extended)


def _in_box(cases: QuerySet[Case], box: Box, fuller: Fuller | None) -> Iterator[Case]:
    """By the spot that is told, so that a box tells no more than the answer does."""
    for case in cases.iterator(chunk_size=500):
        spot = _own_spot(case, fuller)
        if spot and inside(spot, box):
            yield case


def _own_spot(case: Case, fuller: Fuller | None) -> tuple[float, float] | None:
    if is_vague(case) or case.longitude is None or case.latitude is None:
        return None
    return (case.longitude, case.latitude) if fuller and fuller.holds(case) else spot_of(case)


def _cases(wanted: Wanted) -> QuerySet[Case]:
    if wanted.numbers:
        return _called(wanted.numbers)
    moment = "changed_at" if wanted.changed else "opened_at"
    cases = Case.objects.filter(
        practice=PRACTICE, **{f"{moment}__gte": wanted.since, f"{moment}__lte": wanted.until})
    since, until = wanted.opened
    cases = cases.filter(opened_at__gte=since) if since else cases
    cases = cases.filter(opened_at__lte=until) if until else cases
    return _narrowed(cases, wanted)


def _narrowed(cases: QuerySet[Case], wanted: Wanted) -> QuerySet[Case]:
    if wanted.unit:
        cases = cases.filter(within(wanted.unit, "area"))
    if wanted.kinds:
        cases = cases.filter(kind__in=wanted.kinds)
    if wanted.states:
        cases = cases.filter(state__in=wanted.states)
    return cases if wanted.open_ is None else cases.filter(is_open=wanted.open_)


def case_called(number: str) -> Case | None:
    """The case of an id, ours or its own system's; ours first."""
    cases = list(_called((number,)))
    return next((case for case in cases if case.number == number), cases[0] if cases else None)


def _called(numbers: Sequence[str]) -> QuerySet[Case]:
    foreign = [f"{source}/{number}" for source in sources() for number in numbers]
    return Case.objects.filter(Q(number__in=numbers) | Q(external_id__in=foreign),
                               practice=PRACTICE)


def sources() -> list[str]:
    """Codes of the systems whose requests came in through Open311; a handful."""
    return [source.code for source in ImportSource.objects.order_by("code")
            if source.mapping == OPEN311]


def id_of(case: Case, foreign: Sequence[str]) -> str:
    """The id it is known by: its own system's, where it came from another endpoint."""
    source, slash, number = (case.external_id or "").partition("/")
    return number if slash and source in foreign else case.number


def told(
    cases: Sequence[Case] | QuerySet[Case], fuller: Fuller | None = None, *,
    extended: bool = False,
) -> list[dict[str, Any]]:
    """Each case as the asker may know it; a fixed number of queries however many."""
    cases = list(cases)
    areas = {case.id: shown_area(case) for case in cases}
    names, foreign = area_names(areas.values()), sources()
    vague = [areas[case.id] for case in cases if is_vague(case)]
    centres = centre_of(vague, on=localdate()) if vague else {}
    rows = []
    for case in cases:
        spot = centres.get(areas[case.id]) if is_vague(case) else _own_spot(case, fuller)
        row = _request(case, id_of(case, foreign), names[areas[case.id]], spot)
        if fuller and fuller.holds(case):
            row |= fuller.words_of(case)
        rows.append(row | _extended(case) if extended else row)
    return rows


def _extended(case: Case) -> dict[str, Any]:
    """What the standard has no field for; asked for with ``extensions=true``."""
    state = load(case.playbook, case.playbook_version).state(case.state)
    return {"extended_attributes": {
        "case_number": case.number, "state": case.state, "state_name": state.label,
        "closed_datetime": moment_text(case.closed_at), "channel": case.channel}}


def _request(
    case: Case, id_: str, area: Words, spot: tuple[float, float] | None
) -> dict[str, Any]:
    notes = load(case.playbook, case.playbook_version).state(case.state).label
    if case.merged_into is not None:
        notes = Words("已并入 {number}", "joined with {number}").filled(
            number=case.merged_into.number)
    return {
        "service_request_id": id_, "status": "open" if case.is_open else "closed",
        "status_notes": notes, "service_name": kind_words(case.kind),
        "service_code": service_code_of(case.kind), "description": None,
        "agency_responsible": team_words(case.handler) if case.handler else None,
        "service_notice": None, "requested_datetime": moment_text(case.opened_at),
        "updated_datetime": moment_text(case.changed_at or case.closed_at or case.opened_at),
        "expected_datetime": moment_text(_handled_by(case)), "address": area, "address_id": None,
        "zipcode": None, "lat": spot[1] if spot else None, "long": spot[0] if spot else None,
        "media_url": None, "state": case.state,
    }


def _handled_by(case: Case) -> datetime | None:
    due = (case.clocks.get("handle") or {}).get("due_at")
    return datetime.fromisoformat(due) if due and case.is_open else None


def moment_text(at: datetime | None) -> str | None:
    """A moment with its zone, to the second."""
    return localtime(at).isoformat(timespec="seconds") if at else None
