"""What many pages read from a request alike: a day of the address, the stamp of a form."""

from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localdate


def day_asked(request: HttpRequest) -> date:
    """The day of ``?on=``; today where none is given or it is no day."""
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return localdate()


def page_after(request: HttpRequest, otherwise: str) -> str:
    """Where ``next`` leads, if it stays on this site; else the address named ``otherwise``."""
    page = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure())
    return page if safe else reverse(otherwise)


def stamp_seen(request: HttpRequest) -> int:
    """The stamp of what the person looked at; -1, which nothing has, where none came."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1
