"""What every address of the API shares: the language asked for, methods, misfits."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from yiwang.algorithms.words import Language, Words, read_in, reading_language

from .problems import Problem, not_found, told

NOTHING = "public: says that there is nothing"
View = Callable[..., HttpResponseBase]


def entered(view: View, opens_to: str) -> View:
    """The view with what all share; no cookie counts, so no token of a form is asked for."""

    @csrf_exempt
    @never_cache
    @wraps(view)
    def api_view(request: HttpRequest, *args: object, **parts: object) -> HttpResponseBase:
        read_in(language_of(request))
        translation.activate("en" if reading_language() == "en" else "zh-hans")
        answer = _answer(view, request, *args, **parts)
        answer["Content-Language"] = reading_language()
        patch_vary_headers(answer, ("Accept-Language",))
        return answer

    api_view.opens_to = opens_to  # type: ignore[attr-defined]
    return api_view


def language_of(request: HttpRequest) -> Language:
    """The first of our languages that ``Accept-Language`` names; Chinese where it names none."""
    for name, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        if name.startswith(("zh", "en")):
            return "en" if name.startswith("en") else "zh"
    return "zh"


def _answer(view: View, request: HttpRequest, *args: object, **parts: object) -> HttpResponseBase:
    if request.method == "HEAD":
        request.method = "GET"  # the server leaves the body off
    try:
        answer = view(request, *args, **parts)
    except RequestDataTooBig:
        return told(request, Problem("too-large", Words("正文太大。", "The body is too large.")))
    except SuspiciousOperation:
        return told(request, Problem("malformed", Words("读不懂这个请求。",
                                                        "The request cannot be read.")))
    if answer.status_code == 405:
        return told(request, Problem(
            "wrong-method", Words("这里不接受 {method}。", "{method} is not taken here.").filled(
                method=request.method), headers={"Allow": answer["Allow"]}))
    return answer


def nothing_here(request: HttpRequest, rest: str) -> HttpResponseBase:
    """An address that the API does not have."""
    return told(request, not_found())
