"""A session that somebody ended while its answer was being made."""

from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from .doors import sent_to_sign_in


class EndedSessionMiddleware(SessionMiddleware):
    """Django's, which answers 400 there; here the reader signs in again and is told why."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The answer with its cookie, or the way to the sign-in page."""
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            return sent_to_sign_in(request, ended=True)
