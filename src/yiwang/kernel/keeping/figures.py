"""What is counted in a database, the same on both: rows of each table, the digest of the trail."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .manifest import Trail

Ask = Callable[[str], Iterable[tuple[Any, ...]]]


def counts(ask: Ask, tables: Iterable[str]) -> dict[str, int]:
    """Rows of each table."""
    return {table: _only(ask(f'SELECT count(*) FROM "{table}"'))  # noqa: S608
            for table in sorted(tables)}


def trail_of(ask: Ask) -> Trail:
    """All digests of the trail, in the order written, under one digest."""
    digest, entries, newest = hashlib.sha256(), 0, 0
    for key, one in ask("SELECT id, digest FROM kernel_trailentry ORDER BY id"):
        digest.update(f"{one}\n".encode())
        entries, newest = entries + 1, key
    return Trail(entries, newest, digest.hexdigest())


def migrations_of(ask: Ask) -> list[str]:
    """Which migrations the tables have been through."""
    return sorted(f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations"))


def stored_digests(ask: Ask) -> Iterator[str]:
    """The digest of every attachment that a row names."""
    for (digest,) in ask("SELECT DISTINCT stored_digest FROM kernel_attachment"):
        yield digest


def _only(rows: Iterable[tuple[Any, ...]]) -> int:
    return int(next(iter(rows))[0])
