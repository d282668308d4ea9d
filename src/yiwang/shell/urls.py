"""Addresses of the shell: its frame here, the rest beside the pages that answer."""

from django.urls import URLPattern, path

from .api import urls as api_urls
from .web import (
    case_urls,
    cells_urls,
    exchange_urls,
    figures_urls,
    gallery,
    health,
    home,
    instance,
    language,
    manifest,
    people_urls,
    reports_urls,
    steering_urls,
)

urlpatterns: list[URLPattern] = [
    *case_urls.urlpatterns,  # first: addresses are tried in turn, and these are asked most
    path("", home.home, name="home"),
    path("components", gallery.components, name="components"),
    path("healthz", health.health, name="health"),
    path("instance", instance.instance, name="instance"),
    path("language", language.change, name="language"),
    path("manifest.webmanifest", manifest.manifest, name="manifest"),
    *people_urls.urlpatterns,
    *cells_urls.urlpatterns,
    *figures_urls.urlpatterns,
    *reports_urls.urlpatterns,
    *steering_urls.urlpatterns,
    *api_urls.urlpatterns,
    *exchange_urls.urlpatterns,
]
