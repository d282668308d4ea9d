"""A run: one file comes in, chunk by chunk, each chunk one transaction with its own place marked.

Killed at any instruction, the next ``begin`` of the same file goes on where the last committed
chunk ended. The last row with a number wins, within a file and over earlier imports.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.bulk import HistoricCase, import_again, import_cases
from yiwang.kernel.cases.models import Case
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import SYSTEM, Actor, can
from yiwang.kernel.records import trail
from yiwang.practices.events.kinds import PRACTICE
from yiwang.practices.events.models import ImportRun, ImportSource, RejectedRow

from .fields import check_mapping
from .foreign import is_blank, read_event
from .layout import Layout, digest_of, look_at
from .names import Names, Reach
from .open311 import OPEN311, Requests, all_once, request_number
from .problems import SAVE_AS, Problem
from .reading import Row, count_rows, read_rows
from .values import text_of

CHUNK = 2000  # rows a transaction; own choice: half a second of work at most is done twice
Translator = Names | Requests


def reach_of(by: Actor) -> Reach:
    """Which areas ``by`` may bring events into; the command line, all."""
    known: dict[str, bool] = {}

    def reaches(area: str) -> bool:
        if area not in known:
            known[area] = by == SYSTEM or can(by, "events.import", area=area, practice=PRACTICE)
        return known[area]

    return reaches


@transaction.atomic
def receive_file(path: Path, *, file_name: str, by: Actor, at: datetime) -> ImportRun:
    """Look at a file and note it down; its columns are settled later."""
    layout = look_at(path)
    run = ImportRun.objects.create(
        file_name=file_name[-200:], path=str(path), digest=digest_of(path),
        layout=layout.as_json(), total=count_rows(path, layout), started_by=by.ref, started_at=at,
    )
    if not run.total:
        raise Refusal("import_empty", Words("文件里没有一行数据。", "There is no row in the file."),
                      SAVE_AS, field="file")
    trail.append(stream_of(run), verb="receive_file", by=by.ref, at=at,
                 changes={"file_name": run.file_name, "digest": run.digest, "total": run.total})
    return run


@transaction.atomic
def begin(
    run: ImportRun, *, source: ImportSource, mapping: dict[str, str], as_open: bool = False,
    by: Actor, at: datetime,
) -> ImportRun:
    """Settle source and columns; a run of the same file that was broken off is gone on with."""
    if mapping != OPEN311:  # what the standard settles is checked row by row
        check_mapping(mapping, Layout.from_json(run.layout).headers)
    source.save()
    before = ImportRun.objects.select_for_update().filter(
        digest=run.digest, source=source, mapping=mapping, as_open=as_open,
        state=ImportRun.State.RUNNING,
    ).exclude(pk=run.pk).order_by("-id").first()
    if before is not None:
        before.path = run.path
        before.save(update_fields=["path"])
        run.delete()
        return before
    run.source, run.mapping, run.as_open = source, mapping, as_open
    run.beaten = beaten_rows(run)
    run.state = ImportRun.State.RUNNING
    run.save()
    source.mapping, source.headers = mapping, run.layout["headers"]
    source.save(update_fields=["mapping", "headers"])
    trail.append(stream_of(run), verb="begin_import", by=by.ref, at=at,
                 changes={"source": source.code, "mapping": mapping, "as_open": as_open})
    return run


def stream_of(run: ImportRun) -> str:
    """The name of the run's stream in the trail."""
    return f"import/{run.pk}"


def beaten_rows(run: ImportRun) -> list[int]:
    """Rows that a later row with the same number beats; one that cannot be read beats nothing."""
    last: dict[str, int] = {}
    beaten: list[int] = []
    if run.mapping == OPEN311 and all_once(_rows_of(run)):
        return beaten
    for row in _rows_of(run):
        number = _number_in(run, row)
        if number in last:
            beaten.append(last[number])
        if number:
            last[number] = row.number
    return sorted(beaten)


def _rows_of(run: ImportRun) -> Iterator[Row]:
    return iter(read_rows(Path(run.path), Layout.from_json(run.layout)))


def _number_in(run: ImportRun, row: Row) -> str:
    """The number of a row that can be read; empty for another."""
    if run.mapping == OPEN311:
        return request_number(row)
    event, _ = read_event(row, run.mapping)
    return event.number if event else ""


class Feed:
    """The rows of a run's file, opened once and read on; opened anew where the run is elsewhere."""

    def __init__(self) -> None:
        self.position = -1
        self.rows: Iterator[Row] = iter(())

    def take(self, run: ImportRun, most: int) -> list[Row]:
        """The next rows after what the run has dealt with."""
        if self.position != run.position:
            layout = Layout.from_json(run.layout)
            self.rows = read_rows(Path(run.path), layout, position=run.position, offset=run.offset)
        taken = list(islice(self.rows, most))
        self.position = taken[-1].position if taken else run.position
        return taken


@dataclass
class _Sorted:
    """A chunk's rows, sorted: cases by their external id, and the rejected ones."""

    cases: dict[str, tuple[Row, HistoricCase]]
    rejects: list[RejectedRow]
    superseded: int


def advance(
    run: ImportRun, *, by: Actor, at: datetime, feed: Feed | None = None,
    names: Translator | None = None,
) -> ImportRun:
    """Bring in the next chunk; the run is done when no row is left."""
    feed = feed or Feed()
    with transaction.atomic():
        run = _locked(run)
        if run.state != ImportRun.State.RUNNING:
            return run
        rows = feed.take(run, CHUNK)
        if rows:
            _bring_in(run, rows, names or names_for(run, by), by=by, at=at)
        else:
            _finish(run, by=by, at=at)
        run.save()
    return run


def _locked(run: ImportRun) -> ImportRun:
    """The run's row, held until the transaction ends: two pages never bring in the same chunk."""
    runs = ImportRun.objects.select_for_update(of=("self",)).select_related("source")
    return runs.get(pk=run.pk)


def names_for(run: ImportRun, by: Actor) -> Translator:
    """What the run's source says in our terms, to be read once for many chunks."""
    if run.source is None:
        raise Refusal("import_mapping", Words("还没有选来源。", "No source is chosen yet."))
    return (Requests if run.mapping == OPEN311 else Names).of(run.source, reach_of(by))


def _bring_in(
    run: ImportRun, rows: list[Row], names: Translator, *, by: Actor, at: datetime
) -> None:
    if isinstance(names, Requests):
        names.look_ahead(rows, by=by, at=at)
    chunk = sort_rows(run, rows, names)
    known = Case.objects.filter(external_id__in=chunk.cases).in_bulk(field_name="external_id")
    note = {"run": str(run.pk)}
    new = [case for key, (_, case) in chunk.cases.items() if key not in known]
    import_cases(new, number_prefix=names.source.number_prefix, by=by, at=at, note=note)
    run.added += len(new)
    for key, case in known.items():
        row, historic = chunk.cases[key]
        _bring_again(run, chunk, case, row, historic, by=by, at=at)
    RejectedRow.objects.bulk_create(chunk.rejects)
    run.superseded += chunk.superseded
    run.rejected += len(chunk.rejects)
    run.position, run.offset = rows[-1].position, rows[-1].end


def _bring_again(
    run: ImportRun, chunk: _Sorted, case: Case, row: Row, historic: HistoricCase, *, by: Actor,
    at: datetime,
) -> None:
    """A number known from before: changed by a trail entry, unless it is being worked on here."""
    if case.is_open and historic.state:
        problem = Problem(
            "", Words("案件 {number} 正在本系统办理，不覆盖。",
                      "Case {number} is being handled here and is not overwritten.").filled(
                number=case.number),
            Words("在本系统办结。", "Close it here."))
        chunk.rejects.append(rejected(run, row, [problem]))
    elif not case.is_open and historic.state and import_again(
        case, historic, by=by, at=at, note={"run": str(run.pk)}
    ):
        run.changed += 1
    else:
        run.unchanged += 1


def sort_rows(run: ImportRun, rows: list[Row], names: Translator) -> _Sorted:
    """Rows as cases; beaten rows are counted, blank ones count as nothing."""
    chunk = _Sorted({}, [], 0)
    beaten = set(run.beaten)
    for row in rows:
        if is_blank(row):
            continue
        if row.number in beaten:
            chunk.superseded += 1
            continue
        case, problems = _case_of(run, row, names)
        if case is None:
            chunk.rejects.append(rejected(run, row, problems))
            continue
        chunk.cases[case.external_id] = row, case
    return chunk


def _case_of(
    run: ImportRun, row: Row, names: Translator
) -> tuple[HistoricCase | None, list[Problem]]:
    if isinstance(names, Requests):
        return names.case_of(row, as_open=run.as_open)
    event, problems = read_event(row, run.mapping)
    if event is None:
        return None, problems
    columns = {field: header for header, field in run.mapping.items()}
    return names.case_of(event, columns, as_open=run.as_open)


def rejected(run: ImportRun, row: Row, problems: list[Problem]) -> RejectedRow:
    """A row to be kept as it came, with what is wrong with it."""
    cells: dict[str, Any] = {str(name): text_of(cell) for name, cell in row.cells.items()}
    return RejectedRow(run=run, row=row.number, cells=cells,
                       problems=[problem.as_json() for problem in problems])


def _finish(run: ImportRun, *, by: Actor, at: datetime) -> None:
    run.state, run.finished_at = ImportRun.State.DONE, at
    counts = {name: getattr(run, name) for name in
              ("added", "changed", "unchanged", "superseded", "rejected")}
    trail.append(stream_of(run), verb="finish_import", by=by.ref, at=at, changes=counts)


@transaction.atomic
def break_off(run: ImportRun, refusal: Refusal, *, by: Actor, at: datetime) -> ImportRun:
    """The file cannot be read any further; what is in stays in."""
    run.state, run.finished_at = ImportRun.State.BROKEN, at
    run.trouble = {"what": refusal.what.as_json(), "todo": refusal.todo.as_json()}
    run.save(update_fields=["state", "finished_at", "trouble"])
    trail.append(stream_of(run), verb="break_off_import", by=by.ref, at=at,
                 changes={"position": run.position}, note={"code": refusal.code})
    return run


def advance_for(
    run: ImportRun, seconds: float, *, by: Actor, now: Callable[[], datetime]
) -> ImportRun:
    """Chunks for about ``seconds``; a file that is gone or unreadable breaks the run off."""
    feed, ends = Feed(), monotonic() + seconds
    try:
        names = names_for(run, by)
        while run.state == ImportRun.State.RUNNING:
            run = advance(run, by=by, at=now(), feed=feed, names=names)
            if monotonic() > ends:
                break
    except OSError:
        gone = Refusal("import_gone", Words("文件已不在。", "The file is gone."),
                       Words("再上传一次，会接着导。", "Upload it again: the run goes on."))
        return break_off(run, gone, by=by, at=now())
    except Refusal as refusal:
        return break_off(run, refusal, by=by, at=now())
    return run
