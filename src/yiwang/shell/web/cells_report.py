"""The coverage and size report: is every household in exactly one micro-grid?"""

import csv
from collections.abc import Iterator

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.queries import scope_filter
from yiwang.kernel.people.rules import can_somewhere
from yiwang.kernel.places.coverage import Counted, Report, addresses_report, size_report
from yiwang.kernel.places.importing.records import MOST_BYTES, decoded, unreadable
from yiwang.kernel.places.locate import locate_all
from yiwang.kernel.places.norms import norms_on
from yiwang.kernel.places.queries import cells_of, lines
from yiwang.kernel.places.rules import GOVERNANCE
from yiwang.shell.doors import Asked, door

from .cells_forms import AddressesForm

MOST_SHOWN = 500  # warnings, addresses
Address = tuple[int, float, float]

KINDS: dict[str, Words] = {
    "too_few": Words("户数偏少", "too few households"),
    "too_many": Words("户数偏多", "too many households"),
    "sum_differs": Words("合计不符", "sums differ"),
    "no_count": Words("没有户数", "no count"),
    "no_boundary": Words("没有边界", "no boundary"),
    "no_micro_grids": Words("没划微网格", "no micro-grids"),
    "count_differs": Words("与地址不符", "differs from addresses"),
}


@door("cells.view")
def report(request: Asked) -> HttpResponse:
    """Sizes and sums; with a file of household addresses also who lies in no micro-grid.

    The file is read and forgotten: no register of residents is kept.
    """
    scope = scope_filter(request.actor, "cells.view", "", area_field="code")
    found = lines(list(cells_of(GOVERNANCE, scope, localdate())), localdate())
    cells = [Counted(one.cell.code, one.cell.name, one.cell.households, one.drawn)
             for one in found]
    norms = norms_on(localdate())
    shown = size_report(cells, norms)
    form = AddressesForm(request.POST or None, files=request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            shown = _with_addresses(shown, form.cleaned_data["file"].read(MOST_BYTES + 1), cells)
        except Refusal as refusal:
            form.refuse(refusal)
    return render(request, "shell/cells/report.html", {
        "report": shown, "norms": norms, "form": form,
        "may_edit": can_somewhere(request.actor, "cells.edit"),
        "warnings": [(one, KINDS[one.kind]) for one in shown.warnings[:MOST_SHOWN]],
        "homeless": shown.homeless[:MOST_SHOWN],
        "illustrative": any(one.illustrative for one in found),
    }, status=422 if form.errors else 200)


def _with_addresses(report: Report, raw: bytes, cells: list[Counted]) -> Report:
    if len(raw) > MOST_BYTES:
        raise unreadable(Words("文件超过 20 MB。", "The file is over 20 MB."),
                         Words("请分村社检查。", "Check village by village."))
    rows = list(_addresses(decoded(raw)[0]))
    found = locate_all([row[1] for row in rows], [row[2] for row in rows], on=localdate())
    chains = ((*row, located.chain) for row, located in zip(rows, found, strict=True))
    return addresses_report(report, chains, cells)


def _addresses(text: str) -> Iterator[Address]:
    """Longitude and latitude from the first two columns; a heading is passed over."""
    for number, row in enumerate(csv.reader(text.splitlines()), start=1):
        if not any(cell.strip() for cell in row):
            continue
        try:
            lon, lat = float(row[0]), float(row[1])
            if not (abs(lon) <= 180 and abs(lat) <= 90):
                raise ValueError
        except (ValueError, IndexError):
            if number == 1:
                continue
            raise unreadable(
                Words("第 {n} 行不是经纬度。", "Row {n} is no longitude and latitude.").filled(
                    n=number),
                Words("每行前两列写经度、纬度（WGS-84）。",
                      "Longitude and latitude (WGS-84) stand in the first two columns."),
            ) from None
        yield number, lon, lat
