"""The JSON API as a program meets it: scopes, lists, cursors, reports, figures, languages."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from yiwang.kernel.cases.models import Case, Reporter
from yiwang.kernel.cases.tests.town import TOWN, Town
from yiwang.kernel.people.keys import end_key, make_key
from yiwang.kernel.people.models import ApiKey, Person, Term
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records.sealed import unseal

from .api_ground import V1, Caller, caller, ground

pytestmark = pytest.mark.django_db
PILE = {"kind": "GB2021/E.01.10", "text": "垃圾堆到桶外", "place": f"{TOWN}221",
        "reporter": {"name": "王芳", "phone": "13800001234"}}


@pytest.fixture
def town(actor: Callable[..., Any]) -> Town:
    return ground(actor)


def numbers(answer: Any) -> list[str]:
    return [item["number"] for item in answer["items"]]


def test_without_a_key_nothing_is_told(town: Town) -> None:
    for headers in ({}, {"Authorization": "Bearer yw_wrong"}, {"Authorization": "Basic eDp5"}):
        answer = Client().get(f"{V1}/cases", headers=headers)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")
        assert json.loads(answer.content)["type"].endswith("/api/v1/docs#no-token")


def test_a_cookie_is_no_key(town: Town) -> None:
    client = Client()
    client.force_login(Person.objects.get(account="desk"))
    assert client.get(f"{V1}/cases").status_code == 401


def test_a_key_does_only_what_it_was_made_for(town: Town) -> None:
    reads = caller("desk", ["cases:read"])
    assert [scope["id"] for scope in reads.get("/me")["scopes"]] == ["cases:read"]
    assert reads.get("/figures", 403)["code"] == "no_scope"
    case = town.open()
    assert reads.post(f"/cases/{case.id}/moves", {"move": "assign"}, 403, If_Match="*")
    assert reads.post("/cases", PILE, 403)["status"] == 403
    assert caller("desk", ["cases:write"]).get("/cases", 403)["code"] == "no_scope"


def test_a_key_reaches_no_further_than_its_person(town: Town) -> None:
    handled, other = town.assigned(), town.open()
    assert numbers(caller("build").get("/cases")) == [handled.number]
    office = caller("build")
    assert office.get(f"/cases/{handled.id}")["number"] == handled.number
    for path in ("", "/trail", "/moves"):
        assert office.get(f"/cases/{other.id}{path}", 404)["code"] == "not_found"
    assert caller("sys").get("/cases", 403)["code"] == "not_allowed"
    before = caller("desk")
    Term.objects.filter(person__account="desk").update(until=date(2020, 1, 2))
    assert before.get("/cases", 403)["code"] == "not_allowed"


def test_a_key_ends_runs_out_and_has_a_quota(town: Town) -> None:
    desk = caller("desk", hourly=2)
    desk.get("/me")
    desk.get("/me")
    assert "密钥" in desk.get("/me", 429)["detail"]
    assert 0 < int(desk.headers["Retry-After"]) <= 3600
    for change in ({"until": date(2020, 1, 1)}, {"ended_at": now(), "until": None}):
        ApiKey.objects.update(hourly=100, **change)
        assert desk.get("/me", 401)["code"] == "bad_key"
    ApiKey.objects.update(ended_at=None)
    desk.get("/me")
    Person.objects.update(is_active=False)
    desk.get("/me", 401)


def test_a_system_has_an_account_without_roles_until_it_is_given_one(town: Town) -> None:
    key, secret = make_key("县平台", ["cases:read"], area=TOWN, by=SYSTEM, at=now())
    county = Caller(secret)
    assert county.get("/cases", 403)["code"] == "not_allowed"
    assert key.person is not None
    assert not key.person.has_usable_password()
    Term.objects.create(person=key.person, role="leader", area=TOWN, since=date(2020, 1, 1))
    case = town.open()
    assert numbers(county.get("/cases")) == [case.number]
    assert not county.get(f"/cases/{case.id}/moves")["items"]
    end_key(key, by=SYSTEM, at=now())
    county.get("/cases", 401)


def test_the_list_is_the_desks_list(town: Town) -> None:
    opened, assigned, closed = town.open(), town.assigned(), town.closed()
    desk = caller("desk")
    assert set(numbers(desk.get("/cases"))) == {opened.number, assigned.number}
    assert numbers(desk.get("/cases", tab="dispatch")) == [opened.number]
    assert numbers(desk.get("/cases", tab="closed")) == [closed.number]
    assert numbers(desk.get("/cases", team=str(town.build.id))) == [assigned.number]
    assert numbers(desk.get("/cases", kind="GB2021/E.01")) == []
    assert numbers(desk.get("/cases", q=opened.number)) == [opened.number]
    row = desk.get("/cases", state="assigned")["items"][0]
    assert (row["id"], row["holder"]["name"]) == (str(assigned.id), "城建管理办公室")
    assert datetime.fromisoformat(row["opened_at"]).utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(("query", "field"), [
    ({"tab": "all"}, "tab"), ({"state": "done"}, "state"), ({"track": "x/y"}, "track"),
    ({"limit": 101}, "limit"), ({"limit": "x"}, "limit"), ({"since": "gestern"}, "since"),
    ({"since": "0001-01-01"}, "since"), ({"team": "7"}, "team"), ({"area": "x"}, "area"),
    ({"q": "\0"}, "q"), ({"cursor": "x"}, "cursor"),
])
def test_a_question_that_makes_no_sense_names_its_field(
    town: Town, query: dict[str, Any], field: str,
) -> None:
    wrong = caller("desk", language="en").get("/cases", 422, **query)
    assert [error["field"] for error in wrong["errors"]] == [field]
    assert wrong["errors"][0]["detail"].isascii()


@pytest.mark.parametrize("tab", ["dispatch", "closed"])
def test_pages_hold_every_row_once_while_rows_come_in(town: Town, tab: str) -> None:
    make = town.open if tab == "dispatch" else town.closed
    there = {make().number for _ in range(5)}
    desk = caller("desk")
    seen, page = [], desk.get("/cases", tab=tab, limit=2)
    while page["next_cursor"]:
        seen += numbers(page)
        make()
        link = desk.headers["Link"]
        assert link.endswith('; rel="next"')
        page = desk.get(link[len("<http://testserver" + V1):].partition(">")[0])
    seen += numbers(page)
    assert there <= set(seen)
    assert len(seen) == len(set(seen))
    assert "Link" not in desk.headers


def test_a_cursor_is_of_its_question_and_of_ours(town: Town) -> None:
    town.open()
    town.open()
    desk = caller("desk")
    cursor = desk.get("/cases", limit=1)["next_cursor"]
    assert desk.get("/cases", limit=7, cursor=cursor)["items"]
    desk.get("/cases", 422, tab="closed", cursor=cursor)
    desk.get("/cases", 422, limit=1, cursor=cursor[:-1] + ("A" if cursor[-1] != "A" else "B"))


def test_a_report_opens_a_case_with_its_reporter_sealed(town: Town) -> None:
    desk = caller("desk")
    assert caller("build", ["cases:read"]).post("/cases", PILE, 403)
    worker = caller("worker")
    made = worker.post("/cases", PILE, 201)
    assert worker.headers["Location"] == f"/api/v1/cases/{made['id']}"
    case = Case.objects.get(number=made["number"])
    assert (case.area, case.channel) == (f"{TOWN}221", "app")
    assert case.opened_by == town.people["worker"].ref
    assert unseal(Reporter.objects.get(case=case).name_sealed) == "王芳"
    told = desk.get(f"/cases/{made['id']}")
    assert told["reporter"] == {"name": "王**", "phone": "138****1234"}
    assert desk.headers["ETag"] == f'"{told["version"]}"'


@pytest.mark.parametrize(("more", "field"), [
    ({"kind": "GB2021/E.99"}, "kind"), ({"place": "000"}, "place"), ({"place": ""}, "place"),
    ({"text": ""}, "text"), ({"text": "长" * 10_001}, "text"), ({"smell": "bad"}, "smell"),
    ({"point": {"longitude": 181, "latitude": 0}}, "point.longitude"),
    ({"reporter": {"phone": "电话"}}, "phone"), ({"channel": "split"}, "channel"),
    ({"text": "a\0b"}, "text"), ({"text": "\ud800"}, "text"), ({"point": "x"}, "point"),
])
def test_a_report_that_will_not_do_names_its_field(
    town: Town, more: dict[str, Any], field: str,
) -> None:
    wrong = caller("desk").post("/cases", {**PILE, **more}, 422)
    assert field in [error["field"] for error in wrong["errors"]]
    assert not Case.objects.exists()


def test_what_is_no_json_is_malformed(town: Town) -> None:
    headers = {"Authorization": f"Bearer {caller('desk').secret}"}
    for body in (b"{", b"\xff\xfe", b"[" * 50_000):
        answer = Client().post(f"{V1}/cases", body, "application/json", headers=headers)
        assert answer.status_code in (400, 422)
        assert answer["Content-Type"] == "application/problem+json"
    large = Client().post(f"{V1}/cases", b" " * 3_000_000, "application/json", headers=headers)
    assert large.status_code == 413


def test_the_language_asked_for_is_spoken(town: Town) -> None:
    assert caller("desk", language="en-GB, zh;q=0.5").get("/nothing", 404)["title"] == "Not found"
    assert caller("desk", language="fr, zh;q=0.5").get("/nothing", 404)["title"] == "没有"
    english = caller("desk", language="en")
    assert english.get("/cases/7", 404)["detail"].isascii()
    kinds = english.get("/kinds", under="GB2021/E.01.10")["items"]
    assert [(kind["code"], kind["reportable"]) for kind in kinds] == [("GB2021/E.01.10", True)]
    assert kinds[0]["name"].isascii()
    assert english.headers["Content-Language"] == "en"


def test_places_are_those_of_the_pages(town: Town) -> None:
    desk = caller("desk")
    assert [unit["code"] for unit in desk.get("/units")["items"]] == [TOWN, f"{TOWN}221"]
    first = desk.get("/units", limit=1)
    following = desk.get("/units", limit=1, cursor=first["next_cursor"])
    assert [unit["code"] for unit in following["items"]] == [f"{TOWN}221"]
    cell = desk.get("/cells", under=f"{TOWN}221")["items"][0]
    assert (cell["code"], cell["has_boundary"]) == (f"{TOWN}221001", True)
    assert desk.get(f"/cells/{cell['code']}")["geometry"]["type"] == "Polygon"
    desk.get("/cells/999", 404)
    located = desk.get("/locate", longitude=121.87, latitude=29.89)["cells"]
    assert [cell["id"] for cell in located] == [f"{TOWN}221001"]
    place = desk.get("/places")["items"][0]
    assert (place["name"], place["area"]) == ("霞南菜场", f"{TOWN}221001")
    Term.objects.filter(person__account="worker").update(area=f"{TOWN}999")
    worker = caller("worker")
    for path in ("/units", "/cells", "/places"):
        assert worker.get(path)["items"] == []
    assert worker.get("/locate", longitude=121.87, latitude=29.89)["cells"] == []


def test_figures_are_the_cockpits(town: Town) -> None:
    town.open()
    town.closed()
    desk = caller("desk")
    codes = {figure["code"] for figure in desk.get("/figures")["items"]}
    assert {"events.open", "events.in_time"} <= codes
    figure = desk.get("/figures/events.open")
    assert (figure["value"], figure["unit"]) == (1.0, "件")
    assert datetime.fromisoformat(figure["as_of"]).utcoffset() == timedelta(hours=8)
    assert desk.get("/figures/events.open", by="kind", key="GB2021/E.01")["value"] == 0
    assert desk.get("/figures/events.open", 422, by="area", key="x")["code"] == "not_understood"
    assert desk.get("/figures/events.open", 422, since="2026-02-01", until="2026-01-01")
    desk.get("/figures/events.nothing", 404)
    assert desk.get("/figures/events.stars")["value"] is None


def test_a_list_costs_the_same_at_one_row_and_at_three(town: Town) -> None:
    desk = caller("desk")
    town.assigned()
    desk.get("/cases")
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            desk.get("/cases")
        asked.append(len(queries))
        town.assigned()
        town.open()
    assert asked[0] == asked[1]
    assert asked[0] <= 12
    counted = [query["sql"] for query in queries if "COUNT(" in query["sql"].upper()]
    assert not counted


def test_methods_and_addresses_that_are_not_there(town: Town) -> None:
    answer = Client().delete(f"{V1}/cases")
    assert (answer.status_code, answer["Content-Type"]) == (405, "application/problem+json")
    assert set(answer["Allow"].split(", ")) == {"GET", "POST"}
    assert Client().head(f"{V1}/me").status_code == 401
    assert Client().get(f"{V1}/nothing/at/all").status_code == 404
