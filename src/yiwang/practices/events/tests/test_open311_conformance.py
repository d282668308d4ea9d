"""GeoReport v2 in our own words: names, types, defaults and errors of every method, both forms."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils.timezone import localtime, now

from yiwang.kernel.cases import names
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.tests.town import TOWN, Town, make_town
from yiwang.kernel.people.keys import make_key
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places.models import Unit
from yiwang.practices.events.kinds import seed_kinds

pytestmark = pytest.mark.django_db
V2 = "/open311/v2"
Text, Maybe, Number, Flag = str, (str, type(None)), (float, type(None)), bool
# What each answer holds: root element, item element, and each field with its type in JSON.
REQUEST = {
    "service_request_id": Text, "status": Text, "status_notes": Maybe, "service_name": Text,
    "service_code": Text, "description": Maybe, "agency_responsible": Maybe,
    "service_notice": Maybe, "requested_datetime": Text, "updated_datetime": Text,
    "expected_datetime": Maybe, "address": Maybe, "address_id": Maybe, "zipcode": Maybe,
    "lat": Number, "long": Number, "media_url": Maybe, "state": Text}
SHAPES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "services": ("services", "service", {
        "service_code": Text, "service_name": Text, "description": Text, "metadata": Flag,
        "type": Text, "keywords": Text, "group": Text}),
    "requests": ("service_requests", "request", REQUEST),
    "requests/{id}": ("service_requests", "request", REQUEST),
    "requests/{id}/updates": ("service_request_updates", "request_update", {
        "update_id": Text, "service_request_id": Text, "status": Text, "state": Text,
        "description": Text, "updated_datetime": Text}),
    "tokens/{token}": ("service_requests", "request", {"service_request_id": Text, "token": Text}),
}
ERROR = ("errors", "error", {"code": int, "description": Text})
MOMENTS = ("requested_datetime", "updated_datetime", "expected_datetime")


@pytest.fixture
def town(actor: Callable[..., Any]) -> Town:
    names.forget_kinds()
    seed_kinds(by=SYSTEM, at=now())
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu")
    return make_town(localtime() - timedelta(minutes=20), actor)


def both(path: str, status: int, shape: tuple[str, str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The same question in both forms; each checked against the shape, and against the other."""
    name, mark, query = path.partition("?")
    xml, plain = (Client().get(f"{V2}/{name}.{form}{mark}{query}") for form in ("xml", "json"))
    assert (xml.status_code, plain.status_code) == (status, status), plain.content.decode()
    assert xml["Content-Type"] == "text/xml; charset=utf-8"
    assert plain["Content-Type"] == "application/json; charset=utf-8"
    rows: list[dict[str, Any]] = json.loads(plain.content)
    root, item, fields = shape
    tree = ET.fromstring(xml.content)  # noqa: S314  (our own answer)
    assert (tree.tag, {child.tag for child in tree}) == (root, {item} if rows else set())
    for row, element in zip(rows, tree, strict=True):
        _check_row(row, element, fields)
    return rows


def _check_row(row: dict[str, Any], element: ET.Element, fields: dict[str, Any]) -> None:
    assert list(row) == list(fields) == [child.tag for child in element]
    for name, kind in fields.items():
        assert isinstance(row[name], kind), (name, row[name])
        said = str(row[name]).lower() if isinstance(row[name], bool) else row[name]
        assert (element.findtext(name) or None) == (None if said in (None, "") else str(said))
    for name in MOMENTS:
        if row.get(name):
            assert datetime.fromisoformat(row[name]).tzinfo is not None


@pytest.mark.parametrize("path", sorted(SHAPES))
def test_each_method_answers_in_its_shape(town: Town, path: str) -> None:
    case = town.assigned()
    Case.objects.filter(pk=case.pk).update(once_key="t-1")
    assert both(path.format(id=case.number, token="t-1"), 200, SHAPES[path])


@pytest.mark.parametrize(("path", "status"), [
    ("services/none", 404), ("requests/XP-1999-000001", 404), ("tokens/none", 404),
    ("requests/XP-1999-000001/updates", 404), ("none", 404), ("services?jurisdiction_id=9", 404),
    ("requests?service_code=none", 404), ("requests?status=done", 400),
    ("requests?state=nowhere", 400), ("requests?bbox=2,1,1,2", 400),
    ("requests?bbox=nan,1,1,2", 400), ("requests?page_size=0", 400),
    ("requests?start_date=2026-01-01", 400), ("requests?updated_after=x", 400),
    ("requests?updated_after=2020-01-01T00:00:00Z", 200),
    ("requests?updated_after=2020-01-01T00:00:00Z&updated_before=2021-01-01T00:00:00Z", 400),
    ("requests?api_key=yw_wrong", 403), ("requests/x?api_key=yw_wrong", 403),
])
def test_each_error_has_its_status_and_its_body(town: Town, path: str, status: int) -> None:
    rows = both(path, status, ERROR if status != 200 else SHAPES["requests"])
    assert all(row["code"] == status for row in rows)


@pytest.mark.parametrize("path", ["requests.csv", "requests", "services.yaml"])
def test_a_form_that_is_not_spoken_is_no_address(path: str) -> None:
    answer = Client().get(f"{V2}/{path}")
    assert (answer.status_code, ET.fromstring(answer.content).tag) == (404, "errors")  # noqa: S314


def test_beyond_the_quota_it_is_said_when_to_come_again(town: Town) -> None:
    _, secret = make_key("x", ["open311.read"], area=TOWN, hourly=1, by=SYSTEM, at=now())
    first, second = (Client().get(f"{V2}/requests.json?api_key={secret}") for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 429)
    assert 1 <= int(second["Retry-After"]) <= 3600


def _ids(query: str) -> list[str]:
    return [row["service_request_id"] for row in both(f"requests?{query}", 200, SHAPES["requests"])]


def test_states_and_changes_narrow_the_list(town: Town) -> None:
    new, old = town.open(), town.assigned()
    Case.objects.filter(pk=old.pk).update(changed_at=now() - timedelta(days=3),
                                          opened_at=now() - timedelta(days=200))
    assert _ids("state=working,reported") == _ids("") == [new.number]
    day = quote((now() - timedelta(days=4)).isoformat())
    assert _ids(f"updated_after={day}") == [new.number, old.number]
    assert _ids(f"updated_after={day}&state={old.state}") == [old.number]
    assert _ids(f"updated_before={quote((now() - timedelta(days=2)).isoformat())}") == [old.number]


def test_a_box_fills_its_pages_from_what_lies_inside(town: Town) -> None:
    """Not the page is narrowed but the question: others before it take no place."""
    inside = [town.open(longitude=121.87 + n / 1000, latitude=29.89).number for n in range(3)]
    for _ in range(4):
        town.open(longitude=121.5, latitude=29.5)
    town.open(longitude=None, latitude=None)
    box = "bbox=121.86,29.88,121.88,29.90"
    assert _ids(f"{box}&page_size=2") == [inside[2], inside[1]]
    assert _ids(f"{box}&page_size=2&page=2") == [inside[0]]
    assert len(_ids("bbox=100,20,130,40")) == 7


def test_extensions_are_told_where_they_are_asked_for(town: Town) -> None:
    number = town.closed().number
    row = Client().get(f"{V2}/requests/{number}.json?extensions=true").json()[0]
    assert row["extended_attributes"]["case_number"] == number
    assert row["extended_attributes"]["closed_datetime"] == row["updated_datetime"]
    updates = both(f"requests/{number}/updates", 200, SHAPES["requests/{id}/updates"])
    assert [one["status"] for one in updates][-2:] == ["open", "closed"]
