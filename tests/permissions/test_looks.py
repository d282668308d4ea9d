"""Each look at somebody's number leaves an entry: who, when, whose, and by which step."""

import pytest
from tests.permissions.two_towns import Side, lay_out, phone_of
from tests.permissions.walk import ROUTES, ask, typed

from yiwang.kernel.people.rules import CAPABILITIES
from yiwang.kernel.records.models import TrailEntry

pytestmark = pytest.mark.django_db


def looks(who: str, side: Side) -> list[TrailEntry]:
    return list(TrailEntry.objects.filter(by=f"person/{side.people[who].pk}"))


def test_a_number_in_full_is_never_shown_without_an_entry() -> None:
    """Over every address, page and form, as those who may see the most."""
    own, _ = lay_out()
    shown: dict[str, list[TrailEntry]] = {}
    for who in ("worker", "admins"):
        client, before = own.client(who), len(looks(who, own))
        for route in ROUTES:
            for method in ("GET", "POST"):
                if route.door not in (*CAPABILITIES, "signed in"):
                    continue
                answer = ask(client, method, route.of(own), typed(own) if method == "POST" else {},
                             lambda who=who: looks(who, own))  # type: ignore[misc]
                if phone_of(own) in answer.said:
                    assert len(answer.left) > before, f"{route.name} {method} shows it silently"
                    shown[route.name] = answer.left[-1:]
    assert shown.keys() == {"case-contact", "person-phone"}
    contact, phone = shown["case-contact"][0], shown["person-phone"][0]
    assert (contact.stream, contact.verb) == (f"contact/{own.things['case'].pk}", "unmask")
    assert (phone.stream, phone.verb) == (f"person/{own.people['worker'].pk}", "phone_shown")
