"""One case has one lamp: on the desk, in the cockpit, on the public map, for its reporter."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from yiwang.shell.tests.case_ground import Town, make_town

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return make_town()


def points_of(page: str, block: str) -> list[dict[str, Any]]:
    found = re.search(rf'<script id="{block}" type="application/json">(.*?)</script>', page)
    assert found
    return list(json.loads(found.group(1)))


def lamps_of(town: Town, case: Any) -> dict[str, str]:
    """The lamp of the only case, wherever it is shown."""
    desk = town.client("dispatcher").get("/events/map.json?tab=all").json()["points"]
    board = points_of(town.client("leader").get("/cockpit/").content.decode(), "c-points")
    public = points_of(Client().get("/m").content.decode(), "points")
    own = Client().get(f"/f/{case.follow_code}").content.decode()
    followed = re.search(r'now-line"><span class="chip (\w+)', own)
    return {"desk": desk[0]["lamp"], "cockpit": board[0]["lamp"], "public": public[0]["lamp"],
            "follow": followed.group(1) if followed else ""}


@pytest.mark.parametrize(("used", "lamp"), [(1, "ok"), (6, "warn"), (9, "bad"), (12, "bad")])
def test_a_case_has_the_same_lamp_everywhere(town: Town, used: int, lamp: str) -> None:
    case = town.case()
    begun = now() - timedelta(hours=used)
    due = begun + timedelta(hours=10)
    clock = {**case.clocks["dispatch"], "kind": "emergency_hours", "amount": 10,
             "original_amount": 10, "started_at": begun.isoformat(), "due_at": due.isoformat()}
    case.clocks = {"dispatch": clock}
    case.due_at = due
    case.save(update_fields=["clocks", "due_at"])
    assert lamps_of(town, case) == dict.fromkeys(("desk", "cockpit", "public", "follow"), lamp)
