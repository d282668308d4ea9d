"""``yiwang report monthly`` writes the file it is asked for, or says what is wrong with the asking.
"""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from yiwang.cli.report import monthly
from yiwang.kernel.errors import Refusal
from yiwang.kernel.places.models import Unit
from yiwang.kernel.records.models import Counter
from yiwang.kernel.reports.models import MonthlyReport
from yiwang.kernel.reports.tests.months import MONTH, lived

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _town(at: datetime, actor: Callable[..., Any]) -> None:
    lived(at, actor)


def run(*args: str) -> Any:
    return CliRunner().invoke(monthly, ["--month", MONTH, *args], catch_exceptions=False)


@pytest.mark.parametrize(("ending", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_ending_says_the_form(tmp_path: Path, ending: str, begins: bytes) -> None:
    out = tmp_path / f"a.{ending}"
    answer = run("--out", str(out), "--author", "张三", "--language", "en")
    assert (answer.exit_code, out.read_bytes()[:len(begins)]) == (0, begins)
    assert str(out) in answer.output


def test_json_is_the_document_and_takes_no_number() -> None:
    numbers = list(Counter.objects.filter(name__startswith="report/"))
    told = json.loads(run("--json").output)
    assert told["title"]["en"] == "Xiapu Sub-district: cases handled in March 2026"
    figures = next(block for block in told["blocks"] if block["kind"] == "table")
    assert figures["rows"][0][1]["text"]["zh"] == "8"
    assert not MonthlyReport.objects.exists()
    assert list(Counter.objects.filter(name__startswith="report/")) == numbers == []


def test_without_a_file_it_tells_the_sentences() -> None:
    assert "霞浦街道新收事件 8 件" in run().output


@pytest.mark.parametrize(("args", "code"), [
    (["--out", "a.doc"], "report_form"), (["--month", "2026-99"], "report_month")])
def test_what_makes_no_report_is_refused(args: list[str], code: str) -> None:
    with pytest.raises(Refusal) as said:
        run(*args)
    assert said.value.code == code


def test_two_towns_want_a_name() -> None:
    Unit.objects.create(code="330206006", name="别的街道")
    with pytest.raises(Refusal, match="330206005, 330206006"):
        run()
    assert "霞浦街道2026年3月" in run("--area", "330206005").output
