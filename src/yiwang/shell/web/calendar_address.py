"""A person's calendar address: the page that makes and ends it, and what it answers."""

from datetime import datetime
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yiwang.algorithms.words import LANGUAGES, Language, Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.running_out import BOUNDS, holds_own
from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.people.address_keys import HOURLY, addresses_of, end_address, renew_address
from yiwang.kernel.people.key_scopes import CALENDAR
from yiwang.kernel.people.keys import seconds_left
from yiwang.kernel.people.rules import can_somewhere
from yiwang.shell.addresses import address_of
from yiwang.shell.doors import Asked, View, signed_in
from yiwang.shell.feed.answering import Answer, answer_to
from yiwang.shell.proof import lately_proved

from .account import me
from .qr import qr_of

TEXT = "text/plain; charset=utf-8"
UNSEEN = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Referrer-Policy": "no-referrer",
          "Cache-Control": "private, no-cache"}
ENDED = Words("日历地址已停用，订阅它的日历不再更新。",
              "The calendar address is ended; calendars that subscribed are not updated any more.")
GONE = Words("没有这个日历地址，或它已停用。请在“我的账号”的“日历订阅”里重新生成。",
             "There is no such calendar address, or it has ended. Make a new one on your account's "
             "calendar page.")


@never_cache
@signed_in
def calendar_address(request: Asked) -> HttpResponse:
    """What a subscription shows, and whether there is one."""
    held = addresses_of(me(request), on=localdate())
    return render(request, "shell/feed/address.html", {
        "key": held[0] if held else None, "own": holds_own(request.actor), "bounds": BOUNDS,
        "sees": can_somewhere(request.actor, "case.view"), "hourly": HOURLY})


@never_cache
@require_POST
@signed_in
@lately_proved
def calendar_address_new(request: Asked) -> HttpResponse:
    """A new address in place of the old; it is on the answer and nowhere else."""
    key, secret = renew_address(me(request), by=request.actor, at=now())
    address = origin(request) + reverse("calendar-feed", args=[secret])
    subscribe = f"webcal://{urlsplit(address).netloc}{urlsplit(address).path}"
    return render(request, "shell/feed/made.html", {
        "key": key, "address": address, "subscribe": subscribe, "picture": qr_of(subscribe)})


@require_POST
@signed_in
def calendar_address_end(request: Asked) -> HttpResponse:
    """End the address at once."""
    end_address(me(request), by=request.actor, at=now())
    messages.success(request, str(ENDED))
    return redirect("calendar-address")


def of_address(view: View) -> View:
    """Open to whoever has the address; no answer is to be found by search or told on."""

    @wraps(view)
    def unseen(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        answer = view(request, *args, **kwargs)
        for name, value in UNSEEN.items():
            answer[name] = value
        return answer

    unseen.opens_to = f"key: {CALENDAR}"  # type: ignore[attr-defined]
    return unseen


@of_address
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """The calendar, or 304 where it is as it was; 404 without a key, 429 beyond its quota."""
    at, base = now(), origin(request)
    try:
        answer = answer_to(secret, _language(request), at=at,
                           address=lambda case: base + _page(case))
    except NotAllowed:
        return HttpResponse(str(GONE), status=404, content_type=TEXT)
    except Refusal as refusal:
        return _too_often(refusal, at)
    return _told(request, answer)


def _told(request: HttpRequest, answer: Answer) -> HttpResponseBase:
    tag, since = f'"{answer.tag[:32]}"', int(answer.since.timestamp())
    sent = HttpResponse(answer.body, content_type="text/calendar; charset=utf-8", headers={
        "Content-Disposition": 'inline; filename="yiwang.ics"', "ETag": tag,
        "Last-Modified": http_date(since)})
    return get_conditional_response(request, etag=tag, last_modified=since, response=sent) or sent


def _too_often(refusal: Refusal, at: datetime) -> HttpResponse:
    told = f"{refusal.what} {refusal.todo or ''}".strip()
    return HttpResponse(told, status=429, content_type=TEXT,
                        headers={"Retry-After": str(seconds_left(at))})


def _language(request: HttpRequest) -> Language | None:
    asked = request.GET.get("lang")
    return next((language for language in LANGUAGES if language == asked), None)


def _page(case: Case) -> str:
    return address_of("case-detail", case.id)


def origin(request: HttpRequest) -> str:
    """Where this instance is reached: as it is set up, else as it was asked."""
    return str(settings.ADDRESS) or request.build_absolute_uri("/").rstrip("/")
