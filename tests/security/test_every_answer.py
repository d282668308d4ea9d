"""Every address, asked by nobody, by the work and by administrators: what its answer lets happen.

Headers against reading an answer as something else, framing it, keeping it, or telling on its
address (ASVS 3.2.1, 3.4.2 to 3.4.6, 4.1.1, 5.4.2, 13.4.4, 14.3.2).
"""

import re
from collections.abc import Iterator
from email.message import Message
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.permissions.two_towns import lay_out
from tests.permissions.walk import BY_NAME, ROUTES, Route, ask, typed

from yiwang.kernel.people.rules import ROLES, SEPARATED

pytestmark = pytest.mark.django_db
# What may be kept, because it says how long, and by whom.
KEPT = {"photo", "photo-small", "follow-photo", "service-worker", "calendar-feed", "manifest"}
# Whom any page may read: public words, and what describes an interface.
FOR_ANY_PAGE = ("open311-", "features-", "api-openapi", "webhook-schema")
NO_CONTROLS = {"wall"}  # a screen on a wall: no menu, nobody at the keys
ADMINS = frozenset[str]().union(*(ROLES[role].capabilities for role in SEPARATED))
TEXT = re.compile(r"^(text/|application/(xml|atom\+xml))")


def answers() -> Iterator[tuple[str, Route, Any]]:
    """Each address as a page, by whoever it opens to; and as a form, by nobody in particular."""
    own, _ = lay_out()
    nobody = Client(raise_request_exception=False)
    worker, admins = own.client("worker"), own.client("admins")
    for route in ROUTES:
        who, client = ("admins", admins) if route.door in ADMINS else ("worker", worker)
        yield f"{who} GET", route, ask(client, "GET", route.of(own), {})
        yield "nobody POST", route, ask(nobody, "POST", route.of(own), typed(own))
        if route.is_public or route.is_of_keys:
            yield "nobody TRACE", route, ask(nobody, "TRACE", route.of(own), {})


def faults(route: Route, answer: Any) -> Iterator[str]:
    """What one answer lacks."""
    policy = answer.get("Content-Security-Policy", "")
    for directive in ("base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'"):
        if directive not in policy:
            yield f"policy without {directive}"
    if answer.get("X-Content-Type-Options") != "nosniff":
        yield "may be sniffed"
    if answer.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        yield "tells on its address"
    if not re.search(r"no-store|private", answer.get("Cache-Control", "")) and (
            route.name not in KEPT):
        yield f"may be kept: {answer.get('Cache-Control')}"
    yield from _faults_of_words(answer)
    if answer.get("Access-Control-Allow-Origin") and not route.name.startswith(FOR_ANY_PAGE):
        yield "any page may read it"


def _faults_of_words(answer: Any) -> Iterator[str]:
    kind = answer.get("Content-Type", "")
    if answer.said and not kind and answer.status_code not in (204, 302, 304, 405):
        yield "no type"
    if TEXT.match(kind) and "charset=utf-8" not in kind.lower():
        yield f"{kind} without its encoding"
    named = answer.get("Content-Disposition")
    if named is not None and (not re.fullmatch(r"[\x20-\x7e]+", named) or not _name(named)):
        yield f"misshapen {named}"
    if "Traceback (most recent" in answer.said or "/site-packages/" in answer.said:
        yield "tells of the inside"


def shuts_in(route: Route, answer: Any) -> bool:
    """Whether it is a page for people who signed in, without a way out (7.4.4)."""
    page = answer.status_code == 200 and "<html" in answer.said and not route.is_public
    return page and route.name not in NO_CONTROLS and 'action="/sign-out"' not in answer.said


def _name(disposition: str) -> str:
    """The one name a browser would save it under; '' where it would lead out of its folder."""
    read = Message()
    read["Content-Disposition"] = disposition
    name = read.get_filename() or ""
    return "" if re.search(r'[/\\\x00-\x1f"]', name) else name


def test_every_answer_of_every_address() -> None:
    found = {f"{route.name} {how}: {fault}" for how, route, answer in answers()
             for fault in [*faults(route, answer),
                           *(["no way out"] if shuts_in(route, answer) else [])]}
    assert not found, "\n".join(sorted(found))


def test_the_search_would_find_it() -> None:
    """The proof that the test above can fail."""
    bare: Any = HttpResponse("x", content_type="text/html", headers={
        "Content-Disposition": 'attachment; filename="../a.csv"',
        "Access-Control-Allow-Origin": "*"})
    bare.said = "Traceback (most recent call last)"
    assert len(list(faults(BY_NAME["desk"], bare))) == 10


@pytest.mark.parametrize("path", ["/nothing-here", "/static/nothing.js", "/../../etc/passwd",
                                  "/static/", "/.git/config", "/files/", "/f/%00"])
def test_what_is_not_there_says_so_and_no_more(path: str) -> None:
    answer: Any = Client(raise_request_exception=False).get(path)
    answer.said = answer.content.decode()
    assert answer.status_code in (400, 404)
    assert not list(faults(ROUTES[0], answer))
    assert "Django" not in answer.said


@pytest.mark.parametrize("with_key", [False, True])
def test_what_only_a_key_may_know_is_for_no_other_site_s_page(with_key: bool) -> None:
    own, _ = lay_out()
    headers = {"X-Api-Key": own.things["secret"]} if with_key else {}
    for path in ("requests", f"requests/{own.things['case'].number}"):
        answer = Client().get(f"/open311/v2/{path}.json", headers=headers)
        assert (f"正文{own.mark}" in answer.content.decode()) is with_key
        assert ("Access-Control-Allow-Origin" in answer.headers) is not with_key
