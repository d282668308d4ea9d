"""Proof: fold a case's trail and compare it with the row. Reads everything, changes nothing."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any

from yiwang.kernel.records import trail
from yiwang.kernel.records.models import TrailEntry

from .models import Case
from .step import veiled

# What a row holds beside its folded columns.
_OWN = frozenset({"id", "version", "head", "changed_at"})
BATCH = 1000  # cases compared at a time


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold: in which stream, at which entry (0: the row), and what."""

    stream: str
    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was looked at, and every fault found; none means that all of it holds."""

    entries: int
    cases: int
    faults: tuple[Fault, ...]


def fold(entries: Iterable[TrailEntry]) -> dict[str, Any]:
    """The columns a stream says the row must have: defaults, then each entry's changes in turn."""
    columns = dict(_defaults())
    for entry in entries:
        columns |= entry.changes
    return columns


@lru_cache(maxsize=1)
def _defaults() -> dict[str, Any]:
    fields = [field for field in Case._meta.concrete_fields if field.attname not in _OWN]
    return trail.plain(veiled({field.attname: field.get_default() for field in fields}))


def row_of(case: Case) -> dict[str, Any]:
    """The row's columns as the trail would write them."""
    names = [field.attname for field in Case._meta.concrete_fields if field.attname not in _OWN]
    return trail.plain(veiled({name: getattr(case, name) for name in names}))


def differences(case: Case, entries: list[TrailEntry]) -> list[Fault]:
    """Where the row and its folded trail disagree."""
    stream = f"case/{case.id}"
    folded, row = fold(entries), row_of(case)
    faults = [Fault(stream, 0, f"column {name}") for name in row if row[name] != folded.get(name)]
    if (case.version, case.head) != (entries[-1].seq, entries[-1].digest):
        faults.append(Fault(stream, 0, "last entries are missing"))
    return faults


def prove(tell: Callable[[int], None] = lambda done: None) -> Proof:
    """Check every chain and replay every case; ``tell`` hears how many entries are done."""
    faults: list[Fault] = []
    entries = cases = 0
    for batch in _batches(_streams()):
        for stream in batch.values():
            faults += [Fault(*link) for link in trail.broken_links(stream)]
            entries += len(stream)
        found, compared = _compare(batch)
        faults, cases = faults + found, cases + compared
        tell(entries)
    if cases < Case.objects.count():
        faults += _without_trail()
    return Proof(entries, cases, tuple(faults))


def _streams() -> Iterator[tuple[str, list[TrailEntry]]]:
    ordered = TrailEntry.objects.order_by("stream", "seq").iterator(chunk_size=5000)
    for stream, entries in groupby(ordered, key=lambda entry: entry.stream):
        yield stream, list(entries)


def _batches(
    streams: Iterator[tuple[str, list[TrailEntry]]],
) -> Iterator[dict[str, list[TrailEntry]]]:
    batch: dict[str, list[TrailEntry]] = {}
    for stream, entries in streams:
        batch[stream] = entries
        if len(batch) >= BATCH:
            yield batch
            batch = {}
    yield batch


def _compare(batch: dict[str, list[TrailEntry]]) -> tuple[list[Fault], int]:
    wanted = {name.removeprefix("case/"): name for name in batch if name.startswith("case/")}
    rows = Case.objects.in_bulk(list(wanted))
    faults = [Fault(name, 0, "the case is gone") for key, name in wanted.items()
              if key not in {str(found) for found in rows}]
    for case in rows.values():
        faults += differences(case, batch[f"case/{case.id}"])
    return faults, len(rows)


def _without_trail() -> list[Fault]:
    return [
        Fault(f"case/{case_id}", 0, "a case without a trail")
        for case_id in Case.objects.values_list("id", flat=True).iterator()
        if not TrailEntry.objects.filter(stream=f"case/{case_id}").exists()
    ]
