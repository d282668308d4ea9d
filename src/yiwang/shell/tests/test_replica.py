"""Where a read goes: to the standby when it may and has what this browser wrote, else home."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from yiwang.config.database import PREPARED, postgresql
from yiwang.kernel.cases.models import Case
from yiwang.shell import replica
from yiwang.shell.replica import COOKIE, Reads, WrittenMiddleware, may_lag

AT = "0/16B3748"


class Standby:
    """Stands in for the line to a standby that has replayed up to a place, or is away."""

    def __init__(self, replayed: str, *, away: bool = False) -> None:
        self.replayed, self.away, self.closed = replayed, away, 0

    @contextmanager
    def cursor(self) -> Iterator["Standby"]:
        if self.away:
            raise DatabaseError("no line")
        yield self

    def execute(self, statement: str, given: list[str]) -> None:
        self.answer = _number(self.replayed) >= _number(given[0])

    def fetchone(self) -> tuple[bool]:
        return (self.answer,)

    def close(self) -> None:
        self.closed += 1


def _number(place: str) -> int:
    high, low = place.split("/")
    return (int(high, 16) << 32) + int(low, 16)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Where a page reads from, with that standby and that cookie."""

    def ask(standby: Standby | None, cookie: str = "", method: str = "GET") -> str:
        monkeypatch.setattr(replica, "has_standby", lambda: standby is not None)
        monkeypatch.setattr(replica, "connections", {"replica": standby, "default": connection})

        @may_lag
        def page(request: HttpRequest) -> HttpResponse:
            return HttpResponse(Reads().db_for_read(Case))

        request = RequestFactory().generic(method, "/m")
        request.COOKIES[COOKIE] = cookie
        answer = page(request)
        assert Reads().db_for_read(Case) == "default", "only inside the page"
        assert isinstance(answer, HttpResponse)
        return answer.content.decode()

    return ask


@pytest.mark.parametrize(("standby", "cookie", "method", "where"), [
    (None, "", "GET", "default"),
    (Standby(AT), "", "GET", "replica"),
    (Standby(AT), AT, "GET", "replica"),
    (Standby(AT), "0/16B3749", "GET", "default"),
    (Standby(AT), "1/0", "GET", "default"),
    (Standby(AT), "'; DROP TABLE", "GET", "replica"),
    (Standby(AT), "", "POST", "default"),
    (Standby(AT, away=True), "", "GET", "default"),
])
def test_where_a_read_goes(asked: Callable[..., str], standby: Standby | None, cookie: str,
                           method: str, where: str) -> None:
    assert asked(standby, cookie, method) == where
    assert standby is None or standby.closed == standby.away


def test_writes_and_tables_stay_with_the_primary() -> None:
    assert Reads().db_for_write(Case) == "default"
    assert Reads().allow_migrate("default", "kernel")
    assert not Reads().allow_migrate("replica", "kernel")


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "status", "given"), [
    ("POST", 302, True), ("GET", 200, False), ("POST", 422, False)])
def test_who_has_written_carries_the_place(
    monkeypatch: pytest.MonkeyPatch, method: str, status: int, given: bool
) -> None:
    monkeypatch.setattr(replica, "has_standby", lambda: True)
    monkeypatch.setattr(replica, "PLACE", f"SELECT '{AT}'")
    answer = WrittenMiddleware(lambda _: HttpResponse(status=status))(
        RequestFactory().generic(method, "/r"))
    assert (COOKIE in answer.cookies) is given
    assert not given or answer.cookies[COOKIE].value == AT


@pytest.mark.parametrize(("url", "host", "port"), [
    ("postgresql://u:p%40@one:5432/town", "one", "5432"),
    ("postgresql://u:p%40@one:5432,two:5433/town", "one,two", "5432,5433"),
    ("postgresql://u:p%40@[::1]:5432/town", "::1", "5432"),
    ("postgresql://u:p%40@one/town", "one", ""),
])
def test_connection_strings(url: str, host: str, port: str) -> None:
    found = postgresql(f"{url}?sslmode=require&target_session_attrs=read-write")
    assert (found["HOST"], found["PORT"], found["USER"], found["PASSWORD"], found["NAME"]) == (
        host, port, "u", "p@", "town")
    assert found["OPTIONS"] == {
        **PREPARED, "connect_timeout": "5", "sslmode": "require",
        "target_session_attrs": "read-write"}
