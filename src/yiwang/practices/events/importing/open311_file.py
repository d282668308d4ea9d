"""A file of Open311 requests as JSON lines: an array is taken apart, gzip unpacked, once."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.ids import new_id

from .problems import broken_file
from .uploads import folder

MOST_UNPACKED = 4 * 1024**3  # bytes; own choice: a small archive may unpack to anything
MOST_ARRAY = 512 * 1024**2  # bytes of one JSON array, which is read whole; own choice
_PIECE = 1 << 20
_LINES = Words("用 JSON 行（每行一件）或 JSON 数组，可再压缩为 .gz。",
               "Use JSON lines, one request a line, or a JSON array; either may be gzip.")


def unpacked(path: Path) -> Path:
    """The file itself where it is plain JSON lines, else a copy in the folder of uploads.

    The copy is named by its content, so that a broken-off run finds it again.
    """
    with path.open("rb") as file:
        start = file.read(64)
    if not start.startswith(b"\x1f\x8b") and not start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(
            b"["):
        return path
    made = folder() / new_id().hex
    try:
        with made.open("wb") as lines, _opened(path, start) as file:
            digest = _write(file, lines)
        return made.rename(folder() / f"{digest}.jsonl")
    except BaseException:
        with suppress(OSError):
            made.unlink()
        raise


@contextmanager
def _opened(path: Path, start: bytes) -> Iterator[BinaryIO]:
    try:
        with gzip.open(path) if start.startswith(b"\x1f\x8b") else path.open("rb") as file:
            yield cast(BinaryIO, file)
    except (gzip.BadGzipFile, EOFError, zlib.error) as wrong:
        raise broken_file("gzip", Words("压缩文件不完整或已损坏。",
                                        "The gzip file is cut off or damaged."), _LINES) from wrong


def _write(file: BinaryIO, lines: BinaryIO) -> str:
    """Everything in JSON lines; its SHA-256."""
    digest, written = hashlib.sha256(), 0
    for piece in _pieces(file):
        written += len(piece)
        if written > MOST_UNPACKED:
            raise _too_large(MOST_UNPACKED)
        digest.update(piece)
        lines.write(piece)
    return digest.hexdigest()


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    first = file.read(_PIECE)
    if not first.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"["):
        while first:
            yield first
            first = file.read(_PIECE)
        return
    rest = file.read(MOST_ARRAY)
    if len(rest) >= MOST_ARRAY:
        raise _too_large(MOST_ARRAY)
    yield from (f"{json.dumps(row, ensure_ascii=False)}\n".encode() for row in _array(first + rest))


def _array(body: bytes) -> list[Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise broken_file("json", Words("不是完整的 JSON。", "This is no complete JSON."),
                          _LINES) from wrong
    return found if isinstance(found, list) else [found]


def _too_large(most: int) -> Refusal:
    return broken_file("too_large", Words("展开后超过 {n} MB。", "Unpacked it is over {n} MB."
                                          ).filled(n=most // 1024**2), _LINES)
