"""What wants doing now and then: when it is time, and the statistics that plans lean on."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

EVERY = timedelta(hours=1)  # between two rounds of upkeep, in each background worker
LOOKED_AT = 400  # rows an index is judged by; SQLite's own advice is 100 to 1000

_last: datetime | None = None
_emptied: tuple[int, int, int] | None = None  # what was seen when the log was last empty


def is_time(at: datetime) -> bool:
    """Whether an hour has passed since it last was; then it counts anew."""
    global _last
    if _last is not None and timedelta() <= at - _last < EVERY:
        return False
    _last = at
    return True


def refresh_statistics() -> None:
    """Let SQLite's planner see how the tables have grown; PostgreSQL does so itself.

    Without statistics it walks a whole table for a filter that a good index answers.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={LOOKED_AT}")
        cursor.execute("ANALYZE")


def empty_log() -> None:
    """Move what was written lately from SQLite's log into its file; nobody waits meanwhile.

    Nothing is done where nothing was written: up to version 3.51.2 a second checkpoint may take a
    log that begins anew at that moment for moved, and its commits are lost
    (sqlite.org/wal.html#walresetbug).
    """
    global _emptied
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        seen = _seen(cursor)
        if seen == _emptied:
            return
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
        _, written, moved = cursor.fetchone()
        _emptied = seen if written == moved else None


def _seen(cursor: Any) -> tuple[int, int, int]:
    """Changes with whatever anybody commits: others by the version, ourselves by the count."""
    cursor.execute("PRAGMA data_version")
    (version,) = cursor.fetchone()
    return id(connection.connection), version, connection.connection.total_changes
