"""Addresses of daily events, under ``/events/``."""

from django.urls import URLPattern

from .web.desk_urls import urlpatterns as desk
from .web.import_urls import urlpatterns as imports

urlpatterns: list[URLPattern] = [*desk, *imports]
