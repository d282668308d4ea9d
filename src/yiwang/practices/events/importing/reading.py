"""Rows of a file one after another, from the start or from where an earlier run stopped."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yiwang.algorithms.words import Words

from .layout import Layout, open_workbook
from .lines import Lines, csv_records

EXTRA = "#"  # name of the cells beyond the last column
BROKEN = "\ufffd"  # name under which a line is kept that cannot be taken apart


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its number as a spreadsheet shows it, how many rows are read with it, its cells.

    ``end`` is the byte at which it ends (0 in a workbook).
    """

    number: int
    position: int
    cells: dict[str, object]
    end: int


def read_rows(path: Path, layout: Layout, *, position: int = 0, offset: int = 0) -> Iterator[Row]:
    """Rows after the first ``position`` ones; ``offset`` is where those end (CSV, JSON lines).

    Raises ``Refusal`` where a workbook does not open.
    """
    if layout.form == "workbook":
        return _sheet_rows(path, layout, position)
    read = _csv_rows if layout.form == "csv" else _json_rows
    return read(path, layout, position, offset)


def _csv_rows(path: Path, layout: Layout, position: int, offset: int) -> Iterator[Row]:
    with path.open("rb") as file:
        if position:
            file.seek(offset)
        records = csv_records(file, layout.encoding, layout.separator, at=offset * bool(position))
        for number, (end, record) in enumerate(records, start=position + 1 + bool(position)):
            if number > 1:  # the first record holds the names of the columns
                yield Row(number, number - 1, _csv_cells(layout, record), end)


def _csv_cells(layout: Layout, record: list[str] | None) -> dict[str, object]:
    if record is None:
        return {BROKEN: str(Words("引号不配对", "quotes that do not match"))}
    cells: dict[str, object] = dict(zip(layout.headers, record, strict=False))
    if any(cell.strip() for cell in record[len(layout.headers):]):
        cells[EXTRA] = layout.separator.join(record[len(layout.headers):])
    return cells


def _json_rows(path: Path, layout: Layout, position: int, offset: int) -> Iterator[Row]:
    with path.open("rb") as file:
        file.seek(offset)
        lines = Lines(file, layout.encoding, offset)
        for number, line in enumerate(lines, start=position + 1):
            yield Row(number, number, _json_cells(line), lines.end)


def _json_cells(line: str) -> dict[str, object]:
    if not line.strip():
        return {}
    try:
        cells = json.loads(line)
    except (ValueError, RecursionError):
        return {BROKEN: line[:200]}
    return dict(cells) if isinstance(cells, dict) else {BROKEN: line[:200]}


def _sheet_rows(path: Path, layout: Layout, position: int) -> Iterator[Row]:
    sheet = open_workbook(path).get_sheet_by_index(0)
    above = sheet.start[0] if sheet.start else 0  # empty rows that the reader leaves out
    for count, cells in enumerate(sheet.iter_rows()):
        if count > position:
            yield Row(above + count + 1, count, dict(zip(layout.headers, cells, strict=False)), 0)


def count_rows(path: Path, layout: Layout) -> int:
    """How many rows there are below the names of the columns, blank ones included."""
    if layout.form == "jsonl":
        with path.open("rb") as file:
            return sum(1 for _ in file)
    return sum(1 for _ in read_rows(path, layout))
