"""The trail: append-only, one hash chain a stream, written in the transaction of the change.

A stream is named ``kind/id`` (``case/0190…``, ``cell/330206005208001``). ``changes`` holds the
columns an entry set, so that folding a stream gives the row back; ``note`` holds what else a
reader or an auditor wants to know. ``by`` is ``person/<uuid>``, ``resident``, or ``system``.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from .models import TrailEntry

GENESIS = "0" * 64


def append(
    stream: str,
    *,
    verb: str,
    by: str,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    note: Mapping[str, Any] | None = None,
) -> TrailEntry:
    """Write the next entry of ``stream``; must run inside the transaction that makes the change."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a trail entry is written inside the transaction of its change")
    head = TrailEntry.objects.filter(stream=stream).order_by("-seq").first()
    seq, previous = (head.seq, head.digest) if head else (0, GENESIS)
    entry = compose(
        stream, seq + 1, previous, verb=verb, by=by, at=at, changes=changes, note=note
    )
    entry.save(force_insert=True)
    return entry


def compose(
    stream: str,
    seq: int,
    previous: str,
    *,
    verb: str,
    by: str,
    at: datetime,
    changes: Mapping[str, Any] | None = None,
    note: Mapping[str, Any] | None = None,
) -> TrailEntry:
    """An entry not yet saved, for a caller that holds the stream's head and so saves a query."""
    entry = TrailEntry(
        stream=stream,
        seq=seq,
        at=at.astimezone(UTC),
        by=by,
        verb=verb,
        changes=plain(changes or {}),
        note=plain(note or {}),
        previous=previous,
    )
    entry.digest = digest_of(entry)
    return entry


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they will read back from the database: JSON types only, times in UTC."""
    encoded: dict[str, Any] = json.loads(_encode(values))
    return encoded


def digest_of(entry: TrailEntry) -> str:
    """SHA-256 over everything an entry says, the previous digest included."""
    said = {
        "stream": entry.stream,
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "by": entry.by,
        "verb": entry.verb,
        "changes": entry.changes,
        "note": entry.note,
        "previous": entry.previous,
    }
    return hashlib.sha256(_encode(said).encode()).hexdigest()


def broken_links(entries: Iterable[TrailEntry]) -> list[tuple[str, int, str]]:
    """Where a chain does not hold: ``(stream, seq, why)``. Entries come ordered by stream, seq."""
    broken: list[tuple[str, int, str]] = []
    stream, seq, digest = "", 0, GENESIS
    for entry in entries:
        if entry.stream != stream:
            stream, seq, digest = entry.stream, 0, GENESIS
        if entry.seq != seq + 1:
            broken.append((stream, entry.seq, "gap"))
        if entry.previous != digest:
            broken.append((stream, entry.seq, "link"))
        if digest_of(entry) != entry.digest:
            broken.append((stream, entry.seq, "content"))
        seq, digest = entry.seq, entry.digest
    return broken


def newest_seq(stream: str) -> int:
    """The number of the stream's newest entry, 0 for none; one query along an index."""
    newest = TrailEntry.objects.filter(stream=stream).order_by("-seq")
    return newest.values_list("seq", flat=True).first() or 0


def _encode(values: Any) -> str:
    return json.dumps(
        values, cls=_Encoder, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return o.astimezone(UTC).isoformat()
        return super().default(o)
