"""The auditor's pages: by person, day and verb; within reach; and safe in a spreadsheet."""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
from django.db import transaction
from django.test import Client
from django.utils.timezone import localdate, now

from yiwang.kernel.cases.models import Case
from yiwang.kernel.people import actions
from yiwang.kernel.people.audit import LOOKS
from yiwang.kernel.people.models import Person
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records import trail
from yiwang.kernel.records.models import TrailEntry
from yiwang.shell.web.audit_fields import FIELDS
from yiwang.shell.web.people_shown import VERBS

TOWN, NEXT_TOWN = "330206005", "330206006"

pytestmark = pytest.mark.django_db


def make(account: str, unit: str = TOWN, name: str = "王小二") -> Person:
    return actions.add_person(account=account, name=name, unit_code=unit, by=SYSTEM, at=now())


def write(stream: str, verb: str = "tested", by: str = "system", **note: str) -> TrailEntry:
    with transaction.atomic():
        return trail.append(stream, verb=verb, by=by, at=now(), note=note)


@pytest.fixture
def auditor() -> Client:
    person = make("auditor")
    actions.grant_term(person, role="auditor", area=TOWN, since=localdate(), by=SYSTEM, at=now())
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def rows(client: Client, asked: str = "") -> list[list[str]]:
    answer = client.get(f"/audit.csv?{asked}")
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.reader(StringIO(text)))


def test_the_page_and_the_export_say_the_same(auditor: Client) -> None:
    person = make("lisi", name="李四")
    actions.deactivate_person(person, by=SYSTEM, at=now())
    page = auditor.get("/audit?account=lisi")
    shown = [entry for entry, *_ in page.context["rows"]]
    assert [entry.verb for entry in shown] == ["person_deactivated", "person_added"]
    assert "停用账号" in page.content.decode()
    assert "李四" in page.content.decode()
    exported = rows(auditor, "account=lisi")[1:]
    assert [row[8] for row in exported] == [entry.digest for entry in reversed(shown)]
    assert TrailEntry.objects.filter(verb="trail_exported").count() == 1


@pytest.mark.parametrize(("language", "known", "unknown"), [
    ("zh", "结束的登录数", "odd field"), ("en", "sessions ended", "odd field")])
def test_fields_have_names(auditor: Client, language: str, known: str, unknown: str) -> None:
    write("case/1", sessions_ended="3", odd_field="x")
    auditor.cookies["language"] = language
    page = auditor.get("/audit?verb=tested").content.decode()
    assert f'<span class="hint">{known}</span>' in page
    assert f'<span class="hint">{unknown}</span>' in page
    assert "sessions_ended" not in page


def test_every_column_of_a_case_has_a_name() -> None:
    told = {field.attname for field in Case._meta.fields} - {"id", "version", "head"}
    assert told <= set(FIELDS)


def test_by_verb_and_day(auditor: Client) -> None:
    make("lisi")
    assert {e.verb for e, *_ in auditor.get("/audit?verb=term_granted").context["rows"]} == {
        "term_granted"}
    day = (localdate() - timedelta(days=3)).isoformat()
    assert auditor.get(f"/audit?since={day}&until={day}").context["rows"] == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("since=2026-01-02&until=2026-01-01", "止日不能早于起日"),
        ("since=2025-01-01&until=2026-01-01", "一次最多查 31 天"),
        ("since=yesterday", "格式不对"),
        ("account=nobody", "没有这个账号"),
    ],
)
def test_a_search_that_cannot_be_is_named(auditor: Client, asked: str, said: str) -> None:
    for page in ("/audit", "/audit.csv"):
        answer = auditor.get(f"{page}?{asked}")
        assert answer.status_code == 422
        assert said in answer.content.decode()


def test_an_auditor_of_a_part_reads_that_part(auditor: Client) -> None:
    write("case/1", by="resident")
    assert auditor.get("/audit?verb=tested").context["rows"], "over all units: everything"
    ours, theirs = make("ours"), make("theirs", NEXT_TOWN)
    write("case/2", by=f"person/{ours.pk}")
    write("case/3", by=f"person/{theirs.pk}")
    write(f"person/{theirs.pk}")
    found = [entry.stream for entry, *_ in auditor.get("/audit?verb=tested").context["rows"]]
    assert found == ["case/2"]
    assert [row[4] for row in rows(auditor, "verb=tested")[1:]] == ["case/2"]
    assert auditor.get("/audit?account=theirs").context["rows"] == []


def test_formulas_leave_as_text(auditor: Client) -> None:
    person = make("lisi", name="=HYPERLINK(1)")
    write("case/1", by=f"person/{person.pk}")
    (row,) = rows(auditor, "verb=tested")[1:]
    assert row[2] == "'=HYPERLINK(1)"


def test_pages_do_not_repeat_or_lose_a_row(auditor: Client) -> None:
    for number in range(120):
        write(f"case/{number}")
    seen: list[str] = []
    address = "/audit?verb=tested"
    while address:
        page = auditor.get(address)
        seen += [entry.stream for entry, *_ in page.context["rows"]]
        more = page.context["more"]
        address = f"/audit?verb=tested&before={more}" if more else ""
    assert seen == [f"case/{number}" for number in reversed(range(120))]
    assert auditor.get("/audit?before=x").status_code == 200


def test_no_query_in_a_loop(auditor: Client, same_queries: Callable[..., int]) -> None:
    made = iter(range(99))

    def add() -> None:
        person = make(f"p{next(made):03}")
        write("case/1", by=f"person/{person.pk}")

    assert same_queries(add, lambda: auditor.get("/audit")) <= 9


def test_nothing_is_changed_here(auditor: Client) -> None:
    before = TrailEntry.objects.count()
    auditor.post("/audit", {"verb": "x"})
    assert TrailEntry.objects.count() == before


def test_looks_at_personal_data_are_found_by_one_tick(auditor: Client) -> None:
    write("person/1", verb="person_changed")
    for verb in LOOKS:
        write("contact/1", verb=verb)
    shown = [entry.verb for entry, *_ in auditor.get("/audit?looks=on").context["rows"]]
    assert sorted(shown) == sorted(LOOKS)
    assert [row[3] for row in rows(auditor, "looks=on")[1:]] == [*LOOKS, "trail_exported"]
    for language in ("zh", "en"):
        auditor.cookies["language"] = language
        page = auditor.get("/audit?looks=on").content.decode()
        assert not [verb for verb in LOOKS if getattr(VERBS[verb], language) not in page]
