"""Root of all addresses: the shell's own, then each practice under its code."""

from django.urls import URLPattern, URLResolver, include, path

from yiwang.kernel.practice import practices

urlpatterns: list[URLPattern | URLResolver] = [
    *(path("", include(practice.short_urls)) for practice in practices if practice.short_urls),
    path("", include("yiwang.shell.urls")),
    *(path("", include(practice.api_urls)) for practice in practices if practice.api_urls),
    *(path(f"{practice.code}/", include(practice.urls)) for practice in practices),
]

handler400 = "yiwang.shell.web.errors.bad_request"
handler500 = "yiwang.shell.web.errors.broken"
