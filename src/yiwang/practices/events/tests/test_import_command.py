"""``yiwang learn`` and ``yiwang import events``: what they say, and how they exit."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yiwang.cli import main
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.playbook_store import declare
from yiwang.kernel.people.rules import SYSTEM
from yiwang.practices.events.models import ImportRun
from yiwang.practices.events.states import EVENT

from .import_files import row, write_csv

pytestmark = pytest.mark.django_db
NEW = ("--source", "OLD", "--area", "330299")


def yiwang(*args: object) -> Result:
    return CliRunner().invoke(main, [*map(str, args), "--lang", "en"])


@pytest.fixture
def file(tmp_path: Path, at: object) -> Path:
    from datetime import datetime

    assert isinstance(at, datetime)
    declare([EVENT], by=SYSTEM, at=at)
    return write_csv(tmp_path / "a.csv", [row(), row(编号="A2")])


def test_learn_then_import_then_again(file: Path) -> None:
    assert yiwang("learn", file, *NEW, "--dry-run").exit_code == 0
    assert not Case.objects.exists()
    learned = yiwang("learn", file, *NEW, "--json")
    assert json.loads(learned.stdout)["units"] == 1
    result = yiwang("import", "events", file)
    assert (result.exit_code, Case.objects.count()) == (0, 2)
    assert "2 added" in result.stdout
    again = yiwang("import", "events", file, "--json")
    assert json.loads(again.stdout)["unchanged"] == 2


def test_rejected_rows_end_with_1_and_are_written(file: Path, tmp_path: Path) -> None:
    yiwang("learn", file, *NEW)
    bad = write_csv(tmp_path / "b.csv", [row(编号="A3"), row(编号="A4", 上报时间="soon")])
    out = tmp_path / "rejected.csv"
    result = yiwang("import", "events", bad, "--rejected", out)
    assert result.exit_code == 1
    assert "Row 3 上报时间" in result.stderr
    assert "soon" in out.read_text(encoding="utf-8-sig")
    assert yiwang("import", "events", bad, "--dry-run").exit_code == 1


@pytest.mark.parametrize(
    "more", [(), ("--source", "OLD", "--area", "12"), (*NEW, "--map", "x=number"), ("--nonsense",)])
def test_wrong_usage_ends_with_2(file: Path, more: tuple[str, ...]) -> None:
    result = yiwang("import", "events", file, *more)
    assert result.exit_code == 2
    assert result.stderr
    assert "Traceback" not in result.output
    assert not ImportRun.objects.exists()


def test_a_broken_file_ends_with_2(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    assert yiwang("import", "events", path, *NEW).exit_code == 2
    assert yiwang("learn", path, *NEW).exit_code == 2
