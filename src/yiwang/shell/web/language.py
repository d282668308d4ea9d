"""中 / EN: one switch for the whole site, kept in a cookie."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Language
from yiwang.kernel.people.actions import choose_language
from yiwang.kernel.people.models import Person
from yiwang.kernel.people.rules import Actor
from yiwang.shell.doors import public
from yiwang.shell.middleware import LANGUAGE_COOKIE

YEAR = 365 * 24 * 3600  # seconds


@public("residents read both languages, too")
@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """Remember the language and go back to the page one came from."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    answer = HttpResponseRedirect(back if safe else "/")
    language: Language = "en" if request.POST.get("language") == "en" else "zh"
    if isinstance(request.user, Person):
        by = Actor(f"person/{request.user.pk}")
        choose_language(request.user, language, by=by, at=now())
    answer.set_cookie(
        LANGUAGE_COOKIE, language, max_age=YEAR, samesite="Lax", secure=request.is_secure()
    )
    return answer
