"""From where a request came."""

from django.conf import settings
from django.http import HttpRequest


def caller_address(request: HttpRequest) -> str:
    """The network address of the caller. A proxy's header counts only where HTTPS is set up.

    There a proxy stands in front and adds the address it saw as the last one; what the caller
    wrote into the header itself comes before that and is not believed.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_SSL_REDIRECT else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
