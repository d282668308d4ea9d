"""Pages of cells: the tree with its map, one cell with its boundaries over time."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Length, Substr
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import area_names, unit_words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.queries import scope_filter, within
from yiwang.kernel.people.rules import can, can_somewhere, check_can
from yiwang.kernel.places.actions import set_households
from yiwang.kernel.places.models import Cell, CellShape, Layer, Unit
from yiwang.kernel.places.queries import cells_of, lines, shape_of, shapes_on, versions_of
from yiwang.kernel.places.rules import GOVERNANCE, GRID, VILLAGE, level_of, parent_of
from yiwang.shell.doors import Asked, door

from .cells_forms import HouseholdsForm

PAGE = 100  # rows
MOST_SHAPES = 3_000  # on one map


@door("cells.view")
def cells(request: Asked) -> HttpResponse:
    """Villages with their counts; under one of them its grids and micro-grids, with the map."""
    layer, under, after = _asked(request)
    scope = scope_filter(request.actor, "cells.view", "", area_field="code")
    if layer == GOVERNANCE and not under:
        rows: list[Any] = []
        villages = _villages(scope, localdate())
    else:
        found = cells_of(layer, scope & within(under, "code"), localdate())
        rows, villages = list(found.filter(code__gt=after)[: PAGE + 1]), []
    shown = lines(rows[:PAGE], localdate())
    named = area_names(line.cell.code for line in shown)
    return render(request, "shell/cells/cells.html", {
        "layers": _layers(), "layer": layer, "under": under, "villages": villages, "rows": [
            (line, level_of(line.cell.code) if layer == GOVERNANCE else "",
             label_of(line.cell, named[line.cell.code])) for line in shown],
        "village": village_words(under) if under else None,
        "more": rows[PAGE - 1].code if len(rows) > PAGE else "",
        "illustrative": CellShape.objects.filter(illustrative=True, cell__layer=layer).exists(),
        "may_edit": can_somewhere(request.actor, "cells.edit"),
    })


@door("cells.view")
def shapes(request: Asked) -> HttpResponse:
    """Boundaries in force today as GeoJSON: grids of the scope, or all below ``under``."""
    layer, under, _ = _asked(request)
    scope = scope_filter(request.actor, "cells.view", "", area_field="cell_id")
    found = shapes_on(layer, scope & within(under, "cell_id"), localdate())
    if layer == GOVERNANCE and len(under) < VILLAGE:
        found = found.annotate(digits=Length("cell_id")).filter(digits__lte=GRID)
    return JsonResponse(_named_once(collection(found[:MOST_SHAPES])))


@door("cells.view")
def detail(request: Asked, code: str) -> HttpResponse:
    """One cell: facts, its boundary on the map, every boundary it has had."""
    return _detail_page(request, seen_cell(request, code), HouseholdsForm(
        initial={"as_of": localdate()}))


@door("cells.edit")
@require_POST
def households(request: Asked, code: str) -> HttpResponse:
    """Write down how many households a cell holds."""
    cell, form = seen_cell(request, code), HouseholdsForm(request.POST)
    if form.is_valid():
        try:
            check_can(request.actor, "cells.edit", area=code)
            set_households(cell.code, form.cleaned_data["households"],
                           as_of=form.cleaned_data["as_of"], by=request.actor, at=now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(Words("户数已记。", "The count is noted.")))
            return redirect("cell-detail", code=code)
    return _detail_page(request, cell, form, status=422)


def _detail_page(
    request: Asked, cell: Cell, form: HouseholdsForm, status: int = 200
) -> HttpResponse:
    shape = shape_of(cell.code, localdate())
    near = neighbours(request, cell, localdate())
    parent = parent_of(cell.code) if cell.layer_id == GOVERNANCE else ""
    return render(request, "shell/cells/cell.html", {
        "cell": cell, "name": label_of(cell, area_names([cell.code])[cell.code]),
        "form": form, "shape": shape, "versions": versions_of(cell.code)[:50],
        "level": level_of(cell.code), "parent": parent, "cells": collection(near),
        "below": cell.layer_id == GOVERNANCE and len(cell.code) == GRID,
        "may_edit": can(request.actor, "cells.edit", area=cell.code), "today": localdate(),
        "datums": {"wgs84": "WGS-84 / CGCS2000", "gcj02": "GCJ-02", "bd09": "BD-09"},
    }, status=status)


def seen_cell(request: Asked, code: str) -> Cell:
    """The cell where it lies in the reader's scope; else it is not there."""
    scope = scope_filter(request.actor, "cells.view", "", area_field="code")
    return get_object_or_404(Cell.objects.select_related("layer").filter(scope), code=code)


def neighbours(request: Asked, cell: Cell, on: date) -> list[CellShape]:
    """Boundaries of the cell's own level about it: same parent, or the village's grids."""
    scope = scope_filter(request.actor, "cells.view", "", area_field="cell_id")
    above = cell.code[:9] if len(cell.code) <= GRID else cell.code[:VILLAGE]
    return list(
        shapes_on(cell.layer_id, scope & within(above, "cell_id"), on)
        .annotate(digits=Length("cell_id")).filter(digits=len(cell.code))[:MOST_SHAPES]
    )


def collection(found: Iterable[CellShape]) -> dict[str, Any]:
    """Boundaries as the map module wants them."""
    drawn = list(found)
    named = area_names(shape.cell_id for shape in drawn)
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": shape.geometry, "properties": {
            "id": shape.cell_id, "name": label_of(shape.cell, named[shape.cell_id]),
            "illustrative": shape.illustrative}}
        for shape in drawn]}


def village_words(under: str) -> Words | None:
    """What the village that is looked at is called."""
    unit = Unit.objects.filter(code=under[:VILLAGE]).first()
    return unit_words(unit) if unit else None


def label_of(cell: Cell, called: Words) -> str:
    """The cell's own name in Chinese; for other readers, who cannot read it, village and number."""
    return str(Words(cell.name, called.en))


def _named_once(drawn: dict[str, Any]) -> dict[str, Any]:
    """Where a cell is drawn with its parts, the parts alone carry their names."""
    codes = sorted(one["properties"]["id"] for one in drawn["features"])
    wide = {code for code, after in pairwise(codes) if after.startswith(code)}
    for one in drawn["features"]:
        if one["properties"]["id"] in wide:
            one["properties"]["name"] = ""
    return drawn


def _asked(request: Asked) -> tuple[str, str, str]:
    def text(name: str, most: int) -> str:
        return request.GET.get(name, "").replace("\0", "")[:most]

    return text("layer", 20) or GOVERNANCE, text("under", 24), text("after", 24)


def _layers() -> list[tuple[str, Words]]:
    return [(layer.code, Words(layer.name, layer.name_en or layer.name))
            for layer in Layer.objects.order_by("code")]


def _villages(scope: Q, on: date) -> list[dict[str, Any]]:
    """Each village with how many grids, micro-grids and households it has."""
    found = (
        cells_of(GOVERNANCE, scope, on).annotate(digits=Length("code"),
                                                 village=Substr("code", 1, VILLAGE))
        .filter(digits__gte=GRID).order_by("village").values("village")
        .annotate(grids=Count("pk", filter=Q(digits=GRID)),
                  micros=Count("pk", filter=Q(digits__gt=GRID)),
                  households=Sum(F("households"), filter=Q(digits=GRID)))
    )
    counts = list(found)
    names = {unit.code: Words(unit.name, unit.name_en or unit.name)
             for unit in Unit.objects.filter(code__in=[row["village"] for row in counts])}
    return [{**row, "name": names.get(row["village"], row["village"])} for row in counts]


