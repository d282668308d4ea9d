"""Asked again before what matters: a session left open is not the person."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now

from yiwang.kernel.people.sign_in_rules import SIGN_IN

from .middleware import BEGUN

PROVED = "proved"  # in the session: when its person last showed who they are, seconds since 1970
View = Callable[..., HttpResponseBase]


def lately_proved(view: View) -> View:
    """Open to somebody who signed in, or showed who they are, a short while ago.

    Others are asked first and then led back to the page. A form begun in time may still be sent.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if is_fresh(request, at=now()):
            return view(request, *args, **kwargs)
        back = request.get_full_path()
        if request.method != "GET":
            back = urlsplit(request.headers.get("Referer", "")).path or reverse("account")
        return redirect(f"{reverse('prove')}?{urlencode({'next': back})}")

    return guarded


def is_fresh(request: HttpRequest, *, at: datetime) -> bool:
    """Whether the last proof still counts; twice as long for what is sent as for what is opened."""
    proved = request.session.get(PROVED) or request.session.get(BEGUN) or 0
    holds = SIGN_IN.proof * (1 if request.method == "GET" else 2)
    return bool(-60 < at.timestamp() - proved <= holds.total_seconds())
