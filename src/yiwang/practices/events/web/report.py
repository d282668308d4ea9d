"""Report something: anybody, no account. A plain form, or the outbox with the same fields."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_POST, require_safe

from yiwang.kernel.errors import Refusal
from yiwang.kernel.ids import new_id
from yiwang.kernel.records.pace import keep_pace
from yiwang.kernel.records.photo_bounds import ACCEPTED, BOUNDS
from yiwang.shell.callers import caller_address
from yiwang.shell.doors import Asked, public

from ..actions import report_me_too
from ..actions.report import both
from ..queries.ground import home_town, named_places, unit_name, villages
from ..queries.nearby import Similar, similar_cases
from ..queries.offered_kinds import offered_kinds
from ..rules import REPORT, REPORT_PACE, clean
from .report_form import KEPT, kept_of, once_key_of, point_of
from .taking import Taken, take_report


@public("residents report without an account; nothing is shown but an empty form")
@never_cache
@ensure_csrf_cookie
def report(request: Asked) -> HttpResponse:
    """The form; or, sent without JavaScript, the report taken and a way to follow it."""
    if request.method != "POST":
        return render(request, "events/report/report.html", _form(request))
    taken = take_report(request)
    if taken.case is not None:
        return redirect(reverse("follow-case", args=[taken.case.follow_code]) + "?new=1")
    return render(request, "events/report/report.html", _form(request, taken), status=taken.status)


@public("the outbox of a resident's phone sends here; answers with the new case's follow code")
@require_POST
def send(request: Asked) -> JsonResponse:
    """One report of an outbox. Sent twice with the same key, it is one case."""
    wrong_account = other_account(request)
    if wrong_account is not None:
        return wrong_account
    taken = take_report(request)
    if taken.case is None:
        said = {name: str(words) for name, words in taken.wrong.items()}
        return JsonResponse({"code": taken.code, "wrong": said}, status=taken.status)
    follow = reverse("follow-case", args=[taken.case.follow_code])
    own = {"case": str(taken.case.id)} if request.user.is_authenticated else {}
    return JsonResponse({"number": taken.case.number, "code": taken.case.follow_code,
                         "url": follow, **own})


@public("gives the browser its own form token, so that an old page can still send")
@never_cache
def fresh(request: Asked) -> JsonResponse:
    """A form token good now, and who is signed in: what an outbox asks before it sends."""
    return JsonResponse({"token": get_token(request), "who": who_of(request)})


@public("shows kind, cell and day of open cases nearby, as the public map does")
@require_safe
def near(request: HttpRequest) -> HttpResponse:
    """Open cases of the same kind close by: is it this one?"""
    point = point_of(request.GET.get("lon", ""), request.GET.get("lat", ""))
    found: list[Similar] = []
    if point is not None:
        found = similar_cases(clean(request.GET.get("kind", ""))[:60], *point, at=timezone.now())
    return render(request, "events/report/near.html", {"similar": found})


@public("somebody without an account may say that they met the same thing")
@require_POST
def same(request: Asked, case: UUID) -> JsonResponse:
    """It is this one, me too: a follow code of one's own, no second case to work on."""
    at = timezone.now()
    try:
        keep_pace(REPORT_PACE, caller_address(request), at=at)
        mine = report_me_too(case, once_key=once_key_of(request), by=request.actor, at=at)
    except Refusal as refusal:
        status = 429 if refusal.code == "too_often" else 422
        return JsonResponse({"code": refusal.code, "wrong": {"whole": str(both(refusal))}},
                            status=status)
    return JsonResponse({"number": mine.number, "code": mine.follow_code,
                         "url": reverse("follow-case", args=[mine.follow_code]) + "?new=1"})


def _form(request: Asked, taken: Taken | None = None) -> dict[str, object]:
    """What the form shows: choices, and after a refusal all that was typed."""
    town = home_town(request.actor)
    typed = kept_of(request) if taken else dict.fromkeys(KEPT, "")
    once_key = request.POST.get("once_key", "") if taken else ""
    if not typed["kind"] and not taken:
        typed["kind"] = request.GET.get("kind", "")[:60]
    return {
        "town_name": unit_name(town), "kinds": offered_kinds(),
        "villages": villages(town), "places": named_places(town),
        "typed": typed, "wrong": taken.wrong if taken else {}, "whole": (taken.wrong.get("")
                                                                      if taken else None),
        "once_key": once_key or str(new_id()), "who": who_of(request), "bounds": REPORT,
        "photos": BOUNDS, "accepted": ACCEPTED, "lost_photo": bool(taken and request.FILES),
    }


def who_of(request: Asked) -> str:
    """Whose drafts this browser may send: a person's reference, or '' for a resident."""
    return request.actor.ref if request.user.is_authenticated else ""


def other_account(request: Asked) -> JsonResponse | None:
    """The answer where a draft was written under an account that is not signed in now."""
    if request.POST.get("who", "") in ("", who_of(request)):
        return None
    return JsonResponse({"code": "sign_in", "wrong": {}}, status=401)
