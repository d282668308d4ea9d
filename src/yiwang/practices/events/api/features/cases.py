"""Public cases as features: never whose, never what words, never the exact spot."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.practices.events.api.open311.reading import told
from yiwang.practices.events.rules import PRACTICE, PUBLIC_MAP

from .collections import Box, Collection, Feature, Page, Wanted, feature, overlaps, point

NAMES = ("status", "state", "status_notes", "service_code", "service_name", "agency_responsible",
         "requested_datetime", "updated_datetime", "expected_datetime", "address")
GRAIN = PUBLIC_MAP.grain_metres / 70_000  # degrees, more than a square is wide anywhere in China


def _page(wanted: Wanted) -> Page:
    """The newest first. A box keeps what is told to lie in it, so a page may hold fewer."""
    cases = Case.objects.filter(practice=PRACTICE).order_by("-opened_at", "-id")
    if wanted.span is not None:
        since, until = wanted.span
        cases = cases.filter(opened_at__gte=since) if since else cases
        cases = cases.filter(opened_at__lte=until) if until else cases
    if wanted.after:
        cases = _after(cases, wanted.after)
    if wanted.box is not None:
        cases = cases.filter(_near(wanted.box))
    found = list(cases.select_related("handler", "merged_into")[: wanted.limit + 1])
    shown = found[: wanted.limit]
    features = _told(shown)
    if wanted.box is not None:
        features = [each for each in features if _within(wanted.box, each)]
    last = f"{shown[-1].opened_at.isoformat()}~{shown[-1].id}" if len(found) > len(shown) else ""
    return Page(features, last)


def _after(cases: QuerySet[Case], after: str) -> QuerySet[Case]:
    moment, _, number = after.partition("~")
    at, last = datetime.fromisoformat(moment), UUID(number)
    return cases.filter(opened_at__lte=at).exclude(opened_at=at, id__gte=last)


def _near(box: Box) -> Q:
    """By the exact spot, a square wider all round; and what has no exact spot to be told."""
    west, south, east, north = box
    tall = Q(latitude__gte=south - GRAIN, latitude__lte=north + GRAIN)
    from_west, to_east = Q(longitude__gte=west - GRAIN), Q(longitude__lte=east + GRAIN)
    wide = from_west & to_east if west <= east else from_west | to_east
    return (tall & wide) | Q(longitude=None)


def _within(box: Box, told_: Feature) -> bool:
    at = told_["geometry"]
    return at is not None and overlaps(box, *at["coordinates"])


def _told(cases: list[Case]) -> list[Feature]:
    return [feature(row["service_request_id"], point(row["long"], row["lat"]),
                    {name: row[name] for name in NAMES}) for row in told(cases)]


def _one(number: str) -> Feature | None:
    cases = Case.objects.filter(practice=PRACTICE, number=number)
    return next(iter(_told(list(cases.select_related("handler", "merged_into")))), None)


CASES = Collection(
    "cases", Words("公开事件", "Public cases"),
    Words("事件的类别、网格、状态和时间；位置只到约 50 米的方格，没有文字和人",
          "Kind, cell, state and time of cases; places to squares of some 50 metres, no words and "
          "no people"), _page, _one)
