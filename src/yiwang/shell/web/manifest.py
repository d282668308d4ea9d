"""What a phone needs to put the site on its home screen."""

from django.http import HttpRequest, JsonResponse
from django.templatetags.static import static

from yiwang.algorithms.words import Words
from yiwang.shell.doors import public

NAME = Words("一网", "Yiwang")
PAPER, BRAND = "#f7f6f2", "#17494d"  # as in tokens.css


@public("the browser asks for it before anybody has signed in; holds names and icons")
def manifest(request: HttpRequest) -> JsonResponse:
    """The web app manifest; its icons carry the hashed names of the static files."""
    sizes = (("shell/icon-192.png", "192x192"), ("shell/icon-512.png", "512x512"))
    icons = [
        {"src": static(name), "sizes": size, "type": "image/png", "purpose": "any maskable"}
        for name, size in sizes
    ]
    answer = {
        "name": str(NAME), "short_name": str(NAME), "id": "/", "start_url": "/", "scope": "/",
        "display": "standalone", "background_color": PAPER, "theme_color": BRAND, "icons": icons,
    }
    return JsonResponse(answer, content_type="application/manifest+json")
