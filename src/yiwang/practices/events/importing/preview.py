"""What a file would bring, before anything is written: columns, first rows, bad rows by number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.people.rules import SYSTEM, Actor
from yiwang.practices.events.models import ImportSource

from .fields import check_mapping, guess_mapping, parse_mapping
from .foreign import is_blank, read_event
from .layout import Layout, look_at
from .names import Names
from .problems import Problem
from .reading import Row, read_rows
from .running import reach_of
from .sources import source_like
from .values import text_of

LOOKED_AT = 20_000  # rows; the run itself checks every one
FIRST = 5  # rows shown
NAMED = 50  # problems shown


@dataclass
class Preview:
    """Columns as (column, field, first value), rows looked at, and problems with row numbers."""

    columns: list[tuple[str, str, str]]
    first: list[list[str]] = field(default_factory=list)
    rows: int = 0
    bad: int = 0
    repeats: int = 0
    problems: list[tuple[int, Problem]] = field(default_factory=list)

    @property
    def summary(self) -> Words:
        """In one line."""
        return Words(
            "看了 {rows} 行：{good} 行可以导入，{bad} 行有问题，"
            "{repeats} 行与别的行同号（最后一行为准）。",
            "{rows} {rows:row|rows} looked at: {good} can come in, {bad} {bad:has|have} problems, "
            "{repeats} {repeats:shares|share} a number with another (the last one wins).",
        ).filled(rows=self.rows, good=self.rows - self.bad, bad=self.bad, repeats=self.repeats)

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "columns": {header: name for header, name, _ in self.columns if name},
            "rows": self.rows, "bad": self.bad, "repeats": self.repeats,
            "problems": [{"row": row, **problem.as_json()} for row, problem in self.problems],
        }


def preview(path: Path, *, mapping: str = "", source: str = "") -> Preview:
    """A file as the command line sees it: columns given, remembered or guessed."""
    layout = look_at(path)
    known = (ImportSource.objects.filter(code=source).first() if source
             else source_like(layout.headers))
    columns = parse_mapping(mapping) or (known.mapping if known else {})
    columns = columns or guess_mapping(layout.headers)
    check_mapping(columns, layout.headers)
    return look_through(path, layout, columns, source=known, by=SYSTEM)


def look_through(
    path: Path, layout: Layout, mapping: Mapping[str, str], *, source: ImportSource | None,
    by: Actor,
) -> Preview:
    """Check rows without writing; names are looked up where the source is known."""
    names = Names.of(source, reach_of(by)) if source is not None and source.pk else None
    rows = [row for row in islice(read_rows(path, layout), LOOKED_AT) if not is_blank(row)]
    found = Preview(_columns(layout.headers, mapping, rows), rows=len(rows))
    found.first = [[text_of(row.cells.get(header), most=80) for header in layout.headers]
                   for row in rows[:FIRST]]
    seen: set[str] = set()
    for row in rows:
        _check(found, row, mapping, names, seen)
    return found


def _check(
    found: Preview, row: Row, mapping: Mapping[str, str], names: Names | None, seen: set[str]
) -> None:
    event, problems = read_event(row, mapping)
    if event is not None:
        found.repeats += event.number in seen
        seen.add(event.number)
        if names is not None:
            columns = {name: header for header, name in mapping.items()}
            problems = names.case_of(event, columns, as_open=False)[1]
    found.bad += bool(problems)
    if len(found.problems) < NAMED:
        found.problems += [(row.number, problem) for problem in problems]


def _columns(
    headers: Sequence[str], mapping: Mapping[str, str], rows: list[Row]
) -> list[tuple[str, str, str]]:
    """Each column with its field and the first value that stands in it."""
    return [
        (header, mapping.get(header, ""), next(
            (text for row in rows[:100] if (text := text_of(row.cells.get(header), most=40))), ""))
        for header in headers
    ]
