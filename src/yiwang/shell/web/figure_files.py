"""A figure's rows as CSV or XLSX, the number, its definition and its as-of time on top."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from yiwang.algorithms.words import Words
from yiwang.kernel.records.metrics import Figure
from yiwang.kernel.records.tables import safe_cell

Line = list[Any]


def head_of(figure: Figure, part: str) -> list[Line]:
    """The lines above the rows: what the number is, and what it was when."""
    period, metric = figure.period, figure.metric
    value = "" if figure.value is None else figure.value
    spans = [] if metric.is_stock else [
        [str(Words("期间", "period")), f"{period.since} – {period.until}"]]
    return [
        [str(metric.title), part],
        [str(Words("数值", "value")), value, str(figure.unit)],
        [str(Words("口径", "definition")), str(metric.definition)],
        *spans,
        [str(Words("截至", "as of")), period.at.strftime("%Y-%m-%d %H:%M:%S")],
        [],
    ]


def as_csv(name: str, lines: Iterable[Line]) -> HttpResponseBase:
    """Streamed, with a byte-order mark so that Excel reads the Chinese, cells made safe."""
    answer = StreamingHttpResponse(_csv_parts(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.csv") or ""
    return answer


def _csv_parts(lines: Iterable[Line]) -> Iterator[str]:
    yield "\ufeff"
    for line in lines:
        buffer = io.StringIO()
        csv.writer(buffer).writerow([safe_cell(cell) for cell in line])
        yield buffer.getvalue()


def as_xlsx(name: str, lines: Iterable[Line]) -> HttpResponseBase:
    """Written row by row; text stays text, so that long numbers are not rounded."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False,
                                      "strings_to_numbers": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    for row, line in enumerate(lines):
        for column, cell in enumerate(line):
            if isinstance(cell, str):
                sheet.write_string(row, column, cell[:32_767])
            elif cell is not None:
                sheet.write_number(row, column, float(cell))
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.xlsx")
