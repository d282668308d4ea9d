"""Whoever adds an address walks it, or says here why there is no page to look at."""

import re

from django.http import Http404
from django.urls import get_resolver, resolve
from tests.conventions.test_routes import walk
from tests.journeys.moments import MOMENTS
from tests.journeys.pages import PAGES

HOLES = ("01a2092f-304f-720b-b9e8-6da563ef9d07", "7")  # an id, which fits a code, too; a number
NO_PAGE: dict[str, frozenset[str]] = {
    "does something, then leads to a page that is walked": frozenset({
        "language", "sign-out", "end-other-sessions", "person-deactivate", "person-reactivate",
        "person-factor", "api-key-end", "own-key-end", "calendar-address-end",
        "case-apart", "cells-import-confirm",
        "cell-households", "proposal-move", "proposal-undo", "proposal-drop", "proposal-adopt",
        "follow-move", "desk-filter-save", "desk-filter-drop",
        "monthly-report-issue", "webhook-act", "webhook-again", "webhook-replay", "peer-end",
        "peer-again", "peer-own-key"}),
    "a part of a page that is walked": frozenset({
        "case-panel", "case-closing-words", "case-contact", "person-phone", "import-advance",
        "report-near", "monthly-report-progress"}),
    "a script asks and a script reads": frozenset({
        "cells-shapes", "desk-map", "desk-cells", "public-ground", "report-send", "report-same",
        "report-fresh", "phone-move", "open311-discovery", "open311-services",
        "open311-definition", "open311-requests", "open311-request", "open311-token",
        "open311-updates", "open311-nothing", "open311-openapi", "features-landing",
        "features-conformance", "features-api", "features-collections", "features-collection",
        "features-items", "features-one", "webhook-schema", "exchange-messages", "health",
        "manifest", "service-worker",
        "api-openapi", "api-nothing", "api-me", "api-cases", "api-case", "api-trail",
        "api-moves", "api-photos", "api-kinds", "api-units", "api-cells", "api-cell",
        "api-places", "api-locate", "api-figures", "api-figure"}),
    "a file or a picture": frozenset({
        "audit-export", "figure-file", "import-rejected", "import-sample", "photo", "photo-small",
        "follow-photo", "monthly-report-file", "calendar-feed"}),
}


def name_of(page: str) -> str:
    """What the address of a page is called; empty where nothing answers."""
    for hole in HOLES:
        try:
            return resolve(re.sub(r"\{\w+\}", hole, page).partition("?")[0]).url_name or ""
        except Http404:
            continue
    return ""


def walked() -> set[str]:
    """The names of the addresses somebody looks at."""
    return {*MOMENTS, *(name_of(page) for _, page in PAGES if page != "/no-such-page")}


def test_every_address_is_walked_or_has_a_reason() -> None:
    routes = {route.name or "" for _, route in walk(get_resolver().url_patterns)}
    excused = set[str]().union(*NO_PAGE.values())
    missed = sorted(routes - walked() - excused)
    assert not missed, f"walk in tests/journeys/pages.py or moments.py: {missed}"
    assert not excused - routes, "there is no such address any more"
    assert not excused & walked(), "it is walked: it needs no excuse"
