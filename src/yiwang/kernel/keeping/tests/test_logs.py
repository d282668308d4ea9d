"""Logs over six months: packed, forgotten on time, read back, never two packers at once."""

import fcntl
import gzip
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from yiwang.kernel.keeping.logs import LOCK, day_logs, days_of, lines_of, tidy_logs
from yiwang.kernel.records.day_files import file_name

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
TODAY = AT.date()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for ago in (0, 1, 2, 30, 183, 184, 400):
        day = TODAY - timedelta(days=ago)
        (tmp_path / file_name("security", day)).write_text(json.dumps({"event": f"e{ago}"}) + "\n")
    (tmp_path / "notes.txt").write_text("not ours")
    return tmp_path


def told(folder: Path, since: date = date(2000, 1, 1)) -> list[str]:
    return [line["event"] for line in lines_of(folder, "security", since, TODAY)]


def test_six_months_stay_older_days_go(folder: Path) -> None:
    assert tidy_logs(folder, days=183, at=AT) == (3, 2)
    assert told(folder) == ["e183", "e30", "e2", "e1", "e0"]
    assert [one.packed for one in day_logs(folder)] == [True, True, True, False, False]
    assert {one.path.stat().st_mode & 0o777 for one in day_logs(folder) if one.packed} == {0o600}
    assert days_of(folder)[0] == TODAY - timedelta(days=183)
    assert (folder / "notes.txt").exists()
    assert tidy_logs(folder, days=183, at=AT) == (0, 0)


def test_a_longer_term_keeps_more(folder: Path) -> None:
    tidy_logs(folder, days=365, at=AT)
    assert told(folder)[0] == "e184"


def test_a_line_that_comes_late_goes_behind_those_packed(folder: Path) -> None:
    tidy_logs(folder, days=183, at=AT)
    late = folder / file_name("security", TODAY - timedelta(days=30))
    late.write_text('{"event": "late"}\n{"event": "cut o')
    tidy_logs(folder, days=183, at=AT)
    assert told(folder) == ["e183", "e30", "late", "e2", "e1", "e0"]
    assert gzip.decompress(Path(f"{late}.gz").read_bytes()).endswith(b"cut o")


def test_one_packs_at_a_time(folder: Path) -> None:
    with (folder / LOCK).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert tidy_logs(folder, days=183, at=AT) == (0, 0)
    assert tidy_logs(folder, days=183, at=AT) == (3, 2)


def test_no_folder_yet_is_no_fault(tmp_path: Path) -> None:
    assert tidy_logs(tmp_path / "none", days=183, at=AT) == (0, 0)
    assert days_of(tmp_path / "none") == []
    assert list(lines_of(tmp_path / "none", "security", TODAY, TODAY)) == []
