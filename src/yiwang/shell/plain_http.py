"""Where HTTPS is set up: pages are led there, programs are told no.

A program that is led there sends its key in clear again and again, and nobody notices.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from yiwang.algorithms.words import Words, reading_in
from yiwang.kernel.records.logs import note_security, whence

from .api.entry import language_of
from .api.problems import Problem, told
from .callers import caller_address

FOR_PROGRAMS = ("/api/", "/open311/", "/ogc/", "/exchange/")
CALENDAR = ".ics"  # the ending of a calendar's address, which holds its secret
SAYS = Words(
    "这里只接受 HTTPS。您发来的密钥、内容可能已被旁人看到：请换一把密钥，改用 https:// 地址。",
    "Only HTTPS is answered here. The key and the words you sent may have been seen on the way: "
    "have the key replaced, and use the https:// address.")


class PlainHttpMiddleware:
    """Stands before Django's, which leads everything else to HTTPS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.SECURE_SSL_REDIRECT or request.is_secure() or not for_programs(request):
            return self.get_response(request)
        note_security("sent_in_clear", {"from": whence(caller_address(request))})
        with reading_in(language_of(request)):
            return told(request, Problem("https-only", SAYS))


def for_programs(request: HttpRequest) -> bool:
    """Whether the address is one that programs ask, not people."""
    return request.path_info.startswith(FOR_PROGRAMS) or request.path_info.endswith(CALENDAR)
