"""Serial numbers without gaps or doubles, however many ask at once."""

from django.db import connection

# Atomic in itself on both databases; within a transaction the row stays locked to its end.
_COUNT = """INSERT INTO kernel_counter (name, last) VALUES (%s, %s) ON CONFLICT (name)
    DO UPDATE SET last = kernel_counter.last + excluded.last RETURNING last"""


def next_serial(name: str) -> int:
    """The next serial under ``name``, starting at 1; given back when the transaction rolls back."""
    return next_serials(name, 1)[0]


def next_serials(name: str, count: int) -> range:
    """The next ``count`` serials under ``name`` in one statement, for many rows at once."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [name, count])
        (last,) = cursor.fetchone()
    return range(last - count + 1, last + 1)
