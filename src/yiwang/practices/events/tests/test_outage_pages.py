"""The machine fails: a clear page in both languages, nothing typed lost, reading goes on."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import now

from yiwang.kernel.cases.models import Case
from yiwang.kernel.people.models import Person, Term
from yiwang.shell.middleware import SEEN
from yiwang.shell.web.sign_in import BACKEND

from .ground import IN_WEST, RUBBISH, TOWN, lay_out

pytestmark = pytest.mark.django_db

REPORT = {"kind": RUBBISH, "datum": "wgs84", "text": "桶满溢出 <b>", "lon": str(IN_WEST[0]),
          "lat": str(IN_WEST[1]), "once_key": "4d3cf0b8-6cf7-4c0c-8f44-0a4f1e1e2a10"}


@pytest.fixture(autouse=True)
def ground(at: datetime) -> None:
    lay_out(at)


def failing(problem: BaseException) -> Callable[..., Any]:
    """What a statement meets on its way to the database."""

    def fail(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        wrapped = OperationalError(str(problem))
        wrapped.__cause__ = problem
        raise wrapped

    return fail


def of_sqlite(name: str) -> sqlite3.OperationalError:
    problem = sqlite3.OperationalError(name)
    problem.sqlite_errorname = name
    return problem


def no_room(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """The database takes nothing new; a disk that is really full is part of ``make soak``."""
    if sql.startswith("INSERT"):
        full = psycopg.errors.DiskFull() if connection.vendor == "postgresql" else of_sqlite(
            "SQLITE_FULL")
        return failing(full)(execute, sql, params, many, context)
    return execute(sql, params, many, context)


@contextmanager
def only_reading() -> Iterator[None]:
    """The database refuses every change, as a standby does: in its own words."""
    if connection.vendor == "postgresql":
        with connection.execute_wrapper(_standby):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only=1")
        yield
        cursor.execute("PRAGMA query_only=0")


def _standby(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    if sql.startswith(("INSERT", "UPDATE", "DELETE")):
        refused = psycopg.errors.ReadOnlySqlTransaction()
        return failing(refused)(execute, sql, params, many, context)
    return execute(sql, params, many, context)


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False)


def test_a_database_that_is_gone_is_said_in_both_languages(browser: Client) -> None:
    with connection.execute_wrapper(failing(psycopg.OperationalError("refused"))):
        answer = browser.get("/m")
        alive = browser.get("/healthz")
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "数据库暂时连不上" in page
    assert "The database cannot be reached" in page
    assert answer["Cache-Control"] == "no-store"
    assert (alive.status_code, alive.json()["ok"]) == (503, False)
    assert browser.get("/m").status_code == 200, "it recovers by itself"


@pytest.mark.parametrize(("language", "first", "second"), [
    ("zh", "数据库暂时连不上", "The database cannot"),
    ("en", "The database cannot", "数据库暂时连不上")])
def test_the_reader_s_language_comes_first(
    browser: Client, language: str, first: str, second: str
) -> None:
    browser.cookies["language"] = language
    with connection.execute_wrapper(failing(psycopg.OperationalError("refused"))):
        page = browser.get("/m").content.decode()
    assert first in page.partition("</h1>")[0]
    assert second not in page.partition("</h1>")[0]
    assert second in page


def test_a_full_disk_gives_the_typed_words_back_and_takes_them_later(browser: Client) -> None:
    with connection.execute_wrapper(no_room):
        answer = browser.post("/r", REPORT)
    page = answer.content.decode()
    assert answer.status_code == 503
    assert '<input type="hidden" name="text" value="桶满溢出 &lt;b&gt;">' in page
    assert "磁盘满了" in page
    assert "disk is full" in page
    assert page.count("桶满溢出 &lt;b&gt;") == 2, "in the form, and to be read"
    assert page.count(RUBBISH) == 1, "a code is sent again and not shown"
    assert not Case.objects.filter(once_key=REPORT["once_key"]).exists()
    assert browser.post("/r", REPORT).status_code == 302
    assert Case.objects.filter(once_key=REPORT["once_key"]).count() == 1


def test_while_nothing_can_be_saved_everything_can_be_read(browser: Client) -> None:
    person = Person.objects.create(account="diao", name="调")
    Term.objects.create(person=person, role="dispatcher", area=TOWN, since=date(2020, 1, 1))
    browser.force_login(person, backend=BACKEND)
    assert browser.get("/events/").status_code == 200
    session = browser.session
    session[SEEN] = (now() - timedelta(minutes=5)).timestamp()  # so that a note of use is due
    session.save()
    with only_reading():
        assert browser.get("/events/").status_code == 200
        fragment = browser.post("/r", REPORT, headers={"HX-Request": "true"})
        outbox = browser.post("/r/send", REPORT, headers={"Accept": "application/json"})
    assert (fragment.status_code, 'data-code="read_only"' in fragment.content.decode()) == (503,
                                                                                            True)
    assert (outbox.status_code, outbox.json()["code"]) == (503, "read_only")


def test_a_password_is_never_written_back(browser: Client) -> None:
    with connection.execute_wrapper(failing(psycopg.OperationalError("refused"))):
        answer = browser.post("/sign-in", {"account": "an", "password": "very-secret-1"})
    assert answer.status_code == 503
    assert "very-secret-1" not in answer.content.decode()
    assert 'name="account"' not in answer.content.decode()


def test_an_error_of_our_own_stays_one(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*_: Any, **__: Any) -> HttpResponse:
        raise ZeroDivisionError

    monkeypatch.setattr("yiwang.practices.events.web.report.render", wrong)
    answer = browser.get("/r")
    assert (answer.status_code, answer.has_header("Retry-After")) == (500, False)
