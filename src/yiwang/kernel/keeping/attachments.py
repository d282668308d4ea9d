"""Attachments in a backup: what the one before has already is linked, not copied again.

A file is the same when its path, size and time are. A seventh of what is linked is read anew in
each backup, so that in a week of nights every byte has been compared with its digest.
"""

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .manifest import FILES, LIST, digest_of_file

_OWN_NAME = re.compile(r"[0-9a-f]{64}")  # the stem of a file kept under its own digest
SHARE = 7  # of what is linked, one in so many is read anew


@dataclass(slots=True)
class Copied:
    """Digests by path; how many were new; paths whose bytes are not what their name says."""

    digests: dict[str, str] = field(default_factory=dict)
    new: int = 0
    size: int = 0
    damaged: list[str] = field(default_factory=list)


def copy_files(source: Path, target: Path, before: Path | None, turn: int) -> Copied:
    """Every file below ``source`` into ``target/files``; ``turn`` chooses what is read anew."""
    known = read_list(before / LIST) if before else {}
    copied = Copied()
    for path in files_below(source):
        old = before / FILES / path if before and path in known else None
        with suppress(FileNotFoundError):  # an upload that was done meanwhile
            digest = _copy_one(source / path, target / FILES / path, old, known.get(path, ""), turn)
            _note(copied, target, path, digest or known[path], new=bool(digest))
    write_list(target / LIST, copied.digests)
    return copied


def _note(copied: Copied, target: Path, path: str, digest: str, *, new: bool) -> None:
    copied.digests[path] = digest
    copied.new += new
    copied.size += (target / FILES / path).stat().st_size
    name = Path(path)
    if name.suffixes == [".jpg"] and _OWN_NAME.fullmatch(name.stem) and name.stem != digest:
        copied.damaged.append(path)


def size_to_copy(source: Path, before: Path | None) -> int:
    """Bytes that are not in the backup before."""
    total = 0
    for path in files_below(source):
        with suppress(FileNotFoundError):
            if not (before and _same(source / path, before / FILES / path)):
                total += (source / path).stat().st_size
    return total


def files_below(folder: Path) -> Iterator[str]:
    """Paths below a folder, drafts left out, in an order of their own."""
    for root, folders, names in os.walk(folder):
        folders.sort()
        yield from (str((Path(root) / name).relative_to(folder))
                    for name in sorted(names) if not name.startswith("."))


def _copy_one(source: Path, target: Path, old: Path | None, digest: str, turn: int) -> str:
    """Link or copy one file; the digest of what was copied, nothing for what was linked."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if old is not None and _same(source, old) and _holds(old, digest, turn):
        _link(old, target)
        return ""
    shutil.copy2(source, target)
    return digest_of_file(target)


def _same(one: Path, other: Path) -> bool:
    with suppress(FileNotFoundError):
        here, there = one.stat(), other.stat()
        return (here.st_size, here.st_mtime_ns) == (there.st_size, there.st_mtime_ns)
    return False


def _holds(old: Path, digest: str, turn: int) -> bool:
    """Whether the linked bytes are still what the list says; looked at when it is their turn."""
    if int(digest[:8], 16) % SHARE != turn % SHARE:
        return True
    return digest_of_file(old) == digest


def _link(old: Path, target: Path) -> None:
    try:
        os.link(old, target)
    except OSError:  # a file system without links
        shutil.copy2(old, target)


def write_list(path: Path, digests: dict[str, str]) -> None:
    """Digest and path, a line each, as ``sha256sum`` writes them."""
    lines = (f"{digest}  {FILES}/{name}\n" for name, digest in digests.items())
    path.write_text("".join(lines), encoding="utf-8")


def read_list(path: Path) -> dict[str, str]:
    """Digests by path below ``files/``; empty where there is no list."""
    if not path.is_file():
        return {}
    pairs = (line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines())
    return {name.removeprefix(f"{FILES}/"): digest for digest, name in pairs}


def wrong_files(folder: Path, digests: dict[str, str]) -> Iterable[str]:
    """Paths of a backup that are gone or not what the list says. Reads every byte."""
    for name, digest in digests.items():
        path = folder / FILES / name
        if not path.is_file() or digest_of_file(path) != digest:
            yield name
