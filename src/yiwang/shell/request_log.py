"""Every answer as a line of the log of requests, every refusal also as one of the security log.

Addresses are logged by the name of their route: they may hold follow codes, keys, or names that
were searched for. Of what they are about, only ids stand in a line.
"""

import logging
import time
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse

from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.keys import Token
from yiwang.kernel.records.logs import note_request, note_security, whence

from .callers import caller_address

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REFUSED = frozenset({400, 401, 403, 413, 429})
EXPECTED = (Refusal, Http404, PermissionDenied, SuspiciousOperation)  # answered in words
REFUSAL = "refusal_code"  # what an answer may carry for the log: why it says no


class RequestLogMiddleware:
    """Notes who asked for what kind of page, and what came of it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        answer = self.get_response(request)
        fields = fields_of(request, answer)
        note_request({**fields, "ms": round((time.perf_counter() - begun) * 1000)})
        if answer.status_code in REFUSED:
            note_security("refused", fields, logging.WARNING)
        return answer

    def process_exception(self, request: HttpRequest, problem: Exception) -> None:
        """An error nobody expected: its kind; words it may hold go to standard error alone."""
        if not isinstance(problem, EXPECTED):
            note_security("error", {**_asked(request), "error": type(problem).__name__},
                          logging.ERROR)


def fields_of(request: HttpRequest, answer: HttpResponse) -> dict[str, Any]:
    """What a line says of a request and its answer."""
    code = getattr(answer, REFUSAL, "")
    return {**_asked(request), "status": answer.status_code, **({"why": code} if code else {})}


def _asked(request: HttpRequest) -> dict[str, Any]:
    match = request.resolver_match
    about = {name: value for name, value in (match.kwargs if match else {}).items()
             if isinstance(value, UUID | int)}
    who = {"account": _account(request), "key": _key(request)}
    return {
        "method": request.method if request.method in METHODS else "other",
        "route": (match.url_name if match else "") or "-", **about,
        **{name: value for name, value in who.items() if value},
        "from": whence(caller_address(request)),
    }


def _account(request: HttpRequest) -> str:
    """Whose session it is, without asking for one that nobody has looked at."""
    session = getattr(request, "session", None)
    return str(getattr(session, "_session_cache", {}).get(SESSION_KEY, ""))


def _key(request: HttpRequest) -> str:
    token = getattr(request, "auth", None)
    return str(token.key.pk) if isinstance(token, Token) else ""
