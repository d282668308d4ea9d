"""Public cases as features: never whose, never what words, never the exact spot.

What only its village may be told of has no geometry, so no box finds it.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.practices.events.api.open311.box import near
from yiwang.practices.events.api.open311.reading import case_called, told
from yiwang.practices.events.queries.public_cases import is_vague, spot_of
from yiwang.practices.events.rules import PRACTICE

from .collections import Box, Collection, Feature, Page, Wanted, feature, overlaps, point

NAMES = ("status", "state", "status_notes", "service_code", "service_name", "agency_responsible",
         "requested_datetime", "updated_datetime", "expected_datetime", "address")
WHOLE = 180.0


def _page(wanted: Wanted) -> Page:
    """The newest first."""
    cases = Case.objects.filter(practice=PRACTICE).order_by("-opened_at", "-id")
    if wanted.span is not None:
        since, until = wanted.span
        cases = cases.filter(opened_at__gte=since) if since else cases
        cases = cases.filter(opened_at__lte=until) if until else cases
    if wanted.after:
        cases = _after(cases, wanted.after)
    cases = cases.select_related("handler", "merged_into")
    rows = _boxed(cases, wanted.box) if wanted.box else cases[: wanted.limit + 1]
    found = list(islice(rows, wanted.limit + 1))
    shown = found[: wanted.limit]
    last = f"{shown[-1].opened_at.isoformat()}~{shown[-1].id}" if len(found) > len(shown) else ""
    return Page(_told(shown), last)


def _after(cases: QuerySet[Case], after: str) -> QuerySet[Case]:
    moment, _, number = after.partition("~")
    at, last = datetime.fromisoformat(moment), UUID(number)
    return cases.filter(opened_at__lte=at).exclude(opened_at=at, id__gte=last)


def _boxed(cases: QuerySet[Case], box: Box) -> Iterator[Case]:
    """By the square that is told."""
    west, south, east, north = box
    asked = box if west <= east else (-WHOLE, south, WHOLE, north)
    for case in near(cases, asked).iterator(500):
        spot = None if is_vague(case) else spot_of(case)
        if spot and overlaps(box, *spot):
            yield case


def _told(cases: list[Case]) -> list[Feature]:
    return [feature(row["service_request_id"],
                    None if is_vague(case) else point(row["long"], row["lat"]),
                    {name: row[name] for name in NAMES})
            for case, row in zip(cases, told(cases), strict=True)]


def _one(number: str) -> Feature | None:
    case = case_called(number)
    return _told([case])[0] if case else None


CASES = Collection(
    "cases", Words("公开事件", "Public cases"),
    Words("事件的类别、网格、状态和时间；位置只到约 50 米的方格，没有文字和人",
          "Kind, cell, state and time of cases; places to squares of some 50 metres, no words and "
          "no people"), _page, _one)
