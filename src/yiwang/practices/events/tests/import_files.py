"""Small made files for the tests of importing."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlsxwriter

from yiwang.kernel.cases.playbook_store import declare
from yiwang.kernel.people.rules import SYSTEM, Actor
from yiwang.practices.events.importing import running
from yiwang.practices.events.importing.fields import guess_mapping
from yiwang.practices.events.importing.layout import look_at
from yiwang.practices.events.learning.learned import Learned, learn
from yiwang.practices.events.learning.survey import survey
from yiwang.practices.events.models import ImportRun, ImportSource
from yiwang.practices.events.states import EVENT

HEADERS = ("编号", "上报时间", "镇街", "村社", "大类", "小类", "来源", "处置单位", "是否按时",
           "备注")
ROW = ("A1", "2024-03-01", "东风街道", "河口社区", "市容", "占道", "12345", "城管中队", "按时", "")


def row(**cells: str) -> tuple[str, ...]:
    """``ROW`` with some cells said otherwise."""
    return tuple(cells.get(name, plain) for name, plain in zip(HEADERS, ROW, strict=True))


def write_csv(
    path: Path, rows: Sequence[Sequence[str]], *, encoding: str = "utf-8",
    headers: Sequence[str] = HEADERS,
) -> Path:
    """A CSV file, plainly quoted."""
    lines = [",".join(f'"{cell}"' for cell in cells) for cells in (headers, *rows)]
    path.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return path


def write_xlsx(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """A workbook whose cells keep their Python types."""
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet()
    for number, cells in enumerate((HEADERS, *rows)):
        for place, cell in enumerate(cells):
            sheet.write(number, place, cell)
    book.close()
    return path


def made_source(code: str = "OLD", area: str = "330299") -> ImportSource:
    """A source not saved yet; its area is a county nobody has."""
    return ImportSource(code=code, area=area, number_prefix=code, kind_list=code)


def taught(path: Path, at: datetime, source: ImportSource | None = None) -> Learned:
    """Everything in the file learned."""
    declare([EVENT], by=SYSTEM, at=at)
    layout = look_at(path)
    mapping = guess_mapping(layout.headers)
    return learn(survey(path, layout, mapping), source or made_source(), area_name="示例区",
                 by=SYSTEM, at=at)


def begun(path: Path, at: datetime, *, by: Actor = SYSTEM, as_open: bool = False) -> ImportRun:
    """A run of the file, ready to advance."""
    run = running.receive_file(path, file_name=path.name, by=by, at=at)
    source = ImportSource.objects.get(code="OLD")
    mapping = guess_mapping(run.layout["headers"])
    return running.begin(run, source=source, mapping=mapping, as_open=as_open, by=by, at=at)


def run_all(run: ImportRun, at: datetime, *, by: Actor = SYSTEM) -> ImportRun:
    """The run, to its end."""
    while run.state == ImportRun.State.RUNNING:
        run = running.advance(run, by=by, at=at)
    return run


def brought_in(path: Path, at: datetime, *, by: Actor = SYSTEM, as_open: bool = False) -> ImportRun:
    """The file, imported."""
    return run_all(begun(path, at, by=by, as_open=as_open), at, by=by)
