"""Rejected rows as a table to mend and send again: first why, then the row as it came."""

import csv
import io
from collections.abc import Iterator

from yiwang.algorithms.words import Words
from yiwang.kernel.records.tables import safe_cell
from yiwang.practices.events.models import ImportRun, RejectedRow

from .problems import Problem

HEADINGS = (Words("行", "row"), Words("列", "column"), Words("原因", "why"),
            Words("怎么办", "what to do"))


def problems_of(reject: RejectedRow) -> list[Problem]:
    """What is wrong with the row."""
    return [Problem.from_json(problem) for problem in reject.problems]


def rejected_table(run: ImportRun) -> Iterator[str]:
    """The table as CSV text, piece by piece; its cells are safe to open in a spreadsheet."""
    headers = list(run.layout["headers"])
    yield "\ufeff" + _line([*map(str, HEADINGS), *headers])
    for reject in run.rejects.order_by("row").iterator(chunk_size=500):
        problems = problems_of(reject)
        yield _line([
            reject.row, "；".join(problem.column for problem in problems if problem.column),
            " ".join(str(problem.what) for problem in problems),
            " ".join(dict.fromkeys(str(problem.todo) for problem in problems)),
            *(reject.cells.get(header, "") for header in headers),
        ])


def _line(cells: list[object]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([safe_cell(cell) for cell in cells])
    return text.getvalue()
