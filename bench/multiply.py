"""A million cases and more on PostgreSQL: two hundred thousand that were lived, copied in SQL.

The finished ones are copied with their holds, their words and the first entry of their trail, under
ids, numbers and codes of their own; open ones are not. Copied entries keep the digest of what they
were copied from, so that such a trail is for measuring and would not be proved.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

BASE = 200_000  # cases lived for any larger number, 4,000 of them open
MOST = 255  # copies of each: two hexadecimal digits of an id

# Column → what a copy has in it; ``{k}`` is the number of the copy, ``c`` the case it is made from.
# Ids of a batch differ at their end, so a copy differs where a batch agrees.
_ID = ("overlay({of}::text placing lpad(to_hex((('x' || substr({of}::text, 25, 2))::bit(8)::int "
       "+ {k}) %% 256), 2, '0') from 25)::uuid")
CASE = {
    "id": _ID.replace("{of}", "c.id"),
    "number": "left(c.number, 8) || lpad({k}::text, 3, '0') || substr(c.number, 9)",
    "follow_code": "c.follow_code || to_hex({k})",
    "external_id": "c.external_id || '.' || {k}",
}
HOLD = {"id": _ID.replace("{of}", "h.id"), "case_id": CASE["id"]}
ENTRY = {"stream": "'case/' || " + CASE["id"]}
WORDS = {"subject": CASE["id"]}
KEPT = "c.external_id LIKE 'bench/%%' AND c.external_id NOT LIKE '%%.%%' AND NOT c.is_open"
COPIES: tuple[tuple[str, str, dict[str, str], str], ...] = (
    ("kernel_case", "c", CASE, "kernel_case c"),
    ("kernel_hold", "h", HOLD, "kernel_case c JOIN kernel_hold h ON h.case_id = c.id"),
    ("kernel_trailentry", "t", ENTRY,
     "kernel_case c JOIN kernel_trailentry t ON t.stream = 'case/' || c.id AND t.seq = 1"),
    ("kernel_words", "w", WORDS, "kernel_case c JOIN kernel_words w ON w.subject = c.id"),
)


def multiply(times: int) -> None:
    """Let there be ``times`` of every finished case; indexes are made anew afterwards."""
    from django.db import connection

    if not 1 <= times <= MOST:
        raise ValueError(f"1 <= times <= {MOST}")
    with connection.cursor() as cursor, _without_haste_to_disk(cursor):
        made = [_copies(cursor, *copy, times) for copy in COPIES]
        for table, statement in made:
            dropped = _drop_indexes(cursor, table)
            cursor.execute(statement, [times])
            for index in dropped:
                cursor.execute(index)
        cursor.execute("ANALYZE")


def _copies(
    cursor: Any, table: str, letter: str, changed: dict[str, str], source: str, times: int
) -> tuple[str, str]:
    """The statement that copies a table's rows; a key counted by the database is left to it."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND NOT "
        "(column_name = 'id' AND data_type = 'bigint') ORDER BY ordinal_position", [table])
    columns = [name for (name,) in cursor.fetchall()]
    values = [changed[name].format(k="k.k") if name in changed else f'{letter}."{name}"'
              for name in columns]
    names = ", ".join(f'"{name}"' for name in columns)
    every = f"FROM {source} CROSS JOIN generate_series(1, %s - 1) k(k) WHERE {KEPT}"
    return table, f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} {every}"


def _drop_indexes(cursor: Any, table: str) -> Sequence[str]:
    """Drop what no rule of uniqueness needs; returns the statements that make them again."""
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "LEFT JOIN pg_constraint r ON r.conindid = i.indexrelid AND r.contype IN ('p', 'u') "
        "WHERE i.indrelid = %s::regclass AND r.oid IS NULL", [table])
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f"DROP INDEX {name}")
    return [statement for _, statement in found]


@contextmanager
def _without_haste_to_disk(cursor: Any) -> Iterator[None]:
    """Nothing waits for the disk while copies are made; afterwards all of it is on the disk."""
    cursor.execute("SET maintenance_work_mem = '1GB'")
    cursor.execute("SET session_replication_role = replica")  # what is copied fits already
    for setting in ("fsync", "full_page_writes"):
        cursor.execute(f"ALTER SYSTEM SET {setting} = off")
    cursor.execute("SELECT pg_reload_conf()")
    yield
    for setting in ("fsync", "full_page_writes"):
        cursor.execute(f"ALTER SYSTEM RESET {setting}")
    cursor.execute("SELECT pg_reload_conf()")
    cursor.execute("CHECKPOINT")
    cursor.execute("SET session_replication_role = DEFAULT")
    os.sync()
