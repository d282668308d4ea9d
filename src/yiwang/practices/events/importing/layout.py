"""What form a file has: CSV in which encoding, a workbook, or JSON lines; and its fingerprint."""

import codecs
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from python_calamine import CalamineWorkbook

from yiwang.algorithms.words import Words
from yiwang.kernel.records.packed import EVENTS, packed_fault, too_large

from .lines import csv_records
from .problems import SAVE_AS, broken_file

Form = Literal["csv", "workbook", "jsonl"]
SEPARATORS = ",\t;|"
_ZIP = b"PK\x03\x04"
_WORKBOOKS = (_ZIP, b"\xd0\xcf\x11\xe0")  # xlsx and ods are zip archives; xls is OLE
_PIECE = 1 << 20  # bytes read at a time
_JSON_SAMPLE = 200  # lines looked at for the names of columns
MOST_COLUMNS = 200  # more is no table of events; own choice


@dataclass(frozen=True, slots=True)
class Layout:
    """How to read a file: its form, its text encoding, its separator, its columns in order."""

    form: Form
    encoding: str
    separator: str
    headers: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data for a column."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Layout":
        """Read back :meth:`as_json`."""
        return cls(data["form"], data["encoding"], data["separator"], tuple(data["headers"]))


def digest_of(path: Path) -> str:
    """SHA-256 of the file: the same file again is the same run, wherever it lies."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def look_at(path: Path) -> Layout:
    """The file's layout; raises ``Refusal`` where nothing can be read from it."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip():
        raise broken_file("empty", Words("文件是空的。", "The file is empty."), SAVE_AS)
    if start.startswith(_WORKBOOKS):
        _check_packed(path, start)
        return Layout("workbook", "", "", tidy_headers(_first_row(path)))
    encoding = _encoding(path)
    if start.lstrip(codecs.BOM_UTF8).lstrip().startswith(b"{"):
        return Layout("jsonl", encoding, "", tidy_headers(_json_keys(path, encoding)))
    return _csv_layout(path, encoding)


def _check_packed(path: Path, start: bytes) -> None:
    """Refuse a workbook that is small as it comes and large as it is read."""
    if not start.startswith(_ZIP):
        return
    with path.open("rb") as file:
        if packed_fault(file, EVENTS) == "too_large":
            raise broken_file("packed", too_large(EVENTS), Words(
                "请存成 CSV 再导入。", "Save it as CSV instead."))


def _encoding(path: Path) -> str:
    """UTF-8 where the whole file is; else GB18030, which holds GBK and GB 2312."""
    for encoding in ("utf-8-sig", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise broken_file(
        "encoding",
        Words("文件的编码既不是 UTF-8 也不是 GB18030。", "The text is neither UTF-8 nor GB18030."),
        SAVE_AS,
    )


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                if b"\0" in piece:  # UTF-16, or no text at all
                    return False
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _csv_layout(path: Path, encoding: str) -> Layout:
    with path.open("rb") as file:
        first = file.readline(1 << 16).decode(encoding, errors="ignore")
        separator = max(SEPARATORS, key=first.count)
        file.seek(0)
        _, header = next(csv_records(file, encoding, separator), (0, None))
    return Layout("csv", encoding, separator, tidy_headers(header or []))


def open_workbook(path: Path) -> CalamineWorkbook:
    """The workbook; raises ``Refusal`` where it is damaged, locked, or no workbook at all."""
    try:
        return CalamineWorkbook.from_path(str(path))
    except Exception as problem:  # the reader raises many kinds, panics included
        raise broken_file(
            "workbook",
            Words("表格文件打不开：已损坏、有密码，或不是表格。",
                  "The workbook does not open: damaged, locked, or none at all."),
            SAVE_AS,
        ) from problem


def _first_row(path: Path) -> Sequence[object]:
    sheet = open_workbook(path).get_sheet_by_index(0)
    return next(iter(sheet.iter_rows()), [])


def _json_keys(path: Path, encoding: str) -> list[str]:
    keys: dict[str, None] = {}
    with path.open(encoding=encoding) as file:
        for _, line in zip(range(_JSON_SAMPLE), file, strict=False):
            try:
                keys |= dict.fromkeys(json.loads(line))
            except (ValueError, TypeError):
                continue  # the row is named when it is read
    return list(keys)


def tidy_headers(names: Sequence[object]) -> tuple[str, ...]:
    """Column names as they are shown: no blanks around, none empty, none twice."""
    tidy: list[str] = []
    for place, name in enumerate(names, start=1):
        text = " ".join(str("" if name is None else name).split())[:60] or f"#{place}"
        tidy.append(text if text not in tidy else f"{text} #{place}")
    if not 1 <= len(tidy) <= MOST_COLUMNS:
        raise broken_file(
            "columns",
            Words("第一行不像表头。", "The first row does not look like column names."),
            Words("第一行写列名，如 编号、上报时间、处置单位。",
                  "Put column names into the first row, such as number, date, unit."),
        )
    return tuple(tidy)
