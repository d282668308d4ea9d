"""Building the index of boundaries: in memory for a town; for a province, once a machine.

Many boundaries are worked into files that every process maps: the second worker is ready at once,
and all of them hold one copy.
"""

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from yiwang.algorithms.polygons import Locator

from .models import CellShape

SHARED_FROM = 20_000  # boundaries; fewer are built in a second and take a few megabytes
KEPT = 3  # indexes on the disk: a change of boundaries leaves the one before in use for seconds
BATCH = 2_000


def locator_of(shapes: QuerySet[CellShape], version: object) -> Locator:
    """The index of these boundaries; ``version`` changes whenever they do."""
    if shapes[:SHARED_FROM].count() < SHARED_FROM:
        return _built(shapes)
    shelf = Path(settings.DATA) / "cells"
    kept = shelf / hashlib.sha256(repr(version).encode()).hexdigest()[:16]
    with _alone(shelf):
        if not kept.exists():
            _make(kept, shapes)
    return Locator.load(kept)


def _built(shapes: QuerySet[CellShape]) -> Locator:
    """Geometries are read as text: the locator reads it, and keeps what it needs of each."""
    rows = shapes.annotate(text=Cast("geometry", TextField())).values_list("cell_id", "text")
    return Locator.of(rows.iterator(chunk_size=BATCH))


@contextmanager
def _alone(shelf: Path) -> Iterator[None]:
    """One process at a time; the others wait for what it makes."""
    shelf.mkdir(parents=True, exist_ok=True)
    with (shelf / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(kept: Path, shapes: QuerySet[CellShape]) -> None:
    """Save under another name, and give it its own when it is whole. Old ones go."""
    making = kept.with_suffix(".making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    _built(shapes).save(making)
    making.rename(kept)
    saved = sorted((path for path in kept.parent.iterdir() if path.is_dir()),
                   key=lambda path: path.stat().st_mtime)
    for old in saved[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
