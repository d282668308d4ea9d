"""What happens in another sub-district changes nothing a reader sees: no row, no count, no byte."""

import re

import pytest
from django.db import transaction
from django.utils.timezone import now
from tests.permissions.two_towns import KIND, Side, lay_out
from tests.permissions.walk import ROUTES, ask

from yiwang.kernel.cases.opening import NewCase, open_case
from yiwang.kernel.people.rules import SYSTEM

pytestmark = pytest.mark.django_db
# What differs from one answer to the next by itself: tokens, nonces, moments, digests of them.
CHANGING = re.compile(r"[\d.]+%|nonce[-=][\"']?[\w+/=-]+|\b[A-Za-z0-9]{64}\b|\b[0-9a-f]{32}\b|"
                      r"\d{4}-\d\d-\d\dT[\d:.+Z-]+|\d{1,2}:\d\d(:\d\d)?|'(ETag|Content-Length)', "
                      r"'[^']*'|[\d.]+ ?(minutes?|seconds?|min|小时|分钟|分|秒|h\b)")
NEW_EACH_TIME = {"second-factor"}  # a secret drawn at every look
LISTS = [route for route in ROUTES if route.name not in NEW_EACH_TIME and not route.is_public
         and not route.is_of_keys and ("<" not in route.path or route.name.startswith("figure"))]


@pytest.fixture
def sides() -> tuple[Side, Side]:
    return lay_out()


def shown(side: Side) -> dict[str, str]:
    """Every list of the side's worker, without what changes by itself."""
    client = side.client("worker")
    return {route.name: CHANGING.sub("~", ask(client, "GET", route.of(side), {"tab": "open"}).said)
            for route in LISTS}


def test_a_case_elsewhere_changes_no_list_and_no_count(sides: tuple[Side, Side]) -> None:
    theirs, own = sides
    shown(own)  # caches settle
    before = shown(own)
    with transaction.atomic():
        for _ in range(3):
            open_case(NewCase("events", "event", "Q5", KIND, "别处的事", "别处", "resident",
                              theirs.cell, {"longitude": 121.865, "latitude": 29.895}),
                      by=SYSTEM, at=now())
        during = shown(own)
        transaction.set_rollback(True)
    after = shown(own)  # what a minute has changed meanwhile stays changed without those cases
    assert [page for page in before if before[page] != during[page] != after[page]] == []
    open_case(NewCase("events", "event", "Q6", KIND, "这里的事", "这里", "resident", own.cell),
              by=SYSTEM, at=now())
    changed = {name for name, said in shown(own).items() if said != after[name]}
    assert {"desk", "figure", "figure-file", "cockpit"} <= changed, "the comparison is not blind"
