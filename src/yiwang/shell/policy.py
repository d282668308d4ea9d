"""What a browser may do with an answer: its content policy, built once, and what it may keep."""

from collections.abc import Callable
from functools import lru_cache

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

_HOLE = "-the-nonce-"
_OWN = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")


class PolicyMiddleware(CSPMiddleware):
    """django-csp; an answer with a policy of its own is left to it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if settings.DEBUG or HEADER in response or any(hasattr(response, own) for own in _OWN):
            return super().process_response(request, response)
        nonce = getattr(request, "_csp_nonce", None)
        response[HEADER] = _policy(nonce is not None).replace(_HOLE, nonce or "")
        if nonce is None:  # a nonce asked for now would come too late: it raises, as django-csp's
            late = CheckableLazyObject(self._csp_nonce_post_response)
            request.csp_nonce = late  # type: ignore[attr-defined]
        return response


@lru_cache(maxsize=2)
def _policy(with_nonce: bool) -> str:
    return build_policy(nonce=_HOLE if with_nonce else None)


class KeepNothingMiddleware:
    """An answer that does not say how long it holds is kept by nobody: no browser, no proxy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer
