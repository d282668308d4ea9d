"""A row as an event of another system, or everything that is wrong with the row. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiwang.algorithms.words import Words

from .problems import BadCellError, Problem
from .reading import BROKEN, EXTRA, Row
from .values import Moment, degrees_of, late_of, moment_of, name_of, number_of, text_of

MOST_KEPT = 500  # characters kept of a column that has no field of ours


@dataclass(frozen=True, slots=True)
class ForeignEvent:
    """An event as its own system knows it; names are not looked up yet."""

    number: str
    opened: Moment
    closed: datetime | None = None
    late: bool | None = None
    street: str = ""
    community: str = ""
    area: str = ""
    kind: str = ""
    classes: tuple[str, ...] = ()
    unit: str = ""
    channel: str = ""
    property: str = ""
    title: str = ""
    text: str = ""
    address: str = ""
    point: tuple[float, float] | None = None
    others: Mapping[str, str] = field(default_factory=dict)


def is_blank(row: Row) -> bool:
    """Whether nothing stands in the row."""
    return not any(text_of(cell) for cell in row.cells.values())


def read_event(row: Row, mapping: Mapping[str, str]) -> tuple[ForeignEvent | None, list[Problem]]:
    """The event of a row, or ``None`` and every problem of it, not only the first."""
    if wrong := _not_a_row(row):
        return None, [wrong]
    cells = _Cells(row, mapping)
    number = cells.read("number", number_of)
    opened = cells.read("opened", moment_of)
    closed = cells.read("closed", lambda cell: moment_of(cell).at if name_of(cell) else None)
    late = cells.read("punctual", lambda cell: late_of(cell, cells.header("punctual")))
    point = _point(cells)
    if cells.problems or not isinstance(number, str) or not isinstance(opened, Moment):
        return None, cells.problems
    return ForeignEvent(
        number=number, opened=opened, closed=closed, late=late, point=point,
        **{name: cells.name(name) for name in
           ("street", "community", "area", "kind", "unit", "channel", "property", "title",
            "address")},
        classes=cells.classes(), text=text_of(cells.get("text")), others=cells.others(),
    ), []


def _not_a_row(row: Row) -> Problem | None:
    if BROKEN in row.cells:
        return Problem(
            "", Words("这一行拆不开：{why}", "The line cannot be taken apart: {why}").filled(
                why=row.cells[BROKEN]),
            Words("改好引号或重新导出。", "Mend the quotes, or export it again."))
    if EXTRA in row.cells:
        return Problem(
            "", Words("这一行的格子比表头多。", "The row has more cells than there are columns."),
            Words("内容里有分隔符的，用英文引号括起来。",
                  "Put quotes round a cell that holds the separator."))
    if any("\ufffd" in str(cell) for cell in row.cells.values()):
        return Problem(
            "", Words("有读不出的字。", "Some characters cannot be read."),
            Words("以 UTF-8 重新导出。", "Export it again as UTF-8."))
    return None


class _Cells:
    """A row seen through the mapping; gathers problems while it is read."""

    def __init__(self, row: Row, mapping: Mapping[str, str]) -> None:
        self.row, self.mapping = row, mapping
        self.headers = {name: header for header, name in mapping.items()}
        self.problems: list[Problem] = []

    def header(self, name: str) -> str:
        return self.headers.get(name, "")

    def get(self, name: str) -> object:
        return self.row.cells.get(self.header(name))

    def name(self, name: str) -> str:
        return name_of(self.get(name))

    def read(self, name: str, parse: Callable[[object], Any]) -> Any:
        """The parsed cell; ``None`` and a problem noted where it cannot be parsed."""
        if name not in self.headers:
            return None
        try:
            return parse(self.get(name))
        except BadCellError as wrong:
            self.problems.append(Problem(self.header(name), wrong.what, wrong.todo))
            return None

    def classes(self) -> tuple[str, ...]:
        """The names of its class, from the widest; ends at the first that says nothing."""
        names: list[str] = []
        for name in (self.name("class1"), self.name("class2"), self.name("class3")):
            if not name:
                break
            names.append(name)
        return tuple(names)

    def others(self) -> dict[str, str]:
        """Columns without a field: kept with the case, so that nothing of the source is lost."""
        kept = {
            header: text_of(cell, most=MOST_KEPT)
            for header, cell in self.row.cells.items()
            if header not in self.mapping
        }
        return {header: text for header, text in kept.items() if text}


def _point(cells: _Cells) -> tuple[float, float] | None:
    x = cells.read("longitude", lambda cell: degrees_of(cell, 180))
    y = cells.read("latitude", lambda cell: degrees_of(cell, 90))
    return None if x is None or y is None else (x, y)
