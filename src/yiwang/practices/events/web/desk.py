"""The desk: one queue as list and map, with the case beside it."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    JsonResponse,
)
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.names import CHANNELS, VILLAGE, kind_names, team_words, unit_names
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.queries import within
from yiwang.kernel.people.rules import Actor, can_somewhere
from yiwang.kernel.places.models import CellShape, Unit
from yiwang.practices.events.queries import desk as queries
from yiwang.practices.events.queries.desk import COUNT_TO, MOST_ON_MAP, TABS, Question, Tab
from yiwang.shell.doors import Asked, door

from . import filters
from .desk_filters import kept_filters
from .desk_points import Spot, point_of
from .desk_rows import lines_of, rows_of

MOST_UNITS = 300  # offered in the area filter
MOST_TEAMS = 300  # offered in the team filter
URGENT = timedelta(minutes=30)  # said in the heading
OUTLINES = 400  # village outlines on the map


@dataclass(frozen=True, slots=True)
class Counted:
    """A tab with its count; ``words`` says 99+ where counting stopped."""

    tab: Tab
    words: str
    url: str
    here: bool


@never_cache
@door("case.view")
def desk(request: Asked) -> HttpResponseBase:
    """The page; with ``part=list`` the list alone, answered 304 when nothing changed."""
    at = now()
    asked = filters.question_from(request.GET, first_tab=first_tab(request.actor))
    context = list_context(request, asked.question, at=at)
    if request.GET.get("part") == "list":
        return _part(request, context)
    context |= {"wrong": asked.wrong, **choices(request.actor),
                "question_fields": parse_qsl(context["address"]),
                "saved": kept_filters(request),
                "basemap": settings_basemap()}
    return render(request, "events/desk/desk.html", context)


def list_context(request: Asked, question: Question, *, at: datetime) -> dict[str, Any]:
    """What the list shows: rows, counts, the address of the next page; five queries."""
    actor = request.actor
    after = filters.mark_from(request.GET)
    ids = queries.found(question.words) if question.words else None
    cases, more = queries.page_of(question, actor, at=at, after=after, ids=ids)
    rows = rows_of(cases, units=unit_names(case.area for case in cases), at=at,
                   calendar=calendar_now())
    tabs = counted_tabs(question, actor, at=at, ids=ids)
    last = filters.mark_text(queries.mark_of(cases[-1], question)) if more else ""
    bulk = may_bulk(actor)
    here = {"after": request.GET.get("after", "")[:80], "part": "list"}
    return {
        "rows": rows, "lines": lines_of(rows, tab=question.tab, may_bulk=bulk, at=at),
        "tabs": tabs, "question": question, "at": at,
        "here": next(tab for tab in tabs if tab.here),
        "narrowed": filters.is_narrowed(question), "address": filters.address_of(question),
        "first_url": f"?{filters.address_of(question)}" if after else "",
        "next_url": f"?{filters.address_of(question, after=last)}" if more else "",
        "list_url": f"?{filters.address_of(question, **here)}",
        "may_bulk": bulk,
        "urgent": sum(row.lamp == "bad" and row.due_within(at, URGENT) for row in rows),
    }


def first_tab(actor: Actor) -> str:
    """Where somebody begins: the dispatcher with what is to dispatch, an office with its own."""
    if can_somewhere(actor, "case.triage"):
        return "dispatch"
    if can_somewhere(actor, "case.handle"):
        return "mine"
    return "asking" if can_somewhere(actor, "case.review") else "open"


def tabs_for(actor: Actor) -> list[Tab]:
    """The tabs that mean something to this person."""
    hidden = set() if actor.teams else {"mine"}
    if not can_somewhere(actor, "case.triage"):
        hidden |= {"dispatch", "returned"}
    if not (can_somewhere(actor, "case.review") or can_somewhere(actor, "case.triage")):
        hidden.add("asking")
    return [tab for tab in TABS if tab.code not in hidden]


def counted_tabs(
    question: Question, actor: Actor, *, at: datetime, ids: list[UUID] | None = None
) -> list[Counted]:
    """Tabs with their counts under the same filters; closed cases are not counted."""
    tabs = tabs_for(actor)
    if question.tab not in {tab.code for tab in tabs}:
        tabs.append(queries.TAB_BY_CODE[question.tab])
    codes = [tab.code for tab in tabs if tab.code != "closed"]
    counts = queries.tab_counts(question, actor, codes, at=at, ids=ids)
    return [Counted(tab, _count_words(counts.get(tab.code)), f"?{_tab_address(question, tab)}",
                    tab.code == question.tab) for tab in tabs]


def _tab_address(question: Question, tab: Tab) -> str:
    return filters.address_of(replace(question, tab=tab.code))


def _count_words(count: int | None) -> str:
    if count is None:
        return ""
    return f"{COUNT_TO - 1}+" if count >= COUNT_TO else str(count)


def _part(request: HttpRequest, context: dict[str, Any]) -> HttpResponseBase:
    """The list as a fragment with an ETag over what it shows, so that a poll costs little."""
    answer = render(request, "events/desk/list.html", context)
    tag = '"' + hashlib.sha256(answer.content).hexdigest()[:32] + '"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    answer["ETag"] = tag
    return answer


def choices(actor: Actor) -> dict[str, Any]:
    """What the filters offer: kinds, areas and teams of the actor's scope; two queries."""
    areas = sorted({grant.area for grant in actor.grants if "case.view" in grant.capabilities})
    reach = _any_of([within(area, "code") for area in areas])
    belongs = _any_of([within(area[:6], "unit_code") for area in areas])
    units = Unit.objects.filter(reach).order_by("code")[:MOST_UNITS] if areas else []
    teams = Team.objects.filter(belongs, until__isnull=True).order_by("unit_code", "code")
    return {
        "kinds": [(code, words) for code, words in kind_names().items() if "." in code],
        "units": [(unit.code, Words(unit.name, unit.name_en or unit.name)) for unit in units],
        "teams": [(team.id, team_words(team)) for team in teams[:MOST_TEAMS]] if areas else [],
        "tracks": list(filters.track_choices().items()),
        "states": list(filters.STATES.items()), "channels": list(CHANNELS.items()),
    }


def _any_of(parts: list[Q]) -> Q:
    whole = Q(pk__in=())
    for part in parts:
        whole |= part
    return whole


def may_bulk(actor: Actor) -> bool:
    """Whether this person may do something to many cases at once."""
    return can_somewhere(actor, "case.triage")


def settings_basemap() -> str:
    """The tile address of the instance; empty draws the town's own layers only."""
    return str(getattr(settings, "BASEMAP", "") or "")


@never_cache
@door("case.view")
def desk_map(request: Asked) -> HttpResponse:
    """The same question as points: the rows the list would show, page after page, to a bound."""
    at = now()
    asked = filters.question_from(request.GET, first_tab=first_tab(request.actor))
    found, more = queries.spots_of(asked.question, request.actor, Spot._fields, at=at)
    calendar = calendar_now()
    points = [point_of(Spot(*row), at=at, calendar=calendar) for row in found]
    placed = [point for point in points if point["lon"] is not None]
    return JsonResponse({"points": placed, "rows": [point["id"] for point in points],
                         "unplaced": len(points) - len(placed), "more": more,
                         "bound": MOST_ON_MAP})


@door("case.view")
def desk_cells(request: Asked) -> HttpResponse:
    """Outlines of the villages in the reader's scope, for the map's ground."""
    areas = [grant.area for grant in request.actor.grants if "case.view" in grant.capabilities]
    shapes = CellShape.objects.filter(
        _any_of([within(area, "cell") for area in areas]), until__isnull=True,
        cell__code__regex=f"^[0-9]{{{VILLAGE}}}$",
    )[:OUTLINES]
    names = unit_names(shape.cell_id for shape in shapes)
    features = [
        {"type": "Feature", "geometry": shape.geometry,
         "properties": {"id": shape.cell_id, "name": str(names.get(shape.cell_id, "")),
                        "illustrative": shape.illustrative}}
        for shape in shapes
    ]
    answer = JsonResponse({"type": "FeatureCollection", "features": features})
    answer["Cache-Control"] = "private, max-age=300"
    return answer
