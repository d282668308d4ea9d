"""Pages for what goes wrong before a view can say it. Each says what to do; none loses typing."""

import logging
import sys

from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import QueryDict
from django.shortcuts import render
from django.views.defaults import server_error

from yiwang.algorithms.words import Words
from yiwang.shell import renewal
from yiwang.shell.outages import GONE, KEPT, READ_ONLY, Outage, outage_of

logger = logging.getLogger("yiwang.outage")

TOKEN = "csrfmiddlewaretoken"  # noqa: S105  (a field's name)
SECRET = ("password", "code", "secret")  # parts of names of fields that are never written back


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where the body was larger than the instance takes."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return render(request, "400.html", status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """413, also called by views that bound an upload themselves."""
    return render(request, "413.html", status=413)


def broken(request: HttpRequest) -> HttpResponse:
    """500; or 503 with words of its own where the machine, not the program, has failed."""
    problem = sys.exc_info()[1]
    outage = outage_of(problem)
    if outage is None:
        return server_error(request)
    logger.error("%s %s: %s (%s)", request.method, request.path, outage.code, problem)
    if outage in (GONE, READ_ONLY) and not connection.in_atomic_block:
        # One opened on a read-only disk or standby would stay so for ever. On a full disk, though,
        # there may be no room to open another, and what is open still reads.
        connection.close()
    renewal.look_at(problem)
    return unavailable(request, outage)


def unavailable(request: HttpRequest, outage: Outage) -> HttpResponse:
    """503 as a page, a fragment for htmx, or JSON; what was typed comes back with the page."""
    headers = {"Retry-After": str(outage.again), "Cache-Control": "no-store"}
    if "application/json" in request.headers.get("Accept", ""):
        said = {"code": outage.code, "what": str(outage.what), "todo": str(outage.todo)}
        return JsonResponse(said, status=503, headers=headers)
    fragment = bool(request.headers.get("HX-Request"))
    template = "shell/outage_fragment.html" if fragment else "503.html"
    fields = None if fragment else typed(request)
    todo = Words(f"{KEPT.zh}{outage.todo.zh}", f"{KEPT.en} {outage.todo.en}")
    shown = {"outage": outage, "todo": todo, "typed": fields, "said": own_words(fields or []),
             "files": bool(request.method == "POST" and request.FILES)}
    answer = render(request, template, shown, status=503)
    for name, value in headers.items():
        answer[name] = value
    return answer


def typed(request: HttpRequest) -> list[tuple[str, str]] | None:
    """What a form sent, to be sent again; None where there was no form, or one with a secret."""
    if request.method != "POST":
        return None
    try:
        sent: QueryDict = request.POST
    except OSError:  # the line was cut while it was being read
        return None
    if any(part in name for name in sent for part in SECRET):
        return None
    return [(name, value) for name, values in sent.lists() for value in values if name != TOKEN]


def own_words(fields: list[tuple[str, str]]) -> list[str]:
    """What somebody wrote among what a form sent: codes, keys and points are left out."""
    return [value for _, value in fields if " " in value.strip() or not value.isascii()]
