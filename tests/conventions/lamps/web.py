"""Faces of street lamps."""

from django.http import HttpResponse
from django.shortcuts import render

from yiwang.shell.doors import Asked, door

from .queries import lamps_seen_by


@door("case.view")
def list_page(request: Asked) -> HttpResponse:
    """The list."""
    return render(request, "lamps/list.html", {"lamps": lamps_seen_by(request.actor)})
