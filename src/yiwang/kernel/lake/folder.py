"""The folder of a lake: files replaced whole, one manifest that says which of them count."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .schema import TABLES, VERSION

MANIFEST = "lake.json"
ROW_GROUP = 100_000  # rows; small enough that a month's open cases are read alone
EMPTY: dict[str, Any] = {"version": VERSION, "instance": "", "definitions": "", "tracks": "",
                         "cursor": None, "exported_at": "", "parts": {}}


def read_manifest(folder: Path) -> dict[str, Any]:
    """What the lake says of itself; an empty one where nothing was exported yet.

    One of an older version is for ``export`` to write anew; :func:`files_of` refuses it.
    """
    try:
        said: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return dict(EMPTY)
    if said["version"] > VERSION:
        raise Refusal("lake_version", _version_words(said), Words(
            "请升级本程序，或导出到一个新文件夹。",
            "Upgrade this program, or export into a new folder."))
    return said


def write_manifest(folder: Path, said: dict[str, Any]) -> None:
    """Put the new manifest in the old one's place; from then on its files count."""
    text = json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True)
    _replaced(folder / MANIFEST, lambda path: path.write_text(text, encoding="utf-8"))


def write_part(folder: Path, part: str, tables: dict[str, pa.Table]) -> None:
    """The tables of one county and month, each replaced whole."""
    (folder / part).mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        _replaced(folder / part / f"{name}.parquet", lambda path, table=table: pq.write_table(
            table, path, compression="zstd", row_group_size=ROW_GROUP))


def sweep(folder: Path, parts: dict[str, Any]) -> None:
    """Remove what no case is in any more, and what a killed export left."""
    for path in folder.glob("county=*/month=*"):
        if path.relative_to(folder).as_posix() not in parts:
            shutil.rmtree(path)
    for path in folder.glob("**/*.new"):
        path.unlink()


def files_of(folder: Path, table: str) -> list[str]:
    """The files of a table that count, in order."""
    if not (folder / MANIFEST).exists():
        raise Refusal("no_lake", Words("{it} 里没有数据湖。", "There is no lake in {it}.").filled(
            it=folder), Words("先运行 yiwang lake export。", "Run yiwang lake export first."))
    said = read_manifest(folder)
    if said["version"] < VERSION:
        raise Refusal("lake_version", _version_words(said), Words(
            "再运行一次 yiwang lake export，就会按新版本重写。",
            "Run yiwang lake export once more: it writes the lake anew."))
    return [str(folder / part / f"{table}.parquet") for part in sorted(said["parts"])]


def _version_words(said: dict[str, Any]) -> Words:
    return Words("这个数据湖的版本是 {it}，本程序读写版本 {own}。",
                 "This lake has version {it}; this program knows version {own}.").filled(
        it=said["version"], own=VERSION)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """One export at a time; a second one is refused, a killed one's lock goes with it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(
                "lake_busy", Words("另一次导出正在写这个文件夹。",
                                   "Another export is writing to this folder."),
                Words("等它结束再试。", "Try again when it is done.")) from None
        yield


def _replaced(path: Path, write: Any) -> None:
    """Written beside, made durable, put in place in one step."""
    beside = path.with_name(f"{path.name}.new")
    write(beside)
    with beside.open("rb") as written:
        os.fsync(written.fileno())
    beside.replace(path)


__all__ = ["EMPTY", "TABLES", "files_of", "locked", "read_manifest", "sweep", "write_manifest",
           "write_part"]
