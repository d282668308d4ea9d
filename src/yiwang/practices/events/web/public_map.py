"""The public map of open cases, and the outlines of villages that residents tap on."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from yiwang.shell.doors import public
from yiwang.shell.replica import may_lag

from ..queries.ground import home_town, outlines, unit_name
from ..queries.public_cases import public_cases
from ..rules import PUBLIC_MAP

HOUR, MINUTE = 3600, 60  # seconds


@public("open cases without personal data: kind, cell, state and day, points moved to squares")
@require_safe
@cache_control(public=False, private=True, max_age=MINUTE)
@may_lag
def page(request: HttpRequest) -> HttpResponse:
    """Map and list of the same cases."""
    at = timezone.now()
    town = home_town()
    cases = public_cases(town, at=at)
    points = [
        {"id": case.key, "lon": case.spot[0], "lat": case.spot[1], "lamp": case.lamp,
         "title": f"{case.kind} · {case.state}"}
        for case in cases if case.spot
    ]
    features = outlines(town, on=timezone.localdate(at))
    return render(request, "events/public/map.html", {
        "town_name": unit_name(town), "cases": cases, "points": points,
        "grain": round(PUBLIC_MAP.grain_metres),
        "cells": {"type": "FeatureCollection", "features": features},
        "made_up": any(feature["properties"]["illustrative"] for feature in features),
        "most": PUBLIC_MAP.most_cases, "full": len(cases) == PUBLIC_MAP.most_cases,
    })


@public("outlines of villages, which are public")
@require_safe
@cache_control(private=True, max_age=HOUR)
@may_lag
def ground(request: HttpRequest) -> JsonResponse:
    """The town's villages as GeoJSON, in the reader's language."""
    features = outlines(home_town(), on=timezone.localdate())
    return JsonResponse({"type": "FeatureCollection", "features": features})
