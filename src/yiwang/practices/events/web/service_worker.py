"""The service worker, served at the root so that its scope is the whole site."""

import hashlib
import json
from functools import lru_cache
from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from yiwang.shell.doors import public
from yiwang.shell.templatetags.front import MODULES

# What the phone's pages need without a signal. Maps beyond the town's own drawing are not kept.
STYLES = tuple(f"shell/{name}.css" for name in (
    "tokens", "base", "frame", "components", "parts", "forms", "desk", "print", "public"))
OWN = tuple(f"events/{name}" for name in (
    "resident.css", "outbox.js", "photos.js", "tray.js", "report.js", "phone.js"))
ICONS = ("shell/icon.svg", "shell/icon-180.png")
HTMX = "django_htmx/htmx-2.min.js"
LARGE = ("vendor/",)
PAGES = ("/r",)


@public("the browser fetches it before anybody signs in; code and names of static files only")
@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The worker's code, headed by the names of the files it keeps; never cached itself."""
    answer = HttpResponse(_script(), content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "no-cache"
    answer["Service-Worker-Allowed"] = "/"
    return answer


@lru_cache(maxsize=1)
def _script() -> str:
    code = (files("yiwang.practices.events") / "static" / "events" / "sw.js").read_text("utf-8")
    names = [*STYLES, *OWN, *ICONS, HTMX,
             *(name for name in MODULES.values() if not name.startswith(LARGE))]
    shell = sorted({static(name) for name in names})
    version = hashlib.sha256(json.dumps([shell, code]).encode()).hexdigest()[:12]
    head = {"VERSION": version, "SHELL": shell, "PAGES": PAGES,
            "OUTBOX": static("events/outbox.js")}
    lines = [f"const {name} = {json.dumps(value)};" for name, value in head.items()]
    return "\n".join([*lines, code])
