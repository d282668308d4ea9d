"""What every page's frame needs: language, town, the reader's menu and roles."""

import time

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from yiwang.algorithms.words import Words, reading_language
from yiwang.kernel import rows
from yiwang.kernel.people.rules import RESIDENT, ROLES, Actor, can_somewhere
from yiwang.kernel.places.models import Unit

from .menu import groups_for

TOWNS_HOLD = 60.0  # seconds a worker trusts a town's name: it stands on every page
_towns: dict[str, tuple[float, Words]] = {}
TOWN_LENGTH = 9  # a town's or sub-district's statistics code has nine digits (GB/T 10114)


def frame(request: HttpRequest) -> dict[str, object]:
    """Template context of the base page. What costs a query is asked only where it is shown."""
    actor: Actor = getattr(request, "actor", RESIDENT)
    return {
        "language": reading_language(),
        "user": getattr(request, "user", AnonymousUser()),
        "town": SimpleLazyObject(lambda: town_of(actor)),
        "menu": SimpleLazyObject(lambda: groups_for(actor, request.path)),
        "may_search": SimpleLazyObject(lambda: can_somewhere(actor, "case.view")),
        "roles": SimpleLazyObject(lambda: roles_of(actor)),
        "messages": get_messages(request),
    }


def roles_of(actor: Actor) -> tuple[Words, ...]:
    """The titles of the roles an actor holds now, each once."""
    codes = dict.fromkeys(grant.role for grant in actor.grants)
    return tuple(ROLES[code].title for code in codes if code in ROLES)


def town_of(actor: Actor) -> Words:
    """The name of the town the actor works in; empty for somebody without a scope."""
    areas = sorted((grant.area for grant in actor.grants if grant.area), key=len)
    if not areas:
        return Words("", "")
    code = areas[0][:TOWN_LENGTH]
    known = _towns.get(code)
    if known is None or time.monotonic() - known[0] > TOWNS_HOLD:
        unit = rows.one(Unit, code=code)
        name = Words(unit.name, unit.name_en or unit.name) if unit else Words("", "")
        known = (time.monotonic() if unit else float("-inf"), name)
        _towns[code] = known
    return known[1]
