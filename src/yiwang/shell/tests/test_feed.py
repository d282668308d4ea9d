"""The calendar of deadlines: read back by icalendar, private, ended with its key, cheap to ask."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now
from icalendar import Calendar

from yiwang.algorithms.working_time import ZONE
from yiwang.kernel.cases.models import Case, Kind
from yiwang.kernel.cases.moves import make_move
from yiwang.kernel.cases.names import forget_kinds
from yiwang.kernel.people.actions import deactivate_person
from yiwang.kernel.people.address_keys import HOURLY, renew_address
from yiwang.kernel.people.keys import make_own_key
from yiwang.kernel.people.models import ApiKey, KeyReading, Person
from yiwang.kernel.people.rules import SYSTEM
from yiwang.practices.events.kinds import seed_kinds

from .case_ground import Town, make_town, outcome

pytestmark = pytest.mark.django_db
PAGE = "/account/calendar"
GIVEN_AWAY = ("张三丰", "13812341234", "王阿姨", "请处理", "121.87")


@pytest.fixture
def town() -> Town:
    made = make_town()
    seed_kinds(by=SYSTEM, at=now())
    forget_kinds()
    return made


def address(town: Town, who: str = "office") -> str:
    """A new address of that person, as the page shows it, without its host."""
    shown = town.client(who).post(f"{PAGE}/new").content.decode()
    found = re.search(r'value="http://testserver(/calendar/[\w-]+\.ics)"', shown)
    assert found
    return found[1]


def entries(path: str, **query: str) -> dict[str, Any]:
    """The events of the feed by the case's number and the clock's name, told to a stranger."""
    answer = Client().get(path, query)
    assert answer.status_code == 200, answer.content.decode()
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["summary"]): event for event in events}


def only(path: str, **query: str) -> Any:
    (event,) = entries(path, **query).values()
    return event


def test_a_deadline_is_an_entry_that_ends_with_it(town: Town) -> None:
    case = town.with_reporter(town.working(address="霞浦中路 8 号"))
    event = only(address(town))
    case.refresh_from_db()
    assert case.due_at
    assert case.changed_at
    due = case.due_at.astimezone(ZONE).replace(microsecond=0)
    assert event.end == due
    assert str(event["summary"]).startswith(case.number)
    assert str(event["uid"]) == f"{case.id}-handle@yiwang"
    assert event["sequence"] == case.version
    assert event["url"] == f"http://testserver/cases/{case.id}/"
    assert event["status"] == ("TENTATIVE" if case.due_provisional else "CONFIRMED")
    assert event["location"] == "霞南村 2-3"
    assert event["last-modified"].dt == case.changed_at.replace(microsecond=0)
    (alarm,) = event.walk("VALARM")
    assert event.start + alarm["trigger"].dt < due


def test_nothing_of_the_reporter_nor_their_words_leaves(town: Town) -> None:
    town.with_reporter(town.working(title="王阿姨家门口积水", address="霞浦中路 8 号"))
    path = address(town)
    answer = Client().get(path)
    unfolded = answer.content.decode().replace("\r\n ", "")
    assert "VEVENT" in unfolded
    assert not [word for word in (*GIVEN_AWAY, "8 号", "office员") if word in unfolded]
    assert answer["X-Robots-Tag"].startswith("noindex")
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["Cache-Control"] == "private, no-cache"
    assert not answer.cookies


def test_of_a_sensitive_class_neither_class_nor_place_is_told(town: Town) -> None:
    town.working(kind="XP/E.99.99")
    event = only(address(town))
    assert "敏感类别" in event["summary"]
    assert "location" not in event


def test_names_in_any_writing_are_folded_and_read_back(town: Town) -> None:
    odd = "占道经营，\\反斜; 分号, 逗号\n换行\x07与很长很长很长很长很长的名字"
    Kind.objects.filter(code="GB2021/E.05.06").update(name=odd)
    forget_kinds()
    town.working()
    raw = Client().get(address(town)).content
    lines = raw.split(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() is not None for line in lines)  # no character is cut in two
    event: Any = Calendar.from_ical(raw).walk("VEVENT")[0]
    assert "\\反斜; 分号, 逗号 换行 与很长" in event["summary"]
    forget_kinds()


def test_the_zone_is_told_and_so_is_when_to_ask_again(town: Town) -> None:
    town.working()
    calendar: Any = Calendar.from_ical(Client().get(address(town)).content)
    (zone,) = calendar.walk("VTIMEZONE")
    assert zone["tzid"] == "Asia/Shanghai"
    assert calendar["refresh-interval"].dt == timedelta(hours=1)
    assert str(calendar["x-published-ttl"]) == "PT1H"
    (event,) = calendar.walk("VEVENT")
    assert event["dtstart"].params["TZID"] == "Asia/Shanghai"
    assert event.start.utcoffset() == timedelta(hours=8)


def test_a_term_that_ends_at_24_stands_on_the_day_it_closes(town: Town) -> None:
    case = town.working()
    midnight = (now().astimezone(ZONE) + timedelta(days=3)).replace(
        hour=0, minute=0, second=0, microsecond=0)
    clocks = case.clocks | {"handle": {**case.clocks["handle"], "kind": "calendar_days",
                                       "due_at": midnight.isoformat(), "provisional": True}}
    Case.objects.filter(pk=case.pk).update(clocks=clocks, due_at=midnight)
    event = only(address(town))
    assert (event.start, event.end) == (midnight - timedelta(minutes=1), midnight)
    assert event["status"] == "TENTATIVE"
    assert f"{(midnight - timedelta(days=1)).date()}" in event["description"]
    assert "24:00" in event["description"]


def test_what_is_done_is_called_off(town: Town) -> None:
    case = town.working()
    path = address(town)
    make_move(case, "submit", by=town.actor("office"), at=now(), given=outcome())
    assert not entries(path)
    case.refresh_from_db()
    make_move(case, "pass", by=town.actor("dispatcher"), at=now())
    told = {str(event["uid"]): event for event in entries(path).values()}
    assert told[f"{case.id}-handle@yiwang"]["status"] == "CANCELLED"
    assert {str(event["status"]) for event in told.values()} == {"CANCELLED"}
    assert not [alarm for event in told.values() for alarm in event.walk("VALARM")]


def test_a_team_reads_its_own_and_the_desk_its_scope(town: Town) -> None:
    mine, other = town.working(), town.working("works", "works")
    numbers = {who: {summary.partition(" ")[0] for summary in entries(address(town, who))}
               for who in ("office", "works", "dispatcher", "stranger")}
    assert numbers == {"office": {mine.number}, "works": {other.number},
                       "dispatcher": {mine.number, other.number}, "stranger": set()}


def test_the_language_is_the_persons_unless_another_is_asked_for(town: Town) -> None:
    town.working()
    path = address(town)
    assert "到期" in only(path)["description"]
    assert "due" in only(path, lang="en")["description"]
    assert only(path, lang="en")["location"] == "Xianan 2-3"
    Person.objects.filter(account="office").update(language="en")
    assert "due" in only(path)["description"]
    assert "到期" in only(path, lang="zh")["description"]
    assert "due" in only(path, lang="xx")["description"]


def test_an_unchanged_calendar_is_304_by_tag_and_by_time(town: Town) -> None:
    case, client = town.working(), Client()
    path = address(town)
    first = client.get(path)
    by_tag = {"If-None-Match": first["ETag"]}
    by_time = {"If-Modified-Since": first["Last-Modified"]}
    for headers in (by_tag, by_time):
        answer = client.get(path, headers=headers)
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer["ETag"] == first["ETag"]
        assert answer["X-Robots-Tag"]
    KeyReading.objects.update(tag_since=now() - timedelta(minutes=5))
    make_move(case, "submit", by=town.actor("office"), at=now(), given=outcome())
    an_older = {"If-Modified-Since": "Tue, 10 Mar 2026 00:00:00 GMT"}
    assert client.get(path, headers=by_tag).status_code == 200
    assert client.get(path, headers=an_older).status_code == 200
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


def test_an_address_ends_with_its_key_and_with_the_account(town: Town) -> None:
    first = address(town)
    second = address(town)
    assert [Client().get(path).status_code for path in (first, second)] == [404, 200]
    assert town.client("office").post(f"{PAGE}/end").status_code == 302
    assert Client().get(second).status_code == 404
    third = address(town)
    deactivate_person(town.people["office"], by=SYSTEM, at=now())
    answer = Client().get(third)
    assert answer.status_code == 404
    assert answer["X-Robots-Tag"]
    assert answer["Content-Type"].startswith("text/plain")
    assert Client().get("/calendar/yw_nobody-gave-this-out.ics").status_code == 404


def test_an_address_follows_the_roles(town: Town) -> None:
    town.working()
    path = address(town)
    assert entries(path)
    town.people["office"].terms.update(until=datetime(2021, 1, 1, tzinfo=ZONE).date())
    assert not entries(path)


def test_the_key_of_an_address_opens_nothing_else_and_no_other_opens_it(town: Town) -> None:
    secret = address(town).removeprefix("/calendar/").removesuffix(".ics")
    for path in ("/api/v1/me", "/api/v1/cases"):
        told = Client().get(path, headers={"Authorization": f"Bearer {secret}"})
        assert told.status_code == 401
        assert "no-token" in json.loads(told.content)["type"]
    person = town.people["dispatcher"]
    _, other = make_own_key(person, "x", ["cases:read"], by=town.actor("dispatcher"), at=now())
    assert Client().get(f"/calendar/{other}.ics").status_code == 404
    asked = {"name": "x", "days": "9", "scopes": ["calendar:read"]}
    assert town.client("dispatcher").post("/account/keys/new", asked).status_code == 422


def test_readings_are_counted_and_there_is_a_most(town: Town) -> None:
    path = address(town)
    assert "还没有日历读过它" in town.client("office").get(PAGE).content.decode()
    ApiKey.objects.update(hourly=2)
    assert [Client().get(path).status_code for _ in range(3)] == [200, 200, 429]
    over = Client().get(path)
    assert 1 <= int(over["Retry-After"]) <= 3600
    assert over["X-Robots-Tag"]
    assert "Read 2 times" in town.client("office", "en").get(PAGE).content.decode()
    assert HOURLY > 2


def test_the_secret_is_shown_once_and_kept_nowhere(town: Town) -> None:
    path = address(town)
    secret = path.removeprefix("/calendar/").removesuffix(".ics")
    page = town.client("office").get(PAGE).content.decode()
    assert secret not in page
    assert secret[-4:] in page
    assert not [key for key in ApiKey.objects.values_list("digest", flat=True) if secret in key]
    assert town.client("office").get(f"{PAGE}/new").status_code == 405
    assert Client().post(f"{PAGE}/new").status_code == 302


def test_two_presses_leave_one_address(town: Town) -> None:
    person, by = town.people["office"], town.actor("office")
    for _ in range(3):
        renew_address(person, by=by, at=now())
    assert ApiKey.objects.filter(person=person, ended_at=None).count() == 1


def test_a_reading_asks_as_often_at_one_case_as_at_three(
    town: Town, same_queries: Callable[..., int]
) -> None:
    path, client = address(town, "dispatcher"), Client()
    assert same_queries(town.working, lambda: client.get(path)) <= 14
