"""Drawing a cell and changing its boundary: checked against the neighbours, then saved."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.db.models.functions import Length
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from shapely.geometry.base import BaseGeometry

from yiwang.algorithms.polygons import Outline, Problem, geojson, problems, read_shape, snap
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.queries import scope_filter, within
from yiwang.kernel.people.rules import check_can
from yiwang.kernel.places.actions import THIS, change_shape, checked_geometry, draw_cell
from yiwang.kernel.places.boundary_text import boundary_of, boundary_text
from yiwang.kernel.places.models import Cell, CellShape
from yiwang.kernel.places.queries import outlines_on, shape_of, shapes_on
from yiwang.kernel.places.rules import GOVERNANCE, GRID, SNAP_M, VILLAGE
from yiwang.shell.doors import Asked, door, refused

from .cells import MOST_SHAPES, collection, neighbours, seen_cell
from .cells_forms import NewCellForm, ShapeForm

TOWN = 9  # digits
TOUCHING = 1e-6  # degrees; 10 cm


@door("cells.edit")
def draw(request: Asked) -> HttpResponse:
    """A new cell, drawn on the map or typed."""
    under = request.GET.get("under", "").replace("\0", "")[:VILLAGE + 3]
    form = NewCellForm(request.POST or None, initial={
        "since": localdate(), "snap": True, "code": under})
    found: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            check_can(request.actor, "cells.edit", area=given["code"])
            geometry, moved = _geometry(given, given["code"], GOVERNANCE)
            found = _problems(given["code"], given["name"], geometry, GOVERNANCE, given["since"])
            if not found or given["seen"]:
                cell = draw_cell(
                    code=given["code"], name=given["name"], geometry=geometry,
                    since=given["since"], households=given["households"], by=request.actor,
                    at=now())
                return _saved(request, cell.code, moved)
        except Refusal as refusal:
            form.refuse(_beside(refusal))
            found = _own_faults(form.data.get("boundary", ""))
    near = _around(request, form["code"].value() or under)
    return _editor(request, form, near, found, {"heading": Words("画网格", "Draw a cell")})


@door("cells.edit")
def shape(request: Asked, code: str) -> HttpResponse:
    """A new boundary of a cell from a day on."""
    cell = seen_cell(request, code)
    try:
        check_can(request.actor, "cells.edit", area=code)
    except Refusal as refusal:
        return refused(request, refusal, status=403)
    before = shape_of(code, localdate())
    form = ShapeForm(request.POST or None, initial={
        "since": localdate(), "snap": True, "replaces": before.pk if before else None,
        "boundary": boundary_text(before.geometry) if before else ""})
    found: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            geometry, moved = _geometry(given, code, cell.layer_id)
            found = _problems(code, cell.name, geometry, cell.layer_id, given["since"])
            if not found or given["seen"]:
                change_shape(code, geometry, since=given["since"], by=request.actor, at=now(),
                             replaces=CellShape(pk=given["replaces"]) if given["replaces"]
                             else None)
                return _saved(request, code, moved)
        except Refusal as refusal:
            form.refuse(_beside(refusal))
            found = _own_faults(form.data.get("boundary", ""))
    near = [one for one in neighbours(request, cell, localdate()) if one.cell_id != code]
    return _editor(request, form, near, found, {
        "heading": Words("改边界", "Change the boundary"), "cell": cell})


def _geometry(given: dict[str, Any], code: str, layer: str) -> tuple[dict[str, Any], int]:
    """What was drawn, snapped to the neighbours where the person asked for it."""
    geometry = checked_geometry(boundary_of(given["boundary"]), "wgs84")
    if not given["snap"]:
        return geometry, 0
    near = [read_shape(one.geometry) for one in _siblings(code, layer, given["since"])]
    result = snap(read_shape(geometry), near, SNAP_M)
    return geojson(result.shape), result.moved + result.added


def _own_faults(text: str) -> list[Problem]:
    """Where a refused boundary breaks, for the map; nothing where its text cannot be read."""
    try:
        mine = Outline("", str(THIS), boundary_of(text))
    except Refusal:
        return []
    return [one for one in problems([mine]) if one.geometry]


def _siblings(code: str, layer: str, on: date) -> list[CellShape]:
    """Cells of the same level in the town, and the parent, whose border is shared too."""
    found = shapes_on(layer, within(code[:TOWN], "cell_id"), on).exclude(cell_id=code)
    level = Q(digits=len(code)) | Q(cell_id=code[:-3])
    return list(found.annotate(digits=Length("cell_id")).filter(level)[:MOST_SHAPES])


def _problems(
    code: str, name: str, geometry: dict[str, Any], layer: str, on: date
) -> list[Problem]:
    """Problems that concern this cell, compared with what stands on its day."""
    town = within(code[:TOWN], "cell_id")
    others = [one for one in outlines_on(layer, town, on) if one.code != code]
    mine = Outline(code, name, geometry, layer=layer, row=1)
    shape = read_shape(geometry)
    return [found for found in problems([mine, *others])
            if code in found.cells or (found.code == "gap" and _touches(found, shape))]


def _touches(gap: Problem, shape: BaseGeometry) -> bool:
    return bool(read_shape(gap.geometry).distance(shape) < TOUCHING)


def _around(request: Asked, code: str) -> list[CellShape]:
    scope = scope_filter(request.actor, "cells.view", "", area_field="cell_id")
    reach = within(code[:VILLAGE], "cell_id")
    found = shapes_on(GOVERNANCE, scope & reach, localdate())
    size = max(GRID, len(code))
    return list(found.annotate(digits=Length("cell_id")).filter(digits=size)[:MOST_SHAPES])


def _editor(
    request: Asked, form: ShapeForm, near: list[CellShape], found: list[Problem],
    more: dict[str, Any],
) -> HttpResponse:
    cell: Cell | None = more.get("cell")
    return render(request, "shell/cells/draw.html", {
        "form": form, "near": collection(near), "problems": found, "shown": drawn(found),
        "illustrative": any(one.illustrative for one in near), "cell": cell, **more,
    }, status=422 if form.errors or found else 200)


def drawn(found: list[Problem]) -> dict[str, Any]:
    """The places of problems, for the map."""
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": one.geometry,
         "properties": {"id": f"problem-{i}", "name": str(one.what)}}
        for i, one in enumerate(found, start=1) if one.geometry]}


def _beside(refusal: Refusal) -> Refusal:
    """The geometry of the domain is the boundary of the form."""
    if refusal.field == "geometry":
        refusal.field = "boundary"
    return refusal


def _saved(request: Asked, code: str, moved: int) -> HttpResponse:
    words = Words("边界已保存。", "The boundary is saved.")
    if moved:
        words = Words("边界已保存，{n} 个点贴到了相邻边界。",
                      "The boundary is saved; {n} {n:point was|points were} moved onto the "
                      "neighbours.").filled(n=moved)
    messages.success(request, str(words))
    return redirect("cell-detail", code=code)
