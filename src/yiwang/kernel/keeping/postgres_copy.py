"""PostgreSQL: dumped and counted in one exported snapshot while writers go on; loaded whole."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .figures import Ask
from .postgres_programs import program, run

ASIDE = "yiwang_before_"  # the schema that holds what a restore replaced
FIRST_VERSION = 10_000  # server_version_num of 15.4 is 150004
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
OTHERS = ("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
          "AND backend_type = 'client backend' AND pid <> pg_backend_pid()")


@contextmanager
def snapshot() -> Iterator[tuple[Ask, str]]:
    """Questions to one moment of the database, and the name by which ``pg_dump`` sees the same."""
    here = connection.copy()
    try:
        with here.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            yield _asking(here), str(cursor.fetchone()[0])
    finally:
        here.close()


def asking() -> Ask:
    """Questions to the database as it is now."""
    return _asking(connection)


def _asking(here: Any) -> Ask:
    def ask(statement: str) -> Iterator[tuple[Any, ...]]:
        with here.cursor() as cursor:
            cursor.execute(statement)
            while rows := cursor.fetchmany(10_000):
                yield from rows

    return ask


def dump(target: Path, name: str) -> str:
    """The snapshot of that name in PostgreSQL's custom format; returns the server's version.

    The archive is read through once more before it counts as written.
    """
    run([program("pg_dump", _server()), "--format=custom", "--compress=3", "--no-owner",
         "--no-privileges", f"--exclude-schema={ASIDE}*", f"--snapshot={name}",
         f"--file={target}"], _connection())
    check(target)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        return str(cursor.fetchone()[0])


def check(archive: Path) -> None:
    """Read an archive to its end; raises ``Refusal`` where it is damaged."""
    run([program("pg_restore", _server()), "--file=/dev/null", str(archive)], {})


def load(archive: Path) -> None:
    """All of an archive, or nothing of it; with statistics, which an archive does not hold."""
    run([program("pg_restore", _server()), "--no-owner", "--no-privileges", "--exit-on-error",
         "--single-transaction", f"--dbname={connection.settings_dict['NAME']}", str(archive)],
        _connection())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def tables() -> list[str]:
    """The tables there are now."""
    return [name for (name,) in _asking(connection)(TABLES)]


def check_nobody_else() -> None:
    """Raise ``Refusal`` while somebody is connected: a restore under them would be torn."""
    (others,) = next(iter(_asking(connection)(OTHERS)))
    if others:
        raise Refusal(
            "database_in_use",
            Words("还有 {n} 个连接在用这个数据库。",
                  "{n} other {n:connection is|connections are} using this database.").filled(
                n=others),
            Words("停下这一套（yiwang serve、yiwang work）再恢复。",
                  "Stop the instance (yiwang serve, yiwang work), then restore."))


def put_aside(stamp: str) -> str:
    """Move what is there into a schema of its own; returns its name."""
    aside = f"{ASIDE}{stamp.lower()}"
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER SCHEMA public RENAME TO "{aside}"')
        cursor.execute("CREATE SCHEMA public")
    return aside


def put_back(aside: str) -> None:
    """Undo :func:`put_aside` after a load that failed."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute(f'ALTER SCHEMA "{aside}" RENAME TO public')


def size() -> int:
    """Bytes the database takes; a dump takes less."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def _server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // FIRST_VERSION


def _connection() -> dict[str, Any]:
    return dict(connection.get_connection_params())
