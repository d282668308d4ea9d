"""A first import: the sample comes in as it is, columns are known, what is needed is said."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from python_calamine import CalamineWorkbook

from yiwang.kernel.cases.models import Case
from yiwang.kernel.people.models import Person
from yiwang.practices.events.demo.people import TOWN, settle_people
from yiwang.practices.events.demo.town import settle_town
from yiwang.practices.events.importing.fields import FIELDS, guess_mapping
from yiwang.practices.events.importing.sample import HEADINGS
from yiwang.practices.events.models import ImportRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(settings: Any, tmp_path: Path) -> Client:
    """A dispatcher of the demo town, before anything has happened there."""
    settings.FILES = tmp_path / "files"
    settle_town(at=now())
    settle_people(at=now())
    client = Client()
    client.force_login(Person.objects.get(account="diaodu"),
                       backend="django.contrib.auth.backends.ModelBackend")
    return client


def fetched(client: Client, form: str) -> bytes:
    answer: Any = client.get(reverse("import-sample", args=[form]))
    return b"".join(answer)


def sent(client: Client, content: bytes, name: str) -> str:
    answer: Any = client.post(reverse("imports"), {"file": SimpleUploadedFile(name, content)})
    return str(answer.url)


@pytest.mark.parametrize(("form", "language"), [("csv", "zh"), ("xlsx", "zh"), ("csv", "en")])
def test_the_sample_comes_in_as_it_is(desk: Client, form: str, language: str) -> None:
    desk.cookies["language"] = language
    url = sent(desk, fetched(desk, form), f"sample.{form}")
    page: Any = desk.get(url)
    chosen = {bound.name: bound.initial for bound, _ in page.context["columns"]}
    assert list(chosen.values()) == list(HEADINGS)
    begun = desk.post(url, {**chosen, "source": "", "name": "LZ", "area": TOWN,
                            "kind_list": "GB2021", "begin": "1"})
    assert begun.status_code == 302
    desk.post(reverse("import-advance", args=[ImportRun.objects.get().pk]))
    assert ImportRun.objects.get().rejected == 0
    assert Case.objects.count() == 4
    assert Case.objects.filter(is_open=True).count() == 1


def test_both_samples_hold_the_same(desk: Client) -> None:
    rows = list(csv.reader(io.StringIO(fetched(desk, "csv").decode("utf-8-sig"))))
    book = CalamineWorkbook.from_filelike(io.BytesIO(fetched(desk, "xlsx")))
    assert book.get_sheet_by_index(0).to_python() == rows
    assert desk.get("/events/imports/sample.pdf").status_code == 404


def test_the_page_names_every_heading_it_understands(desk: Client) -> None:
    page = desk.get(reverse("imports")).content.decode()
    for field in FIELDS:
        assert all(guess in page for guess in field.guesses), field.name
    assert guess_mapping(["类别"]) == {"类别": "kind"}


@pytest.mark.parametrize(("kind", "lands"), [
    ("暴露生活垃圾", "GB2021/E.01.10"), ("E.01.10", "GB2021/E.01.10"), ("没有这一类", None)])
def test_a_class_may_stand_by_its_name(desk: Client, kind: str, lands: str | None) -> None:
    table = f"编号,上报时间,办结时间,类别\nA1,2026-03-01,2026-03-02,{kind}\n"
    url = sent(desk, table.encode(), "a.csv")
    desk.post(url, {"column-0": "number", "column-1": "opened", "column-2": "closed",
                    "column-3": "kind", "source": "", "name": "LZ", "area": TOWN,
                    "kind_list": "GB2021", "begin": "1"})
    desk.post(reverse("import-advance", args=[ImportRun.objects.get().pk]))
    assert Case.objects.values_list("kind", flat=True).first() == lands


def test_what_a_first_import_needs_is_not_called_optional(desk: Client) -> None:
    url = sent(desk, fetched(desk, "csv"), "sample.csv")
    assert "可不填" not in desk.get(url).content.decode()
    columns = {f"column-{place}": name for place, name in enumerate(HEADINGS)}
    bare = {**columns, "source": "", "name": "", "area": "", "kind_list": ""}
    preview: Any = desk.post(url, {**bare, "preview": "1"})
    assert preview.status_code == 200, "a preview needs no source yet"
    assert "可不填" not in preview.content.decode()
    begun: Any = desk.post(url, {**bare, "begin": "1"})
    assert begun.status_code == 422
    assert set(begun.context["form"].errors) == {"name", "area", "kind_list"}


def test_a_known_source_needs_no_name(desk: Client) -> None:
    url = sent(desk, fetched(desk, "csv"), "sample.csv")
    columns = {f"column-{place}": name for place, name in enumerate(HEADINGS)}
    desk.post(url, {**columns, "source": "", "name": "LZ", "area": TOWN, "kind_list": "GB2021",
                    "begin": "1"})
    desk.post(reverse("import-advance", args=[ImportRun.objects.get().pk]))
    later = fetched(desk, "csv").replace(b"LZ-0004", b"LZ-0005")
    again: Any = desk.post(sent(desk, later, "b.csv"), {**columns, "source": "LZ", "begin": "1"})
    assert again.status_code == 302
