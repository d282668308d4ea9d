"""The last net under every page: a refusal that no view caught is told, never a server error."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from yiwang.kernel.errors import NotAllowed, Refusal, SomebodyElseDecided

from .doors import refused


def status_of(refusal: Refusal) -> int:
    """403 not allowed, 409 somebody was quicker, 429 too often, 422 it makes no sense."""
    if refusal.code == "too_often":
        return 429
    if isinstance(refusal, NotAllowed):
        return 403
    return 409 if isinstance(refusal, SomebodyElseDecided) else 422


class RefusalMiddleware:
    """Turns a ``Refusal`` into its page or fragment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        """The refusal as an answer; anything else stays an error."""
        if not isinstance(problem, Refusal):
            return None
        return refused(request, problem, status=status_of(problem))
