"""Attachments of a backup: what is linked, what is copied, what is found damaged."""

import hashlib
import os
from pathlib import Path

from yiwang.kernel.keeping.attachments import (
    SHARE,
    copy_files,
    read_list,
    size_to_copy,
    wrong_files,
)
from yiwang.kernel.keeping.manifest import FILES, LIST


def kept(folder: Path, content: bytes) -> Path:
    digest = hashlib.sha256(content).hexdigest()
    path = folder / digest[:2] / digest[2:4] / f"{digest}.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_only_what_is_new_takes_room(tmp_path: Path) -> None:
    source, one, two = tmp_path / "source", tmp_path / "one", tmp_path / "two"
    first = kept(source, b"first")
    (source / first.parent / ".draft").write_bytes(b"half")
    assert copy_files(source, one, None, 0).new == 1
    kept(source, b"second")
    assert size_to_copy(source, one) == len(b"second")
    copied = copy_files(source, two, one, 0)
    name = str(first.relative_to(source))
    assert (copied.new, len(copied.digests), copied.damaged) == (1, 2, [])
    assert (one / FILES / name).stat().st_ino == (two / FILES / name).stat().st_ino
    assert read_list(two / LIST) == copied.digests
    assert not list(wrong_files(two, copied.digests))


def test_a_damaged_picture_is_named(tmp_path: Path) -> None:
    path = kept(tmp_path / "source", b"as taken")
    path.write_bytes(b"as rotten")
    copied = copy_files(tmp_path / "source", tmp_path / "one", None, 0)
    assert copied.damaged == [str(path.relative_to(tmp_path / "source"))]


def test_rot_in_the_older_backup_is_found_within_a_week_and_not_handed_on(tmp_path: Path) -> None:
    source, one = tmp_path / "source", tmp_path / "one"
    name = str(kept(source, b"good bytes").relative_to(source))
    before = copy_files(source, one, None, 0)
    rotten, times = one / FILES / name, (one / FILES / name).stat()
    rotten.write_bytes(b"evil bytes")
    os.utime(rotten, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert list(wrong_files(one, before.digests)) == [name]
    taken = [copy_files(source, tmp_path / f"turn{turn}", one, turn) for turn in range(SHARE)]
    assert [copied.new for copied in taken].count(1) == 1
    turn = [copied.new for copied in taken].index(1)
    assert (tmp_path / f"turn{turn}" / FILES / name).read_bytes() == b"good bytes"
