"""What every reader hands on: raw records with their row numbers, before anything is believed."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.records.packed import CELLS, packed_fault, too_large

MOST_BYTES = 20 * 1024 * 1024  # of an uploaded file
MOST_ROWS = 20_000  # a county has some 2,000 grids and 10,000 micro-grids

COLUMNS: dict[str, tuple[str, ...]] = {
    "code": ("code", "编码", "代码", "网格编码", "网格代码", "微网格编码", "wgbm", "wgdm", "bm",
             "id"),
    "name": ("name", "名称", "网格名称", "微网格名称", "wgmc", "mc"),
    "layer": ("layer", "图层", "网格类型"),
    "households": ("households", "户数", "总户数", "hs", "zhs"),
    "boundary": ("boundary", "wkt", "geometry", "边界", "边界坐标", "坐标", "范围坐标"),
}


@dataclass(frozen=True)
class Record:
    """A cell as the file says it; values as they came. ``broken``: why its row cannot be read."""

    number: int
    values: Mapping[str, Any]
    geometry: Any
    broken: tuple["Fault", ...] = ()


@dataclass(frozen=True)
class Fault:
    """Something wrong with a row: which field, what, and what to do."""

    row: int
    field: str
    what: Words
    todo: Words


@dataclass
class FileRead:
    """The records of a file, and what the person should know of how it was read."""

    records: list[Record]
    notes: list[Words] = field(default_factory=list)


def column_of(heading: object) -> str:
    """Which of our columns a heading means; empty where none."""
    plain = str(heading).replace("\ufeff", "").strip().lower().replace(" ", "").replace("_", "")
    return next((ours for ours, names in COLUMNS.items()
                 if plain in {name.replace("_", "") for name in names}), "")


def named(values: Mapping[str, Any]) -> dict[str, Any]:
    """A record's values under our columns; the first heading that means a column wins."""
    found: dict[str, Any] = {}
    for heading, value in values.items():
        ours = column_of(heading)
        if ours and ours not in found:
            found[ours] = value
    return found


def unreadable(what: Words, todo: Words) -> Refusal:
    """The file as a whole cannot be read."""
    return Refusal("file_unreadable", what, todo, field="file")


def check_packed(raw: bytes) -> None:
    """Refuse an archive that unpacks to more than a town's cells; damage is the reader's to say."""
    if packed_fault(io.BytesIO(raw), CELLS) == "too_large":
        raise unreadable(too_large(CELLS), Words("请分村社导出。", "Export village by village."))


def decoded(raw: bytes) -> tuple[str, bool]:
    """Text of bytes in UTF-8 or, failing that, GB18030; and whether it was the latter."""
    try:
        return raw.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("gb18030"), True
    except UnicodeDecodeError:
        raise unreadable(
            Words("文件既不是 UTF-8 也不是 GBK 编码。", "The file is neither UTF-8 nor GBK."),
            Words("请另存为 UTF-8 再试。", "Save it as UTF-8 and try again."),
        ) from None


GBK_NOTE = Words("文字按 GBK 读取，请核对名称。", "Text was read as GBK; check the names.")
