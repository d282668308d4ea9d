"""A log of a file a day: whole lines from many processes, no line forged, readable by its owner."""

import json
import logging
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from yiwang.kernel.records.day_files import DayFile, JsonLine, OneLine, file_name

DAY = datetime(2026, 3, 10, 15, 59, tzinfo=UTC)


def record(event: str, at: datetime = DAY, **fields: object) -> logging.LogRecord:
    made = logging.LogRecord("x", logging.WARNING, "", 0, event, None, None)
    made.created, made.fields = at.timestamp(), fields
    return made


@pytest.fixture
def handler(tmp_path: Path) -> DayFile:
    made = DayFile(tmp_path / "logs", "security")
    made.setFormatter(JsonLine())
    return made


def lines(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for path in sorted(folder.glob("*.log"))
            for line in path.read_text().splitlines()]


def test_a_line_says_when_how_grave_and_what(handler: DayFile) -> None:
    handler.handle(record("refused", route="people", status=403))
    assert lines(handler.folder) == [{"at": "2026-03-10T15:59:00.000Z", "level": "warning",
                                      "event": "refused", "route": "people", "status": 403}]


def test_a_day_has_its_own_file_and_only_its_owner_reads_it(handler: DayFile) -> None:
    handler.handle(record("a"))
    handler.handle(record("b", datetime(2026, 3, 11, tzinfo=UTC)))
    paths = sorted(handler.folder.iterdir())
    assert [path.name for path in paths] == [
        file_name("security", date(2026, 3, day)) for day in (10, 11)]
    assert {path.stat().st_mode & 0o777 for path in paths} == {0o600}
    assert handler.folder.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("forged", [
    '\n{"event": "signed_in"}', "\r\nroot", "\x1b[2Jgone", "\u2028x", "\x85x", "名\x00"])
def test_what_is_logged_cannot_begin_a_line(handler: DayFile, forged: str) -> None:
    handler.handle(record("a", route=forged))
    (path,) = handler.folder.iterdir()
    assert path.read_text(encoding="ascii").count("\n") == 1
    assert all(char.isprintable() for char in path.read_text(encoding="ascii").rstrip("\n"))
    assert lines(handler.folder)[0]["route"] == forged
    said = OneLine("{levelname} {message}", style="{").format(record(f"came {forged}"))
    assert said.isprintable()


WRITER = """
import logging, sys
from yiwang.kernel.records.day_files import DayFile, JsonLine
handler = DayFile(sys.argv[1], "requests")
handler.setFormatter(JsonLine())
log = logging.getLogger("x"); log.addHandler(handler); log.setLevel("INFO")
for number in range(300):
    log.info("%s-%d", sys.argv[2], number, extra={"fields": {"long": "x" * 5000}})
"""


def test_processes_that_write_at_once_lose_and_mix_nothing(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name])
               for name in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    events = [line["event"] for line in lines(tmp_path)]
    assert sorted(map(str, events)) == sorted(f"{name}-{n}" for name in "abc" for n in range(300))


def test_a_disk_that_takes_nothing_fails_no_request(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    handler = DayFile(tmp_path / "file", "security")
    handler.setFormatter(JsonLine())
    handler.handle(record("refused"))
    assert capsys.readouterr().err.count("\n") == 1
