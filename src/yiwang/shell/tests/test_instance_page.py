"""The administrator's page and ``yiwang status`` show the same lamps; nobody else sees them."""

import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils.timezone import now

from yiwang.cli import main
from yiwang.kernel.keeping.lamps import lamps
from yiwang.kernel.keeping.manifest import Manifest, Trail, name_of
from yiwang.kernel.people.models import Person, Term
from yiwang.kernel.records.models import OutboxMessage
from yiwang.shell.web.sign_in import BACKEND

pytestmark = pytest.mark.django_db

MANIFEST = Manifest(
    instance="0" * 8, at="", program="", database="sqlite", database_version="", database_size=0,
    database_digest="", files=0, files_size=0, files_new=0, files_digest="",
    trail=Trail(0, 0, ""), counts={}, migrations=[], keys={}, keys_included=True)


@pytest.fixture
def kept(settings: Any, tmp_path: Path) -> Callable[..., None]:
    """Puts a backup of a moment into the folder set up for them."""
    settings.DATA, settings.BACKUP = tmp_path / "data", tmp_path / "kept"
    (tmp_path / "data").mkdir()

    def keep(at: datetime, *missing: str) -> None:
        folder = tmp_path / "kept" / name_of("0" * 8, at)
        folder.mkdir(parents=True)
        Manifest(**{**{name: getattr(MANIFEST, name) for name in MANIFEST.__slots__},
                    "missing": list(missing)}).write(folder)

    return keep


def lamp(code: str, at: datetime) -> str:
    return next(one.lamp for one in lamps(at=at) if one.code == code)


def test_the_lamp_of_the_newest_backup(kept: Callable[..., None], at: datetime) -> None:
    assert lamp("backup", at) == "bad"
    kept(at - timedelta(days=2))
    assert lamp("backup", at) == "warn"
    kept(at - timedelta(hours=3))
    assert lamp("backup", at) == "ok"
    kept(at - timedelta(hours=1), "ab" * 32)
    assert lamp("backup", at) == "bad", "an attachment is missing in it"


def test_the_lamp_of_what_waits(at: datetime) -> None:
    assert lamp("waiting", at) == "ok"
    OutboxMessage.objects.create(name="CaseOpened", body={}, at=at - timedelta(minutes=10))
    assert lamp("waiting", at) == "warn"
    assert lamp("waiting", at + timedelta(hours=1)) == "bad"
    assert lamp("waiting", at - timedelta(hours=1)) == "ok", "the clock went back"


def test_the_page_is_the_system_administrators(kept: Callable[..., None]) -> None:
    kept(now() - timedelta(hours=3))
    page = client_of("system_admin").get("/instance")
    assert (page.status_code, "最近一份在 3 小时前" in page.content.decode()) == (200, True)
    assert client_of("dispatcher").get("/instance").status_code == 403
    assert Client().get("/instance").status_code == 302


def client_of(role: str) -> Client:
    person = Person.objects.create(account=role, name=role)
    Term.objects.create(person=person, role=role, area="330206005", since=date(2020, 1, 1))
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def test_status_says_the_same_and_ends_with_one_on_red(kept: Callable[..., None]) -> None:
    red = CliRunner(env={"YIWANG_LANG": "en"}).invoke(main, ["status", "--json"])
    assert (red.exit_code, json.loads(red.stdout)["lamps"]["backup"]["lamp"]) == (1, "bad")
    kept(now() - timedelta(hours=3))
    told = CliRunner(env={"YIWANG_LANG": "en"}).invoke(main, ["status"])
    assert "Backup: the newest is 3 h old; 1 is kept" in told.stdout
