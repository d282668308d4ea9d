"""Addresses of street lamps, under ``/lamps/``."""

from django.urls import path

from .web import list_page

urlpatterns = [path("", list_page, name="lamps-list")]
