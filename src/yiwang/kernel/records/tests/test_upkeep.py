"""SQLite's log is emptied after anybody's commit, and left alone where nothing was written."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from yiwang.kernel.records import upkeep


class Worker:
    """A background worker's connection to a file, as Django hands it out."""

    vendor = "sqlite"

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.asked: list[str] = []
        self.connection.set_trace_callback(self.asked.append)

    @contextmanager
    def cursor(self) -> Iterator[sqlite3.Cursor]:
        with closing(self.connection.cursor()) as cursor:
            yield cursor

    def emptied(self) -> bool:
        """Whether a round of the worker moved the log's content."""
        self.asked.clear()
        upkeep.empty_log()
        return any("wal_checkpoint" in statement for statement in self.asked)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who reports: a connection of a web worker."""
    with closing(sqlite3.connect(tmp_path / "town.sqlite3", isolation_level=None)) as web:
        web.execute("PRAGMA journal_mode=WAL")
        web.execute("PRAGMA wal_autocheckpoint=0")
        web.execute("CREATE TABLE told (words TEXT)")
        yield web


@pytest.fixture
def worker(
    town: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Worker]:
    made = Worker(tmp_path / "town.sqlite3")
    monkeypatch.setattr(upkeep, "connection", made)
    monkeypatch.setattr(upkeep, "_emptied", None)
    yield made
    made.connection.close()


def moved(tmp_path: Path) -> bytes:
    """What the file itself holds, its log apart."""
    return (tmp_path / "town.sqlite3").read_bytes()


def test_what_anybody_wrote_is_moved_once(
    town: sqlite3.Connection, worker: Worker, tmp_path: Path
) -> None:
    town.execute("INSERT INTO told VALUES ('积水一处')")
    assert worker.emptied()
    assert "积水一处".encode() in moved(tmp_path)
    assert not worker.emptied()

    town.execute("INSERT INTO told VALUES ('路灯不亮')")
    assert worker.emptied()
    worker.connection.execute("INSERT INTO told VALUES ('井盖破损')")
    assert worker.emptied()
    assert "井盖破损".encode() in moved(tmp_path)
    assert not worker.emptied()


def test_a_log_that_a_reader_holds_is_tried_again(
    town: sqlite3.Connection, worker: Worker, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "town.sqlite3", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM told").fetchone()
        town.execute("INSERT INTO told VALUES ('桶满溢出')")
        assert worker.emptied()
        assert worker.emptied()
        assert "桶满溢出".encode() not in moved(tmp_path)
    assert worker.emptied()
    assert "桶满溢出".encode() in moved(tmp_path)
    assert not worker.emptied()
