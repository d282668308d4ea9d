"""Each look at a name or number, each file of cases taken along, leaves an entry: who and when."""

import pytest
from tests.permissions.two_towns import Side, lay_out, phone_of
from tests.permissions.walk import BY_NAME, ROUTES, ask, typed

from yiwang.kernel.people.rules import CAPABILITIES
from yiwang.kernel.records.models import TrailEntry

pytestmark = pytest.mark.django_db


def looks(who: str, side: Side) -> list[TrailEntry]:
    return list(TrailEntry.objects.filter(by=f"person/{side.people[who].pk}").order_by("id"))


def name_of(side: Side) -> str:
    """Who reported the cases of a side, in full."""
    return f"人{side.mark}"


def test_a_name_or_number_in_full_is_never_shown_without_an_entry() -> None:
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
                if phone_of(own) in answer.said or name_of(own) in answer.said:
                    assert len(answer.left) > before, f"{route.name} {method} shows it silently"
                    shown[route.name] = answer.left[-1:]
    assert shown.keys() == {"case-contact", "person-phone"}
    contact, phone = shown["case-contact"][0], shown["person-phone"][0]
    assert (contact.stream, contact.verb) == (f"contact/{own.things['case'].pk}", "unmask")
    assert (phone.stream, phone.verb) == (f"person/{own.people['worker'].pk}", "phone_shown")


FILES = {"figure-file": "figure/events.open", "import-rejected": "import/"}


@pytest.mark.parametrize("route", FILES)
def test_a_file_of_cases_is_taken_along_with_one_entry(route: str) -> None:
    own, _ = lay_out()
    client, before = own.client("worker"), len(looks("worker", own))
    answer = ask(client, "GET", BY_NAME[route].of(own), {}, lambda: looks("worker", own))
    assert answer.status_code == 200
    (entry,) = answer.left[before:]
    assert entry.verb == "rows_exported"
    assert entry.note["what"].startswith(FILES[route])
    assert own.mark not in str(entry.note)
