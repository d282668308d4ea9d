"""Open311 GeoReport v2 as its clients meet it: both formats, errors, keys, defaults, privacy."""

import json
import re
import shlex
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.test import Client
from django.utils.timezone import localtime, now
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.cases import names
from yiwang.kernel.cases.models import Case, Reporter
from yiwang.kernel.cases.tests.town import TOWN, Town, make_town
from yiwang.kernel.people.keys import end_key, make_key
from yiwang.kernel.people.models import ApiKey, Person, Term
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places.actions import draw_cell
from yiwang.kernel.places.models import Unit
from yiwang.kernel.records.sealed import unseal
from yiwang.practices.events.api.open311.answers import Items, listed
from yiwang.practices.events.kinds import seed_kinds

pytestmark = pytest.mark.django_db
V2 = "/open311/v2"
TUTORIAL = Path(__file__).resolve().parents[5] / "docs" / "open311.md"
PILE = {"service_code": "GB2021-E.01.10", "address_string": "霞浦中路 12 号旁",
        "description": "垃圾堆到桶外", "first_name": "芳", "last_name": "王",
        "phone": "13800001234"}


@pytest.fixture
def town(actor: Callable[..., Any]) -> Town:
    names.forget_kinds()
    seed_kinds(by=SYSTEM, at=now())
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu")
    Unit.objects.create(code=f"{TOWN}221", name="霞南村", name_en="Xianan")
    return make_town(localtime() - timedelta(minutes=20), actor)


@pytest.fixture
def secret() -> str:
    return make_key("小程序", ["open311.write"], area=TOWN, by=SYSTEM, at=now())[1]


def tree_of(body: bytes) -> ET.Element:
    return ET.fromstring(body)  # noqa: S314  (our own answer)


def got(path: str, status: int = 200) -> Any:
    """The same question in both formats: the JSON, once both have the wanted status and type."""
    client = Client()
    xml = client.get(f"{V2}/{path.replace('.*', '.xml')}")
    found = client.get(f"{V2}/{path.replace('.*', '.json')}")
    assert (xml.status_code, found.status_code) == (status, status), xml.content
    assert xml["Content-Type"] == "text/xml; charset=utf-8"
    assert found["Content-Type"] == "application/json; charset=utf-8"
    assert xml.content.lower().startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    tree_of(xml.content)
    return json.loads(found.content)


def sent(secret: str, status: int = 201, **more: str) -> Any:
    answer = Client().post(f"{V2}/requests.json", {"api_key": secret, **PILE, **more})
    assert answer.status_code == status, answer.content.decode()
    return json.loads(answer.content)


def test_discovery_names_every_field_in_both_formats() -> None:
    found = got("discovery.*")
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    assert datetime.fromisoformat(found["changeset"]) < now()
    endpoint = found["endpoints"][0]
    assert endpoint["url"].endswith("/open311/v2")
    assert endpoint["formats"] == ["text/xml", "application/json"]
    assert endpoint["type"] == "production"


def test_services_come_from_the_class_list(town: Town) -> None:
    services = got("services.*")
    codes = {service["service_code"] for service in services}
    assert "GB2021-E.01.10" in codes
    assert "GB2021-E.01" not in codes  # nobody reports under a heading
    assert {service["type"] for service in services} == {"realtime"}
    found = got("services/GB2021-E.01.10.*")
    assert found["service_code"] == "GB2021-E.01.10"
    assert "时限" in found["attributes"][0]["description"]
    assert got("services/nothing.*", 404)[0]["code"] == 404
    xml = tree_of(Client().get(f"{V2}/services.xml").content)
    assert xml.tag == "services"
    assert {service.findtext("service_code") for service in xml.findall("service")} == codes


def test_a_report_comes_in_once_and_is_found_by_id_and_token(town: Town, secret: str) -> None:
    first = sent(secret, token="a-1")
    assert sent(secret, token="a-1") == first  # sent again: the same case
    number = first[0]["service_request_id"]
    case = Case.objects.get(number=number)
    assert (case.channel, case.kind, case.area) == ("open311", "GB2021/E.01.10", TOWN)
    assert case.opened_by.startswith("key/")
    assert unseal(Reporter.objects.get(case=case).name_sealed) == "王芳"
    row = got(f"requests/{number}.*")[0]
    assert (row["service_request_id"], row["status"]) == (number, "open")
    assert got("tokens/a-1.*") == [{"service_request_id": number, "token": "a-1"}]
    assert got("tokens/a-2.*", 404)[0]["code"] == 404
    assert got("requests/XP-1999-000001.*", 404)[0]["description"]


def test_nothing_that_names_or_places_a_person_is_told(town: Town, secret: str) -> None:
    number = sent(secret)[0]["service_request_id"]
    raw = Client().get(f"{V2}/requests/{number}.json").content.decode()
    for word in ("王", "13800001234", "垃圾堆到桶外", "12 号"):
        assert word not in raw


@pytest.mark.parametrize(("more", "status", "said"), [
    ({"api_key": ""}, 403, "密钥"),
    ({"api_key": "yw_wrong"}, 403, "密钥"),
    ({"service_code": "GB2021-E.99.99"}, 404, "没有"),
    ({"address_string": ""}, 400, "lat"),
    ({"lat": "95", "long": "121"}, 400, "lat"),
    ({"lat": "nan", "long": "121"}, 400, "lat"),
    ({"lat": "29.8"}, 400, "long"),
    ({"lat": "10", "long": "10"}, 400, "不在本镇街"),
    ({"address_id": "000000000000"}, 400, "没有这个地点"),
    ({"description": "长" * 4001}, 400, "4000"),
    ({"phone": "电话"}, 400, "phone"),
])
def test_what_is_wrong_is_said_with_the_right_status(
    town: Town, secret: str, more: dict[str, str], status: int, said: str,
) -> None:
    wrong = sent(secret, status, **more)
    assert {error["code"] for error in wrong} == {status}
    assert said in wrong[0]["description"]
    assert not Case.objects.exists()


def test_a_key_has_a_quota_and_an_end(town: Town) -> None:
    key, secret = make_key("限量", ["open311.write"], area=TOWN, hourly=2, by=SYSTEM, at=now())
    assert secret not in (key.digest, key.hint)
    for _ in range(2):
        sent(secret)
    assert sent(secret, 429)[0]["code"] == 429
    end_key(key, by=SYSTEM, at=now())
    sent(secret, 403)


def _numbers(query: str) -> list[str]:
    return [row["service_request_id"] for row in got(f"requests.*?{query}")]


def _opened(case: Any, days: float) -> str:
    Case.objects.filter(pk=case.pk).update(opened_at=now() - timedelta(days=days))
    return str(case.number)


def test_the_list_is_of_ninety_days_and_narrows(town: Town) -> None:
    new, older = _opened(town.open(), 1), _opened(town.closed(), 80)
    oldest = _opened(town.open(kind="GB2021/E.01.10"), 100)
    assert _numbers("") == [new, older]
    assert _numbers("status=closed") == [older]
    assert _numbers("status=open,closed") == [new, older]
    assert _numbers("service_code=GB2021-E.01.10") == []
    since = (now() - timedelta(days=101)).isoformat().replace("+", "%2B")
    assert _numbers(f"start_date={since}&service_code=GB2021-E.01.10") == [oldest]
    assert _numbers(f"service_request_id={oldest}&status=closed&start_date=x") == [oldest]
    assert _numbers("page_size=1&page=2") == [older]
    assert _numbers("jurisdiction_id=330206005221") == [new, older]
    assert got("requests.*?jurisdiction_id=999", 404)[0]["code"] == 404


@pytest.mark.parametrize("query", [
    "status=done", "start_date=2026-01-01T00:00:00", "start_date=gestern", "page=0", "page=x",
    "page_size=1001", "bbox=1,2,3", "start_date=2020-01-01T00:00:00Z&end_date=2021-01-01T00:00:00Z",
    "end_date=2020-01-01T00:00:00Z&start_date=2021-01-01T00:00:00Z",
])
def test_questions_that_make_no_sense_are_refused(town: Town, query: str) -> None:
    assert got(f"requests.*?{query}", 400)[0]["code"] == 400


def test_moments_have_their_zone_and_ids_are_text(town: Town) -> None:
    row = got(f"requests/{town.assigned().number}.*")[0]
    for name in ("requested_datetime", "updated_datetime", "expected_datetime"):
        assert datetime.fromisoformat(row[name]).tzinfo is not None
    assert isinstance(row["service_request_id"], str)
    assert row["agency_responsible"] == "城建管理办公室"


def test_a_box_tells_no_more_than_the_answer(town: Town) -> None:
    """Inside or outside is decided by the coarse spot that is told, not by the true one."""
    case = town.open(longitude=121.87001, latitude=29.89001)
    row = got(f"requests/{case.number}.*")[0]
    lon, lat = row["long"], row["lat"]
    near = f"{lon - 0.00001},{lat - 0.00001},{lon + 0.00001},{lat + 0.00001}"
    assert _numbers(f"bbox={near}") == [case.number]
    assert _numbers("bbox=120,29,121,30") == []


def test_unknown_addresses_and_methods_answer_in_kind() -> None:
    assert got("nothing.*", 404)[0]["code"] == 404
    answer = Client().post(f"{V2}/services.json")
    assert (answer.status_code, json.loads(answer.content)[0]["code"]) == (405, 405)


@given(text=st.text(max_size=60))
def test_any_text_makes_well_formed_xml(text: str) -> None:
    answer = listed("errors", Items("error", [{"code": 1, "description": text}]), "xml")
    kept = tree_of(answer.content).findtext("error/description") or ""
    assert len(kept) <= len(text)


def test_the_key_page_shows_the_secret_once(town: Town, client: Client) -> None:
    person = Person.objects.create(account="sys", name="Lu")
    Term.objects.create(person=person, role="system_admin", area=TOWN, since=date(2020, 1, 1))
    client.force_login(person)
    made = client.post("/api-keys/new", {"name": "小程序", "area": TOWN, "hourly": "10",
                                         "scopes": ["open311.write"]}).content.decode()
    secret = made.partition("data-secret>")[2].partition("<")[0]
    assert sent(secret)[0]["service_request_id"]
    listed_page = client.get("/api-keys").content.decode()
    assert secret not in listed_page
    assert secret[-4:] in listed_page
    key = ApiKey.objects.get()
    assert client.post(f"/api-keys/{key.pk}/end").status_code == 302
    sent(secret, 403)
    elsewhere = client.post("/api-keys/new", {"name": "x", "area": "330299001", "hourly": "10",
                                              "scopes": ["open311.write"]})
    assert elsewhere.status_code == 422


def test_the_tutorial_does_what_it_says(town: Town, secret: str) -> None:
    """The commands of docs/open311.md, sent as they stand there, with a key of this test."""
    draw_cell(code=f"{TOWN}221001", name="霞南 1", since=date(2020, 1, 1), by=SYSTEM, at=now(),
              geometry={"type": "Polygon", "coordinates": [[
                  [121.86, 29.88], [121.88, 29.88], [121.88, 29.90], [121.86, 29.90],
                  [121.86, 29.88]]]})
    words = shlex.split(re.findall(r"```sh\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL)[0])
    address = next(word for word in words if word.startswith("http"))
    given = dict(words[place + 1].split("=", 1) for place, word in enumerate(words)
                 if word in ("-d", "--data-urlencode"))
    answer = Client().post(urlsplit(address).path, {**given, "api_key": secret})
    assert answer.status_code == 201, answer.content.decode()
    told = json.loads(answer.content)[0]
    assert Case.objects.get(number=told["service_request_id"]).area == f"{TOWN}221001"
    assert got(f"requests/{told['service_request_id']}.*")[0]["lat"] is not None
    assert Client().get(f"/f/{told['follow_code']}").status_code == 200
