"""The door for the web server."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from yiwang.kernel.keeping.disk import say_running

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
application = get_wsgi_application()


def _settle() -> None:
    """Load all pages now, and let the collector pass over what will stay: workers share it."""
    say_running(settings.DATA)
    list(get_resolver().url_patterns)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # a request makes some thousand objects, few of them cycles


_settle()
