"""Every page has a door: the capability that opens it, or a stated reason why anybody may enter.

A test walks all routes and fails on one without a door (tests/test_conventions.py).
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import Actor, can_somewhere, not_allowed

ELSEWHERE = "elsewhere"  # in the address of the sign-in page: why the reader stands before it


class Asked(HttpRequest):
    """A request whose asker is known: ``actor`` is put there by ``ReaderMiddleware``."""

    actor: Actor


View = Callable[..., HttpResponseBase]


def door(capability: str) -> Callable[[View], View]:
    """Open to who holds ``capability`` somewhere; the action or query narrows to the scope."""

    def build(view: View) -> View:
        @wraps(view)
        def guarded(request: Asked, *args: object, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sent_to_sign_in(request)
            if not can_somewhere(request.actor, capability):
                return refused(request, not_allowed(capability), status=403)
            return view(request, *args, **kwargs)

        guarded.opens_to = capability  # type: ignore[attr-defined]
        return guarded

    return build


def signed_in(view: View) -> View:
    """Open to everybody who has signed in: home, own settings."""

    @wraps(view)
    def guarded(request: Asked, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return sent_to_sign_in(request)
        return view(request, *args, **kwargs)

    guarded.opens_to = "signed in"  # type: ignore[attr-defined]
    return guarded


def public(reason: str) -> Callable[[View], View]:
    """Open to anybody, because ``reason``; the reason is printed in the permission table."""

    def build(view: View) -> View:
        view.opens_to = f"public: {reason}"  # type: ignore[attr-defined]
        return view

    return build


def sent_to_sign_in(request: HttpRequest, *, ended: bool = False) -> HttpResponse:
    """To the sign-in page, and afterwards back to the page the reader was on.

    ``ended``: the session was ended during this very request, which its cookie cannot tell yet.
    """
    shown = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    there = urlsplit(shown)
    page = f"{there.path}?{there.query}" if there.query else there.path
    fragment = bool(request.headers.get("HX-Request"))
    ended = ended or _ended_elsewhere(request)
    address = reverse("sign-in", query={ELSEWHERE: "1"}) if ended else None
    answer = redirect_to_login(
        request.get_full_path() if request.method == "GET" and not fragment else page or "/",
        address,
    )
    if not fragment:
        return answer
    return HttpResponse(status=401, headers={"HX-Redirect": answer.url})


def _ended_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser carries a session that somebody ended meanwhile: no row is left."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.session.session_key is None


def refused(request: HttpRequest, refusal: Refusal, *, status: int = 409) -> HttpResponse:
    """A refusal as a page, or as a fragment for htmx: what happened, what to do."""
    fragment = bool(request.headers.get("HX-Request"))
    template = "shell/refusal_fragment.html" if fragment else "shell/refusal.html"
    answer = render(request, template, {"refusal": refusal}, status=status)
    answer.refusal_code = refusal.code  # type: ignore[attr-defined]  # for the log of requests
    return answer
