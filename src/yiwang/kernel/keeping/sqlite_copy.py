"""SQLite: copied in one read transaction while writers go on (the online backup of its library)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .disk import cannot_write
from .figures import Ask

WAL = ("-wal", "-shm")  # what lies beside a database that is in use
PATIENCE = 60.0  # seconds a lock is waited for
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def copy_database(source: Path, target: Path) -> str:
    """A copy of one moment, looked over by SQLite itself; returns the version that made it."""
    try:
        with closing(sqlite3.connect(source, timeout=PATIENCE)) as here, \
                closing(sqlite3.connect(target)) as there:
            here.backup(there)  # all pages in one step: a step for each few would start over
            there.execute("PRAGMA journal_mode=DELETE")
            _check(there)
    except sqlite3.OperationalError as problem:
        raise cannot_write(target, str(problem)) from problem
    return sqlite3.sqlite_version


def _check(copy: sqlite3.Connection) -> None:
    said = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if said != "ok":
        raise Refusal(
            "database_damaged",
            Words("SQLite 说这个数据库坏了：{said}",
                  "SQLite says that this database is damaged: {said}").filled(said=said),
            Words("不要删旧备份；停下来，从最近的备份恢复。",
                  "Keep the older backups; stop the instance and restore the newest."))


@contextmanager
def asking(path: Path) -> Iterator[Ask]:
    """Questions to a copy, changing nothing."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as copy:
        yield lambda statement: copy.execute(statement)


def tables_of(path: Path) -> list[str]:
    """The names of its tables; none where there is no database."""
    if not path.is_file() or not path.stat().st_size:
        return []
    with asking(path) as ask:
        return [name for (name,) in ask(TABLES)]
