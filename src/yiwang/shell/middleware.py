"""Who is asking, in which language they read, and whether their session still holds."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate, now

from yiwang.algorithms.words import Language, read_in
from yiwang.kernel.people.actions import record_sign_out
from yiwang.kernel.people.queries import actor_for
from yiwang.kernel.people.rules import RESIDENT, Actor
from yiwang.kernel.people.sign_in_rules import SIGN_IN, session_is_over

from .sessions import save_use

LANGUAGE_COOKIE = settings.LANGUAGE_COOKIE_NAME
LIVE_HEADER = "X-Live"  # a page refreshing itself: nobody is at the keys
SEEN_EVERY = timedelta(minutes=1)  # how exactly a rest is measured; one write a minute at most

BEGUN, SEEN, IDLE, ENDED = "begun", "seen", "idle", "ended"
MUST_CHANGE, MUST_SET_UP = "must_change", "must_set_up"
# What must be done before anything else, by its mark in the session: the page for it comes first,
# then what opens meanwhile.
BEFORE_ALL = {
    MUST_CHANGE: ("password", "sign-out", "language"),
    MUST_SET_UP: ("second-factor", "prove", "password", "sign-out", "language"),
}


class ReaderMiddleware:
    """Sets ``request.actor`` and the language of everything said in answer.

    A signed-in request costs the session, the person and, once asked for, the terms: three
    queries. Terms are read anew at every request, so that a revoked role is gone at once.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _speak(_cookie_language(request) or "zh")
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            _watch_session(request)
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        if _cookie_language(request) is None and _has_user(request):
            _speak(getattr(request.user, "language", "zh"))  # nobody, if switched off meanwhile
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Send somebody to set a password, or a second factor, before anything else."""
        del args, kwargs
        if str(getattr(view, "opens_to", "")).startswith(("public", "key")) \
                or not _has_user(request):
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        waiting = next((open_ for mark, open_ in BEFORE_ALL.items() if request.session.get(mark)),
                       None)
        return None if waiting is None or name in waiting else redirect(waiting[0])


def _cookie_language(request: HttpRequest) -> Language | None:
    language = request.COOKIES.get(LANGUAGE_COOKIE)
    return ("en" if language == "en" else "zh") if language in ("en", "zh") else None


def _speak(language: str) -> None:
    read_in("en" if language == "en" else "zh")
    translation.activate("en" if language == "en" else "zh-hans")


def _has_user(request: HttpRequest) -> bool:
    """Whether somebody has signed in, without a query where no session cookie came."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and SESSION_KEY in request.session


def _actor(request: HttpRequest) -> Actor:
    if not _has_user(request) or not request.user.is_authenticated:
        return RESIDENT
    return actor_for(request.user, localdate())


def _watch_session(request: HttpRequest) -> None:
    """End a session that rested too long or is too old; note that this one was used."""
    if SESSION_KEY not in request.session:
        return
    at = now()
    session = request.session
    begun = datetime.fromtimestamp(session.setdefault(BEGUN, at.timestamp()), UTC)
    seen = datetime.fromtimestamp(session.setdefault(SEEN, at.timestamp()), UTC)
    idle = timedelta(seconds=session.get(IDLE, SIGN_IN.idle.total_seconds()))
    if session_is_over(begun, seen, idle, at):
        _end_session(request, at, "longest" if at - begun > SIGN_IN.longest else "idle")
    elif at - seen > SEEN_EVERY and LIVE_HEADER not in request.headers:
        session[SEEN] = at.timestamp()
        save_use(session)


def _end_session(request: HttpRequest, at: datetime, why: str) -> None:
    if request.user.is_authenticated:
        by = Actor(f"person/{request.user.pk}")
        key = request.session.session_key or ""
        record_sign_out(request.user, session_key=key, why=why, by=by, at=at)
    logout(request)
    request.session[ENDED] = why
