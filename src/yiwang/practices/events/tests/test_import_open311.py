"""A foreign Open311 file comes in, and an independent reader finds it again over HTTP."""

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from click.testing import CliRunner, Result
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, connection
from django.test import Client

from yiwang.cli import main
from yiwang.kernel.cases import names
from yiwang.kernel.cases.bulk import import_cases
from yiwang.kernel.cases.models import Case, Kind, KindList
from yiwang.kernel.cases.playbook_store import declare
from yiwang.kernel.cases.replay import prove
from yiwang.kernel.cases.rules_queries import current_kinds
from yiwang.kernel.people.keys import FULLER, make_key
from yiwang.kernel.people.models import ApiKey
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places.actions import draw_cell
from yiwang.kernel.places.models import Unit
from yiwang.kernel.records import search
from yiwang.kernel.records.models import TrailEntry
from yiwang.practices.events.importing import open311_fetch, running
from yiwang.practices.events.importing.open311 import all_once
from yiwang.practices.events.importing.reading import Row
from yiwang.practices.events.models import ImportRun
from yiwang.practices.events.states import EVENT

TOWN = "330206005"
READER = str(Path(__file__).resolve().parents[5] / "bench" / "open311_reader.py")
NEW = ("--source", "CITY", "--area", TOWN)
ONE = {"service_request_id": "0001", "status": "closed", "status_notes": "Case Closed. 已清",
       "service_name": "Broken Lamp", "service_code": "lamp/1",
       "requested_datetime": "2019-03-01T08:00:05-05:00",
       "updated_datetime": "2019-03-02T09:00:00-05:00", "address": "1 Made Up St",
       "lat": 42.323659999773935, "long": -71.05847000014967, "description": "灯不亮 lamp out"}


def made(**fields: Any) -> dict[str, Any]:
    return {**ONE, **fields}


ROWS = [
    ONE, made(service_request_id="0002", status="open", status_notes=None, lat=29.89, long=121.87),
    made(service_request_id="3", service_code="GB2021-E.01.10", lat=42.5, long=-71.0),
]


@pytest.fixture
def ready(at: datetime) -> None:
    names.forget_kinds()
    declare([EVENT], by=SYSTEM, at=at)
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu")
    Unit.objects.create(code=f"{TOWN}221", name="霞南村", name_en="Xianan")
    KindList.objects.create(code="GB2021", practice="events", name="国标", since=date(2021, 1, 1))
    Kind.objects.create(code="GB2021/E.01.10", list_id="GB2021", name="暴露垃圾")
    draw_cell(code=f"{TOWN}221001", name="霞南 1", since=date(2020, 1, 1), by=SYSTEM, at=at,
              geometry={"type": "Polygon", "coordinates": [[
                  [121.86, 29.88], [121.88, 29.88], [121.88, 29.90], [121.86, 29.90],
                  [121.86, 29.88]]]})


def written(path: Path, rows: list[Any]) -> Path:
    lines = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)
    path.write_bytes(gzip.compress(lines.encode()) if path.suffix == ".gz" else lines.encode())
    return path


def yiwang(*words: object) -> Result:
    return CliRunner().invoke(main, [*map(str, words), "--lang", "en"])


def counts(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(result.stdout)
    return told


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["a.jsonl", "a.jsonl.gz", "a.json"])
def test_every_form_comes_in_once(ready: None, tmp_path: Path, form: str) -> None:
    path = tmp_path / form
    written(path, ROWS)
    if form == "a.json":
        path.write_text(json.dumps(ROWS))
    first = yiwang("import", "open311", path, *NEW, "--json")
    assert (first.exit_code, counts(first)["added"]) == (0, 3), first.output
    again = counts(yiwang("import", "open311", path, "--json"))
    assert (again["added"], again["unchanged"]) == (0, 3)
    assert prove().faults == ()
    far, near, ours = Case.objects.order_by("external_id")[:3]
    assert (far.area, far.facts["source"]["outside"], far.kind) == (TOWN, True, "CITY/lamp_1")
    assert (near.area, near.is_open, near.state) == (f"{TOWN}221001", True, EVENT.start)
    assert "outside" not in near.facts["source"]
    assert (ours.kind, ours.closed_at) == (
        "GB2021/E.01.10", datetime.fromisoformat(str(ONE["updated_datetime"])))
    assert set(search.find("灯不亮")) == {far.id, near.id, ours.id}
    assert "CITY/lamp_1" not in current_kinds("events", on=date.today())  # noqa: DTZ011


@pytest.mark.django_db
def test_what_cannot_be_taken_is_explained(ready: None, tmp_path: Path) -> None:
    bad: list[Any] = [
        made(service_request_id=None), made(status="done"), made(lat=95.0),
        made(requested_datetime="2019-03-01T08:00:00"), made(updated_datetime="gestern"), [1]]
    path = written(tmp_path / "a.jsonl", [*ROWS, *bad])
    result = yiwang("import", "open311", path, *NEW, "--rejected", tmp_path / "out.csv")
    assert result.exit_code == 1
    for word in ("no number", "neither open nor closed", "no coordinate", "with its zone",
                 "gestern", "no JSON object"):
        assert word in (tmp_path / "out.csv").read_text("utf-8-sig"), word
    assert Case.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize(("more", "said"), [
    (("--source", "CITY"), "area"), ((*NEW, "--list", "GB2021"), "another class list")])
def test_wrong_usage_ends_with_2(
    ready: None, tmp_path: Path, more: tuple[str, ...], said: str,
) -> None:
    result = yiwang("import", "open311", written(tmp_path / "a.jsonl", ROWS), *more)
    assert (result.exit_code, Case.objects.count(), ImportRun.objects.count()) == (2, 0, 0)
    assert said in result.stderr
    assert yiwang("import", "open311", tmp_path / "none.gz", *NEW).exit_code == 2
    (tmp_path / "cut.gz").write_bytes(gzip.compress(b"{}\n" * 9000)[:-9])
    assert "cut off" in yiwang("import", "open311", tmp_path / "cut.gz", *NEW).stderr


@pytest.mark.django_db
def test_a_broken_off_import_goes_on(
    ready: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [made(service_request_id=f"{number}") for number in range(7)]
    path, real = written(tmp_path / "a.jsonl.gz", rows), import_cases
    monkeypatch.setattr(running, "CHUNK", 2)
    calls = iter([real, real])
    monkeypatch.setattr(running, "import_cases", lambda *a, **k: next(calls)(*a, **k))
    assert isinstance(yiwang("import", "open311", path, *NEW).exception, StopIteration)
    assert Case.objects.count() == 4
    monkeypatch.setattr(running, "import_cases", real)
    assert counts(yiwang("import", "open311", path, *NEW, "--json"))["added"] == 7
    assert (Case.objects.count(), ImportRun.objects.count()) == (7, 1)


@pytest.mark.django_db
def test_the_public_and_a_key_are_told_different_things(ready: None, tmp_path: Path) -> None:
    yiwang("import", "open311", written(tmp_path / "a.jsonl", ROWS), *NEW)
    public = Client().get("/open311/v2/requests/0001.json").json()[0]
    assert (public["service_request_id"], public["description"]) == ("0001", None)
    assert public["lat"] != ONE["lat"]
    made_key = yiwang("keys", "make", "邻市", "--area", TOWN, "--scope", FULLER, "--json")
    key, secret = ApiKey.objects.get(), json.loads(made_key.stdout)["secret"]
    full = Client().get("/open311/v2/requests/0001.json", headers={"X-Api-Key": secret}).json()[0]
    for name in ("lat", "long", "description", "address", "status_notes"):
        assert full[name] == ONE[name], name
    read = TrailEntry.objects.get(stream=f"key/{key.pk}", verb="read_fuller")
    assert (read.note["rows"], secret in json.dumps(read.note)) == (1, False)
    assert yiwang("keys", "end", key.pk).exit_code == 0
    assert Client().get(f"/open311/v2/requests/0001.json?api_key={secret}").status_code == 403
    listed = json.loads(yiwang("keys", "list", "--json").stdout)
    assert [(one["name"], one["ended_at"] is None) for one in listed] == [("邻市", False)]
    assert yiwang("keys", "end", "00000000-0000-0000-0000-000000000000").exit_code == 1


@pytest.mark.django_db
def test_a_key_of_another_unit_or_without_the_scope_reads_the_public_answer(
    ready: None, tmp_path: Path, at: datetime,
) -> None:
    yiwang("import", "open311", written(tmp_path / "a.jsonl", ROWS), *NEW)
    for scopes, area in (([FULLER], "330206006"), (["open311.write"], TOWN)):
        _, secret = make_key("x", scopes, area=area, by=SYSTEM, at=at)
        row = Client().get(f"/open311/v2/requests/0001.json?api_key={secret}").json()[0]
        assert (row["description"], row["lat"] == ONE["lat"]) == (None, False)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (its name)
        """Say nothing of each question."""


@contextmanager
def _one_connection() -> Iterator[None]:
    """As Django's own test client: the end of a request does not end the test's connection."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        with patch.object(connection, "close"):
            yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


def asked_over_http(*words: str) -> tuple[int, str]:
    """Run a client while this very process answers it at 127.0.0.1; its exit code and words.

    ``URL`` in its words is the endpoint. The test's own transaction is what it reads.
    """
    with _one_connection(), make_server(
            "127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet) as server:
        server.timeout = 0.1
        url = f"http://127.0.0.1:{server.server_port}/open311/v2"
        client = subprocess.Popen([sys.executable, *(word.replace("URL", url) for word in words)],
                                  stdout=subprocess.PIPE, text=True)
        with client:
            while client.poll() is None:
                server.handle_request()
            said = client.stdout.read() if client.stdout else ""
    return client.returncode, said


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["json", "xml"])
def test_an_independent_reader_finds_the_same(
    ready: None, tmp_path: Path, at: datetime, form: str,
) -> None:
    rows = [*ROWS, *(made(service_request_id=f"9{n:03}", lat=29.0 + n / 7, long=121 + n / 9,
                          requested_datetime=f"201{n % 9}-07-01T00:00:{n % 60:02}+08:00",
                          updated_datetime="2020-08-01T00:00:00+08:00") for n in range(40))]
    path = written(tmp_path / "a.jsonl.gz", rows)
    assert yiwang("import", "open311", path, *NEW).exit_code == 0
    _, secret = make_key("reader", [FULLER], area=TOWN, by=SYSTEM, at=at)

    def compared(file: Path) -> tuple[int, dict[str, Any]]:
        code, said = asked_over_http(READER, "URL", str(file), "--key", secret, "--form", form)
        return code, json.loads(said)

    code, found = compared(path)
    assert (code, found["told"], found["missing"], found["different"]) == (0, 43, 0, 0), found
    other = written(tmp_path / "b.jsonl", [
        {**rows[0], "lat": 42.3236}, {**rows[1], "status": "closed"}, *rows[2:]])
    code, found = compared(other)
    assert (code, found["different"]) == (1, 2)


def test_an_endpoint_is_read_page_by_page_and_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pages as the standard's extensions have them; one that knows no pages ends by itself."""
    monkeypatch.setattr(open311_fetch, "PAGE", 2)
    since, until = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 6))
    for paged in (True, False):
        asked: list[dict[str, str]] = []

        def ask(question: dict[str, str], paged: bool = paged, asked: Any = asked) -> list[Any]:
            asked.append(question)
            first = (int(question["page"]) - 1) * 2 if paged else 0
            return [{"service_request_id": f"{question['start_date'][:10]}/{n}"}
                    for n in range(3)][first : first + 2 if paged else None]

        rows = list(open311_fetch._rows(ask, since, until))
        assert len(rows) == len({row["service_request_id"] for row in rows}) == 6
        assert {one["start_date"] for one in asked} == {
            "2026-01-01T00:00:00+00:00", "2026-04-01T00:00:00+00:00"}


@pytest.mark.django_db
def test_the_small_client_reports_and_follows(ready: None, at: datetime) -> None:
    """The client that docs/open311.md points to, over real HTTP."""
    _, secret = make_key("客户端", ["open311.write"], area=TOWN, by=SYSTEM, at=at)
    client = str(Path(READER).parents[1] / "scripts" / "open311_client.py")
    report = ("report", "GB2021-E.01.10", "垃圾堆到桶外", "--lat", "29.89", "--long", "121.87",
              "--token", "c-1")
    code, said = asked_over_http(client, "URL", "--key", secret, *report)
    assert code == 0
    number = json.loads(said)[0]["service_request_id"]
    assert asked_over_http(client, "URL", "--key", secret, *report)[1] == said  # the same report
    assert json.loads(asked_over_http(client, "URL", "follow", number)[1])[0]["status"] == "open"
    assert json.loads(asked_over_http(client, "URL", "updates", number)[1])[0]["state"] == (
        EVENT.start)
    assert json.loads(asked_over_http(client, "URL", "services")[1])[0]["service_code"] == (
        "GB2021-E.01.10")
    assert asked_over_http(client, "URL", "--key", "yw_wrong", *report)[0] == 1


@pytest.mark.parametrize(("ids", "once"), [
    (["1", "2"], True), (["1", 2], True), (["1", "2", "1"], False), (["1", 1], False),
    (["1", "a"], False), (["1", "１"], False), (["1", None], False), ([], True),
])
def test_ids_that_need_no_second_look(ids: list[object], once: bool) -> None:
    rows = [Row(place, place, {"service_request_id": given}, 0)
            for place, given in enumerate(ids, start=1)]
    assert all_once(rows) is once
