"""Addresses for machines."""

from django.urls import URLPattern

from .features.urls import urlpatterns as features
from .open311.urls import urlpatterns as open311

urlpatterns: list[URLPattern] = [*open311, *features]
