"""The public map of open cases, and the outlines of villages that residents tap on."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from yiwang.algorithms.words import Language, reading_language
from yiwang.shell.doors import public
from yiwang.shell.replica import may_lag

from ..queries.ground import home_town, outlines, unit_name
from ..queries.public_cases import Stamp, public_cases, stamp_of
from ..rules import PUBLIC_MAP

HOUR, MINUTE = 3600, 60  # seconds


@dataclass(frozen=True, slots=True)
class Drawn:
    """The list, the points and the ground as they stand in the page."""

    list: SafeString
    made_up: bool


_drawn: dict[tuple[str, Language], tuple[Stamp, Drawn]] = {}


@public("open cases without personal data: kind, cell, state and day, points moved to squares")
@require_safe
@cache_control(public=False, private=True, max_age=MINUTE)
@may_lag
def page(request: HttpRequest) -> HttpResponse:
    """Map and list of the same cases."""
    town = home_town()
    return render(request, "events/public/map.html", {
        "town_name": unit_name(town), "grain": round(PUBLIC_MAP.grain_metres),
        "drawn": drawn(town, at=timezone.now())})


def drawn(town: str, *, at: datetime) -> Drawn:
    """The same for every reader of a language until a case changes; lamps go on each minute."""
    key, stamp = (town, reading_language()), stamp_of(at)
    kept = _drawn.get(key)
    if kept is None or kept[0] != stamp:
        kept = _drawn[key] = stamp, _draw(town, at)
    return kept[1]


def forget_drawn() -> None:
    """Let the next reader's page be drawn anew."""
    _drawn.clear()


def _draw(town: str, at: datetime) -> Drawn:
    cases = public_cases(town, at=at)
    points = [
        {"id": case.key, "lon": case.spot[0], "lat": case.spot[1], "lamp": case.lamp,
         "title": f"{case.kind} · {case.state}"}
        for case in cases if case.spot
    ]
    features = outlines(town, on=timezone.localdate(at))
    told = render_to_string("events/public/map_list.html", {
        "cases": cases, "points": points, "full": len(cases) == PUBLIC_MAP.most_cases,
        "cells": {"type": "FeatureCollection", "features": features}})
    return Drawn(told, any(feature["properties"]["illustrative"] for feature in features))


@public("outlines of villages, which are public")
@require_safe
@cache_control(private=True, max_age=HOUR)
@may_lag
def ground(request: HttpRequest) -> JsonResponse:
    """The town's villages as GeoJSON, in the reader's language."""
    features = outlines(home_town(), on=timezone.localdate())
    return JsonResponse({"type": "FeatureCollection", "features": features})
