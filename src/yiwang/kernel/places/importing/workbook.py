"""XLSX: one row a cell, with its boundary as WKT or as ``lon,lat;lon,lat``."""

import io
import re
from typing import Any

import shapely
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from yiwang.algorithms.polygons import geojson
from yiwang.algorithms.words import Words

from .records import Fault, FileRead, Record, check_packed, column_of, unreadable

HEADING_WITHIN = 10  # rows at the top among which the headings are looked for
EXCEL_CELL = 32_767  # characters an Excel cell holds at most
_PAIRS = re.compile(r"[;；\n]+")
_WKT = re.compile(r"^\s*(SRID=\d+;)?\s*(MULTI)?POLYGON", re.IGNORECASE)


def read_workbook(raw: bytes) -> FileRead:
    """Records of the first sheet, numbered as Excel numbers its rows."""
    sheet = _sheet(raw)
    rows = sheet.to_python(skip_empty_area=False)
    at, columns = _headings(rows)
    merged = _merged_rows(sheet)
    records = [
        _record(number, _values(row, columns), merged)
        for number, row in enumerate(rows[at + 1:], start=at + 2)
        if any(value not in ("", None) for value in row)
    ]
    return FileRead(records)


def _sheet(raw: bytes) -> CalamineSheet:
    check_packed(raw)
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
    except (CalamineError, ValueError, OSError, IndexError) as wrong:
        raise unreadable(
            Words("打不开这个 Excel 文件：可能坏了、加了密码，或不是 xlsx。",
                  "The workbook does not open: damaged, locked by a password, or no xlsx."),
            Words("请去掉密码，另存为 .xlsx 再试。",
                  "Remove the password, save as .xlsx, try again."),
        ) from wrong


def _headings(rows: list[list[Any]]) -> tuple[int, dict[int, str]]:
    """Where the headings stand, and which column is which."""
    best: dict[int, str] = {}
    for at, row in enumerate(rows[:HEADING_WITHIN]):
        columns: dict[int, str] = {}
        for i, cell in enumerate(row):
            ours = column_of(cell)
            if ours and ours not in columns.values():
                columns[i] = ours
        if {"code", "boundary"} <= set(columns.values()):
            return at, columns
        best = max(best, columns, key=len)
    missing = [f"“{zh}”" for ours, zh in (("code", "编码"), ("boundary", "边界"))
               if ours not in best.values()]
    raise unreadable(
        Words("前 {n} 行里找不到列：{missing}。",
              "No column headed {missing} in the first {n} {n:row|rows}.").filled(
            n=HEADING_WITHIN, missing="、".join(missing)),
        Words("第一行写列名：编码、名称、图层、户数、边界。",
              "Name the columns in the first row: code, name, layer, households, boundary."),
    )


def _values(row: list[Any], columns: dict[int, str]) -> dict[str, Any]:
    return {name: row[i] for i, name in columns.items() if i < len(row)}


def _merged_rows(sheet: CalamineSheet) -> set[int]:
    """Numbers of rows whose cells may be empty because they are merged into one above."""
    ranges = sheet.merged_cell_ranges or []
    return {row + 1 for (top, _), (bottom, _) in ranges for row in range(top + 1, bottom + 1)}


def _record(number: int, values: dict[str, Any], merged: set[int]) -> Record:
    text = str(values.get("boundary") or "").strip()
    faults = []
    if number in merged and any(values.get(name) in ("", None) for name in ("code", "boundary")):
        faults.append(Fault(
            number, "code", Words("这一行有合并单元格，看不出值。",
                                  "Cells are merged here, so the value is unknown."),
            Words("请取消合并，每行都填写。", "Unmerge them and fill every row.")))
    geometry = None
    if len(text) >= EXCEL_CELL:
        faults.append(Fault(
            number, "boundary", Words("边界被 Excel 截断（一格最多 32,767 字）。",
                                      "Excel cut the boundary off (32,767 characters at most)."),
            Words("请用 GeoJSON 或 Shapefile 导入这一格。",
                  "Import this cell as GeoJSON instead.")))
    elif text:
        geometry = _boundary(text)
        if geometry is None:
            faults.append(Fault(
                number, "boundary", Words("边界看不懂。", "The boundary cannot be read."),
                Words("写 WKT，或“经度,纬度;经度,纬度;…”。",
                      "Write WKT, or “lon,lat;lon,lat;…”.")))
    return Record(number, values, geometry, tuple(faults))


def _boundary(text: str) -> dict[str, Any] | None:
    """GeoJSON of a boundary as text. A list of pairs need not repeat its first point."""
    if _WKT.match(text):
        try:
            return geojson(shapely.from_wkt(text.partition(";")[2] or text
                                            if text.upper().startswith("SRID") else text))
        except shapely.errors.ShapelyError:
            return None
    pairs = [re.split(r"[,，\s]+", pair.strip()) for pair in _PAIRS.split(text) if pair.strip()]
    try:
        ring = [[float(number) for number in pair] for pair in pairs]
    except ValueError:
        return None
    if any(len(position) not in (2, 3) for position in ring):
        return None
    if ring[0] != ring[-1]:
        ring.append(ring[0])
    return {"type": "Polygon", "coordinates": [ring]}
