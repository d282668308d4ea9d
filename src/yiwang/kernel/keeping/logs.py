"""The logs' files: days that are over are packed, days long over go, and all can be read back."""

import fcntl
import gzip
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from yiwang.kernel.records.day_files import READABLE_BY_OWNER

NAMED = re.compile(r"^([a-z]+)-(\d{4}-\d{2}-\d{2})\.log(\.gz)?$")
OPEN_FOR = timedelta(days=2)  # a day is packed when no clock of this machine can still be in it
LOCK = ".packing"


@dataclass(frozen=True, slots=True, order=True)
class DayLog:
    """One file of a log: the day (UTC) it is of, which log, where it lies."""

    day: date
    log: str
    path: Path

    @property
    def packed(self) -> bool:
        return self.path.suffix == ".gz"


def day_logs(folder: Path) -> list[DayLog]:
    """Every file of the logs, the oldest first; whatever else lies there is left alone."""
    found = []
    with suppress(FileNotFoundError):
        for path in folder.iterdir():
            named = NAMED.match(path.name)
            with suppress(ValueError):
                found += [DayLog(date.fromisoformat(named[2]), named[1], path)] if named else []
    return sorted(found)


def days_of(folder: Path) -> list[date]:
    """The days that have a log, the oldest first."""
    return sorted({one.day for one in day_logs(folder)})


def tidy_logs(folder: Path, *, days: int, at: datetime) -> tuple[int, int]:
    """Pack what is over, delete what is older than ``days``; returns how many of each.

    One process at a time: another that comes meanwhile leaves it to the first.
    """
    today, packed, gone = at.astimezone(UTC).date(), 0, 0
    with _alone(folder) as alone:
        for one in day_logs(folder) if alone else []:
            if today - one.day > timedelta(days=days):
                one.path.unlink()
                gone += 1
            elif not one.packed and today - one.day >= OPEN_FOR:
                _pack(one.path)
                packed += 1
    return packed, gone


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Whether the folder is there and nobody else is packing in it."""
    try:
        lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, READABLE_BY_OWNER)
    except OSError:  # no folder yet, or a disk that cannot be written: next hour
        yield False
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(lock)


def _pack(path: Path) -> None:
    """The lines as gzip, behind those packed before: on the disk before the plain file goes.

    Cut off in between, it is packed once more: a line may then stand twice, none is lost.
    """
    packed = path.with_name(f"{path.name}.gz")
    draft = path.with_name(f".{path.name}.gz")
    before = packed.read_bytes() if packed.exists() else b""
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, READABLE_BY_OWNER)
    with os.fdopen(opened, "wb") as file:
        file.write(before + gzip.compress(path.read_bytes(), mtime=0))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(packed)
    path.unlink()


def lines_of(folder: Path, log: str, since: date, until: date) -> Iterator[dict[str, Any]]:
    """The lines of the days (UTC) ``since`` to ``until``; one cut off by a crash is skipped."""
    for one in day_logs(folder):
        if one.log == log and since <= one.day <= until:
            yield from _lines(one)


def _lines(one: DayLog) -> Iterator[dict[str, Any]]:
    with gzip.open(one.path, "rt") if one.packed else one.path.open() as file:
        for line in file:
            with suppress(ValueError):
                read = json.loads(line)
                if isinstance(read, dict):
                    yield read
