"""Who came, who was sent away, who looked at what: without a name, a number or a code."""

import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils.timezone import now

from yiwang.cli import main
from yiwang.kernel.keeping.lamps import lamps
from yiwang.kernel.people import actions
from yiwang.kernel.people.keys import make_key
from yiwang.kernel.people.models import Person
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records import trail
from yiwang.kernel.records.day_files import LOGS, DayFile, JsonLine
from yiwang.shell.request_log import RequestLogMiddleware

pytestmark = pytest.mark.django_db
GOOD = "Mianbao-2026-xia"
Noted = Callable[[str], list[dict[str, Any]]]


@pytest.fixture
def noted(tmp_path: Path, settings: Any) -> Iterator[Noted]:
    """The lines of this test alone: others run beside it and write to the instance's own files."""
    settings.LOGS = tmp_path
    loggers = {log: logging.getLogger(f"yiwang.log.{log}") for log in LOGS}
    kept = {log: logger.handlers for log, logger in loggers.items()}
    for log, logger in loggers.items():
        logger.handlers = [DayFile(tmp_path, log)]
        logger.handlers[0].setFormatter(JsonLine())
    yield lambda log: _lines(tmp_path, log)
    for log, logger in loggers.items():
        logger.handlers[0].close()
        logger.handlers = kept[log]


def _lines(folder: Path, log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.glob(f"{log}-*.log"))
            for line in path.read_text().splitlines()]


@pytest.fixture
def person() -> Person:
    made = actions.add_person(account="lisi", name="李四", unit_code="330206005", by=SYSTEM,
                              at=now())
    made.set_password(GOOD)
    made.save()
    return made


def test_a_page_is_noted_by_its_route_and_the_account(
    client: Client, person: Person, noted: Noted
) -> None:
    client.post("/sign-in", {"account": "lisi", "password": GOOD})
    client.get("/account?q=13812345678")
    entered, seen = noted("requests")
    assert (entered["route"], entered["method"], entered["status"]) == ("sign-in", "POST", 302)
    assert (seen["route"], seen["account"]) == ("account", str(person.pk))
    assert seen["ms"] >= 0
    said = json.dumps([entered, seen], ensure_ascii=False)
    assert not [word for word in ("lisi", "李四", "138", GOOD, "127.0.0.1") if word in said]


def test_codes_and_secrets_of_addresses_are_not_noted(client: Client, noted: Noted) -> None:
    client.get("/f/AAAAAAAAAA")
    client.get("/calendar/yw_SECRETSECRET.ics")
    client.generic("BREW%0a", "/nothing%0aforged")
    said = json.dumps(noted("requests") + noted("security"))
    assert "AAAA" not in said
    assert "SECRET" not in said
    assert "forged" not in said
    assert "BREW" not in said
    assert [line["route"] for line in noted("requests")] == ["follow-case", "calendar-feed", "-"]


def test_a_refusal_is_noted_with_its_reason(client: Client, person: Person, noted: Noted) -> None:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/people").status_code == 403
    (line,) = noted("security")
    assert (line["event"], line["route"], line["level"]) == ("refused", "people", "warning")
    assert (line["account"], line["why"]) == (str(person.pk), "not_allowed")


def test_a_forged_form_is_noted(person: Person, noted: Noted) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/sign-in", {"account": "lisi", "password": GOOD}).status_code == 403
    assert [line["route"] for line in noted("security")] == ["sign-in"]


def test_the_use_of_a_key_is_noted_by_its_id(client: Client, noted: Noted) -> None:
    key, secret = make_key("杭州", ["cases:read"], area="330206005", by=SYSTEM, at=now())
    client.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    client.get("/api/v1/me", headers={"Authorization": "Bearer yw_wrong"})
    used, refused, answered = noted("security")
    assert (used["event"], used["key"]) == ("key_used", str(key.pk))
    assert (refused["event"], answered["why"]) == ("key_refused", "bad_key")
    assert noted("requests")[0]["key"] == str(key.pk)
    assert secret not in json.dumps(noted("security") + noted("requests"))


@pytest.mark.parametrize(("stream", "lines"), [("person/1", 1), ("key/1", 1), ("contact/1", 1),
                                               ("case/1", 0), ("cell/1", 0)])
def test_what_is_done_to_people_and_rights_is_noted_once_it_stands(
    stream: str, lines: int, noted: Noted, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        trail.append(stream, verb="person_changed", by="person/9", at=now(),
                     changes={"name": "李四"})
        assert noted("security") == []
    assert len(noted("security")) == lines
    assert "李四" not in json.dumps(noted("security"), ensure_ascii=False)


def test_an_error_is_noted_by_its_kind_alone(rf: RequestFactory, noted: Noted) -> None:
    request: HttpRequest = rf.get("/")
    layer = RequestLogMiddleware(lambda _: HttpResponse())
    layer.process_exception(request, ValueError("13812345678"))
    assert [(line["event"], line["error"]) for line in noted("security")] == [
        ("error", "ValueError")]


def test_the_command_finds_lines_by_account_and_thing(
    client: Client, person: Person, noted: Noted
) -> None:
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.get(f"/people/{person.pk}")
    ask = ["logs", "security", "--who", "LISI", "--event", "refused", "--json"]
    found = CliRunner().invoke(main, ask)
    assert json.loads(found.stdout.splitlines()[-1])["person_id"] == str(person.pk)
    assert CliRunner().invoke(main, ["logs", "--about", "no-such-thing"]).stdout == ""
    assert CliRunner().invoke(main, ["logs", "--who", "nobody"]).exit_code == 1


def test_the_lamp_says_where_and_since_when(settings: Any, tmp_path: Path) -> None:
    settings.LOGS = tmp_path
    (lamp,) = [one for one in lamps(at=now()) if one.code == "logs"]
    assert lamp.lamp == "warn"
    day = (now() - timedelta(days=40)).date()
    (tmp_path / f"requests-{day}.log").touch()
    (lamp,) = [one for one in lamps(at=now()) if one.code == "logs"]
    assert (lamp.lamp, lamp.value) == ("ok", 40)
    assert str(tmp_path) in lamp.says.en
    assert str(day) in lamp.says.en
