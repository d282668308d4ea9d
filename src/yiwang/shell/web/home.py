"""The first page: straight to the reader's own work."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from yiwang.kernel.people.rules import Actor, can_somewhere
from yiwang.shell.doors import Asked, signed_in
from yiwang.shell.menu import address

# The first capability held decides; the page a person spends the day on comes first.
FIRST_PAGES: tuple[tuple[str, str], ...] = (
    ("case.triage", "desk"),
    ("case.check", "phone-today"),
    ("case.handle", "desk"),
    ("case.review", "cockpit"),
    ("figures.view", "cockpit"),
    ("people.edit", "people"),
    ("terms.edit", "terms"),
    ("trail.read", "audit"),
)


@signed_in
def home(request: Asked) -> HttpResponse:
    """Redirect to the page the person works on; a list of doors where there is none."""
    first = first_page(request.actor)
    return redirect(first) if first else render(request, "shell/home.html")


def first_page(actor: Actor) -> str:
    """The address of the page this actor works on; empty where none is switched on."""
    pages = (address(name) for held, name in FIRST_PAGES if can_somewhere(actor, held))
    return next((page for page in pages if page), "")
