"""What wants doing now and then: when it is time, and the statistics that plans lean on."""

from datetime import datetime, timedelta

from django.db import connection

EVERY = timedelta(hours=1)  # between two rounds of upkeep, in each background worker
LOOKED_AT = 400  # rows an index is judged by; SQLite's own advice is 100 to 1000

_last: datetime | None = None


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
    """Move what was written lately from SQLite's log into its file; nobody waits meanwhile."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")
