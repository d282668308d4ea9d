"""The preview: every row of a file with its faults, and the problems between the shapes."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yiwang.algorithms.coordinates import DATUMS, Datum, convert_geometry
from yiwang.algorithms.polygons import (
    BrokenShape,
    Outline,
    Problem,
    geojson,
    problems,
    read_shape,
)
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.places.rules import GOVERNANCE, LONGEST_NAME, code_fault, parent_of

from .geojson_file import read_geojson
from .records import MOST_BYTES, MOST_ROWS, Fault, FileRead, Record, unreadable
from .shapefile_zip import read_shapefile
from .workbook import read_workbook

DatumChoice = tuple[tuple[Datum, Words], ...]
DATUM_NAMES: DatumChoice = (
    ("wgs84", Words("WGS-84 / CGCS2000（天地图、GPS）", "WGS-84 / CGCS2000 (Tianditu, GPS)")),
    ("gcj02", Words("GCJ-02（高德、腾讯、微信）", "GCJ-02 (AMap, Tencent, WeChat)")),
    ("bd09", Words("BD-09（百度）", "BD-09 (Baidu)")),
)
_EXACT = 2**53  # whole numbers a float holds without rounding

_READERS: dict[str, Callable[[bytes], FileRead]] = {
    ".geojson": read_geojson, ".json": read_geojson,
    ".zip": read_shapefile, ".xlsx": read_workbook,
}
ACCEPTED = ",".join(_READERS)


@dataclass(frozen=True)
class Row:
    """A row as understood: ``outline`` in WGS-84, ``original`` as it came in ``datum``."""

    number: int
    outline: Outline
    households: int | None
    original: Any
    faults: tuple[Fault, ...]

    @property
    def is_good(self) -> bool:
        """Whether it can be taken in."""
        return not self.faults


@dataclass(frozen=True)
class Preview:
    """What an import would do. Nothing is written yet."""

    name: str
    datum: Datum
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Words, ...] = ()

    @property
    def good(self) -> tuple[Row, ...]:
        """Rows that can be taken in."""
        return tuple(row for row in self.rows if row.is_good)

    @property
    def bad(self) -> tuple[Row, ...]:
        """Rows that cannot, each with its faults."""
        return tuple(row for row in self.rows if not row.is_good)


@dataclass(frozen=True)
class Ground:
    """What is there already: the cells in force, and which parents are known."""

    outlines: Sequence[Outline] = ()
    parents: frozenset[str] = field(default_factory=frozenset)
    check_parents: bool = False


def read_file(name: str, raw: bytes) -> FileRead:
    """Raw records of an uploaded file, by its ending. Raises ``Refusal`` where it cannot."""
    if len(raw) > MOST_BYTES:
        raise unreadable(
            Words("文件超过 {most} MB。", "The file is over {most} MB.").filled(
                most=MOST_BYTES // 1024 // 1024),
            Words("请分村社导出。", "Export village by village."),
        )
    ending = name[name.rfind("."):].lower() if "." in name else ""
    reader = _READERS.get(ending)
    if reader is None:
        raise unreadable(
            Words("不认识的文件：{name}。", "This kind of file is not known: {name}.").filled(
                name=name[:60]),
            Words("可用 GeoJSON、Shapefile（zip）或 XLSX。",
                  "Use GeoJSON, a zipped shapefile, or XLSX."),
        )
    found = reader(raw)
    if not found.records:
        raise unreadable(Words("文件里没有网格。", "The file holds no cells."),
                         Words("请检查导出的图层。", "Check the layer exported."))
    if len(found.records) > MOST_ROWS:
        raise unreadable(
            Words("超过 {most} 行。", "There are over {most} rows.").filled(most=MOST_ROWS),
            Words("请分批导入。", "Import in parts."))
    return found


def preview_cells(
    name: str, raw: bytes, *, datum: Datum, layer: str = GOVERNANCE, ground: Ground | None = None
) -> Preview:
    """Read a file and find everything wrong with it; ``ground`` is compared with, not changed."""
    if datum not in DATUMS:
        raise Refusal("no_such_datum", Words("请选择坐标系。", "Choose a coordinate system."),
                      field="datum")
    found = read_file(name, raw)
    ground = ground or Ground()
    rows = [_row(record, datum, layer) for record in found.records]
    rows = _with_parents(rows, ground)
    trouble = _problems(rows, ground)
    return Preview(name, datum, tuple(_marked(rows, trouble)), tuple(trouble), tuple(found.notes))


def _row(record: Record, datum: Datum, layer: str) -> Row:
    faults = list(record.broken)
    code = _code(record.values.get("code"))
    own_layer = str(record.values.get("layer") or "").strip()[:20] or layer
    if fault := code_fault(code, own_layer):
        faults.append(Fault(record.number, "code", *fault))
    name = " ".join(str(record.values.get("name") or "").split())
    if not name or len(name) > LONGEST_NAME:
        faults.append(Fault(
            record.number, "name",
            Words("没有名称。", "The name is missing.") if not name
            else Words("名称超过 80 字。", "The name is over 80 characters."),
            Words("请填写网格名称。", "Give the cell a name of up to 80 characters.")))
    households, wrong = _households(record.values.get("households"), record.number)
    geometry = _in_wgs84(record.geometry, datum)
    outline = Outline(code, name or code, geometry, layer=own_layer, row=record.number)
    return Row(record.number, outline, households, record.geometry, tuple(faults + wrong))


def _code(value: Any) -> str:
    """A code as text. A number is believed only while a float holds it exactly."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, float):
        exact = value.is_integer() and abs(value) < _EXACT
        return str(int(value)) if exact else f"{value:.2E}"
    if isinstance(value, int):
        return str(value)
    return str(value).strip().strip("'‘’`")


def _households(value: Any, number: int) -> tuple[int | None, list[Fault]]:
    if value is None or str(value).strip() == "":
        return None, []
    try:
        count = float(str(value).replace(",", "").replace("户", ""))
        if math.isfinite(count) and count == int(count) and 0 <= count <= 1_000_000:
            return int(count), []
    except (ValueError, OverflowError):
        pass
    return None, [Fault(
        number, "households",
        Words("户数“{value}”不是整数。", "Households “{value}” are no whole number.").filled(
            value=str(value)[:20]),
        Words("请填数字，不知道就留空。", "Write a number, or leave it empty."))]


def _in_wgs84(geometry: Any, datum: Datum) -> Any:
    """The geometry in WGS-84 where it can be read; else as it came, for the checker to name."""
    try:
        plain = geojson(read_shape(geometry))
    except BrokenShape:
        return geometry
    return convert_geometry(plain, source=datum, target="wgs84")


def _with_parents(rows: list[Row], ground: Ground) -> list[Row]:
    if not ground.check_parents:
        return rows
    known = ground.parents | {row.outline.code for row in rows if row.is_good}
    return [
        row if row.outline.layer != GOVERNANCE or not row.is_good
        or not (above := parent_of(row.outline.code)) or above in known
        else replace(row, faults=(Fault(
            row.number, "code",
            Words("没有上级 {code}。", "There is no unit or cell {code} above it.").filled(
                code=above),
            Words("先导入上级，或改编码。", "Import that first, or change the code.")),))
        for row in rows
    ]


def _problems(rows: list[Row], ground: Ground) -> list[Problem]:
    """Of the file's shapes, among themselves and against the cells that stay as they are.

    A shape whose code is wrong has no place in the tree: it is checked by itself alone.
    """
    lost = {row.number for row in rows if any(fault.field == "code" for fault in row.faults)}
    new = [row.outline for row in rows if row.number not in lost]
    alone = [found for row in rows if row.number in lost for found in problems([row.outline])]
    codes = {outline.code for outline in new}
    stay = [outline for outline in ground.outlines if outline.code not in codes]
    return alone + [found for found in problems([*new, *stay]) if _concerns(found, codes)]


def _concerns(problem: Problem, codes: Iterable[str]) -> bool:
    if problem.code != "gap":
        return any(problem.rows) or any(cell in codes for cell in problem.cells)
    return not problem.cells or any(code.startswith(problem.cells[0]) for code in codes)


def _marked(rows: list[Row], trouble: list[Problem]) -> Iterable[Row]:
    """Rows with a fault for each problem that blocks them."""
    blocked: dict[int, list[Fault]] = {}
    for problem in trouble:
        if problem.blocks:
            for number in problem.rows:
                field_name = "code" if problem.code == "duplicated_code" else "geometry"
                blocked.setdefault(number, []).append(
                    Fault(number, field_name, problem.what, problem.todo))
    for row in rows:
        yield replace(row, faults=_once([*row.faults, *blocked.get(row.number, [])]))


def _once(faults: list[Fault]) -> tuple[Fault, ...]:
    """A boundary already found unreadable is not complained about twice."""
    if any(fault.field == "boundary" for fault in faults):
        faults = [fault for fault in faults if fault.field != "geometry"]
    return tuple(faults)
