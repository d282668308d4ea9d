"""Addresses of OGC API Features, under ``/ogc/``."""

from django.urls import URLPattern, path

from . import pages

urlpatterns: list[URLPattern] = [
    path("ogc/", pages.landing, name="features-landing"),
    path("ogc/conformance", pages.conformance, name="features-conformance"),
    path("ogc/api", pages.api, name="features-api"),
    path("ogc/collections", pages.collections, name="features-collections"),
    path("ogc/collections/<str:name>", pages.collection, name="features-collection"),
    path("ogc/collections/<str:name>/items", pages.items, name="features-items"),
    path("ogc/collections/<str:name>/items/<str:number>", pages.one, name="features-one"),
]
