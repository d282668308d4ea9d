"""What a database wants done now and then, so that lists stay index range scans."""

from datetime import datetime, timedelta

from django.db import connection

EVERY = timedelta(hours=1)
LOOKED_AT = 400  # rows an index is judged by; SQLite's own advice is 100 to 1000

_last: datetime | None = None


def refresh_statistics(*, at: datetime) -> bool:
    """Let SQLite's planner see how the tables have grown, once an hour; PostgreSQL does so itself.

    Without statistics it walks a whole table for a filter that a good index answers.
    """
    global _last
    if connection.vendor != "sqlite" or (_last is not None and at - _last < EVERY):
        return False
    _last = at
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={LOOKED_AT}")
        cursor.execute("ANALYZE")
    return True
