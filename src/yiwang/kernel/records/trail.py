"""The trail: append-only, one hash chain a stream, written in the transaction of the change.

A stream is named ``kind/id`` (``case/0190…``, ``cell/330206005208001``). ``changes`` holds the
columns an entry set, so that folding a stream gives the row back; ``note`` holds what else a
reader or an auditor wants to know. ``by`` is ``person/<uuid>``, ``resident``, or ``system``.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from yiwang.kernel.many import insert_many

from .logs import note_entry
from .models import TrailEntry

GENESIS = "0" * 64
_FIRST = ("stream", "seq", "at", "by", "verb", "changes", "note", "previous", "digest")


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
    note_entry(stream, verb, by)
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


def begin_many(
    firsts: Iterable[tuple[str, Mapping[str, Any]]], *, verb: str, by: str, at: datetime,
    note: Mapping[str, Any] | None = None,
) -> list[str]:
    """Write the first entry of many new streams, (stream, changes) each; returns their digests.

    The same entries as :func:`compose` makes, with what they share encoded once.
    """
    moment, noted = at.astimezone(UTC), encoded(note or {})
    before = f'{{"at":{encoded(moment)},"by":{encoded(by)},"changes":'
    middle = f',"note":{noted},"previous":"{GENESIS}","seq":1,"stream":'
    after = f',"verb":{encoded(verb)}}}'
    digests: list[str] = []

    def entries() -> Iterator[tuple[Any, ...]]:
        for stream, changes in firsts:
            said = encoded(changes)
            whole = f"{before}{said}{middle}{encoded(stream)}{after}"
            digests.append(hashlib.sha256(whole.encode()).hexdigest())
            yield stream, 1, moment, by, verb, said, noted, GENESIS, digests[-1]

    insert_many(TrailEntry, _FIRST, entries())
    return digests


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they will read back from the database: JSON types only, times in UTC."""
    read: dict[str, Any] = json.loads(encoded(values))
    return read


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
    return hashlib.sha256(encoded(said).encode()).hexdigest()


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


def encoded(values: Any) -> str:
    """JSON as it is signed and stored: keys in order, moments in UTC."""
    return _ENCODER.encode(values)


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return o.astimezone(UTC).isoformat()
        return super().default(o)


_ENCODER = _Encoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
