"""The import and class pages: upload, preview, run, download; who may; what a bad file says."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from yiwang.kernel.cases.limits import limit_for
from yiwang.kernel.cases.models import Case
from yiwang.kernel.people.models import Person, Term
from yiwang.kernel.people.rules import SYSTEM
from yiwang.practices.events.importing.uploads import folder
from yiwang.practices.events.kinds import seed_kinds
from yiwang.practices.events.models import ImportRun

from .import_files import row, taught, write_csv

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Uploads of other tests lie elsewhere."""
    settings.FILES = tmp_path / "files"


def signed_in(client: Client, role: str, area: str = "330299") -> Client:
    person = Person.objects.create(account=role, name=role)
    Term.objects.create(person=person, role=role, area=area, since=date(2020, 1, 1))
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload(client: Client, content: bytes, name: str = "a.csv") -> Any:
    return client.post(reverse("imports"), {"file": SimpleUploadedFile(name, content)})


def test_a_file_goes_in_from_upload_to_download(client: Client, tmp_path: Path, at: Any) -> None:
    path = write_csv(tmp_path / "a.csv", [row(), row(编号="A2", 上报时间="soon")])
    taught(write_csv(tmp_path / "b.csv", [row()]), at)
    signed_in(client, "dispatcher")
    page = upload(client, path.read_bytes())
    run = ImportRun.objects.get()
    assert page.url == reverse("import-run", args=[run.pk])
    shown = client.get(page.url).content.decode()
    assert "soon" in shown
    assert "2024-03-01 14:30" in shown
    columns = {f"column-{place}": "" for place in range(10)} | {
        "column-0": "number", "column-1": "opened", "column-2": "street", "column-3": "community",
        "column-7": "unit", "column-8": "punctual"}
    begun = client.post(page.url, {**columns, "source": "", "name": "OLD", "area": "330299",
                                   "kind_list": "OLD", "begin": "1"})
    assert begun.status_code == 302
    assert "hx-post" in client.get(page.url).content.decode()
    done = client.post(reverse("import-advance", args=[run.pk])).content.decode()
    assert "hx-post" not in done
    run.refresh_from_db()
    assert (run.state, run.added, run.rejected) == ("done", 1, 1)
    assert Case.objects.get().opened_by.startswith("person/")
    table: Any = client.get(reverse("import-rejected", args=[run.pk]))
    assert "soon" in table.getvalue().decode()
    assert list(folder().iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\0", b"PK\x03\x04", b"a,b\n"])
def test_a_bad_file_is_refused_beside_its_field(client: Client, content: bytes) -> None:
    page = upload(signed_in(client, "dispatcher"), content)
    assert page.status_code == 422
    assert "import-file-error" in page.content.decode()
    assert not ImportRun.objects.exists()
    assert list(folder().iterdir()) == []


def test_a_wrong_mapping_keeps_what_was_chosen(client: Client) -> None:
    signed_in(client, "dispatcher")
    url = upload(client, "甲,乙\n1,2024-01-01\n".encode()).url
    page = client.post(url, {"column-0": "number", "column-1": "", "begin": "1"})
    assert page.status_code == 422
    assert '<option value="number" selected>' in page.content.decode()
    assert ImportRun.objects.get().state == "ready"


@pytest.mark.parametrize(
    ("role", "name", "status"),
    [("grid_worker", "imports", 403), ("leader", "imports", 403), ("dispatcher", "imports", 200),
     ("adjudicator", "imports", 200), ("grid_worker", "kinds", 200), ("auditor", "kinds", 403),
     ("dispatcher", "limit-change", 403)],
)
def test_who_may(client: Client, role: str, name: str, status: int) -> None:
    assert signed_in(client, role).get(reverse(name)).status_code == status


def test_a_run_of_somebody_elses_area_is_not_found(client: Client) -> None:
    url = upload(signed_in(client, "dispatcher"), b"id,date\n1,2024-01-01\n").url
    other = signed_in(Client(), "adjudicator", area="330300")
    assert other.get(url).status_code == 404


def test_a_town_changes_a_limit_from_a_day_on(client: Client, at: Any) -> None:
    seed_kinds(by=SYSTEM, at=at)
    signed_in(client, "adjudicator")
    url = f"{reverse('limit-change')}?kind=GB2021/E.01.10"
    given = {"condition": "", "clock": "working_hours", "amount": "1", "since": "2099-01-01",
             "source": "镇发〔2098〕1 号"}
    assert client.post(url, {**given, "amount": "-1"}).status_code == 422
    assert client.post(url, {**given, "since": "2020-01-01"}).status_code == 422
    assert client.post(url, {**given, "clock": "working_days", "amount": "1.5"}).status_code == 422
    assert client.post(url, given).status_code == 302
    assert client.post(url, given).status_code == 422
    before = limit_for("events", "GB2021/E.01.10", on=date(2098, 12, 31))
    after = limit_for("events", "GB2021/E.01.10", on=date(2099, 1, 1))
    assert (int(before.amount), int(after.amount)) == (4, 1)
    assert after.source == "镇发〔2098〕1 号"
    page = client.get(f"{reverse('kinds')}?list=GB2021&under=GB2021/E.01").content.decode()
    assert "2099-01-01" in page


@pytest.mark.parametrize("query", ["list=none", "under=none", "list=GB2021&under=XP/E"])
def test_unknown_classes_are_not_found(client: Client, query: str, at: Any) -> None:
    seed_kinds(by=SYSTEM, at=at)
    assert signed_in(client, "leader").get(f"{reverse('kinds')}?{query}").status_code == 404
