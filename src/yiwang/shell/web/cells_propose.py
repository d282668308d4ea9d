"""Asking for a division of a grid: address points in, a proposal out. No cell changes here."""

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import area_names
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import check_can
from yiwang.kernel.places.addresses import read_addresses
from yiwang.kernel.places.importing.records import MOST_BYTES, unreadable
from yiwang.kernel.places.models import Cell, GridProposal
from yiwang.kernel.places.proposals.actions import make_proposal
from yiwang.kernel.places.proposals.rules import BOUNDS
from yiwang.kernel.places.proposals.today import below
from yiwang.kernel.places.queries import cells_of
from yiwang.kernel.places.rules import GOVERNANCE, GRID
from yiwang.shell.doors import Asked, door, refused
from yiwang.shell.refusals import status_of

from .cells import label_of, seen_cell
from .cells_propose_forms import ProposeForm


@never_cache
@door("cells.edit")
def propose(request: Asked, code: str) -> HttpResponse:
    """The proposals of a grid that wait for a decision, and the form for another."""
    grid = seen_cell(request, code)
    try:
        _check_grid(request, grid)
    except Refusal as refusal:
        return refused(request, refusal, status=status_of(refusal))
    micros = cells_of(GOVERNANCE, below(code, "code"), localdate()).count()
    form = ProposeForm(request.POST or None, files=request.FILES or None, initial={
        "seed": 1, "seconds": 3, "parts": micros or None})
    if request.method == "POST" and form.is_valid():
        try:
            addresses = read_addresses(*_read(form.cleaned_data["file"]),
                                       form.cleaned_data["datum"])
            made = make_proposal(grid, addresses, form.wanted(), by=request.actor, at=now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("proposal", made.pk)
    return render(request, "shell/cells/propose.html", {
        "form": form, "cell": grid, "name": label_of(grid, area_names([code])[code]),
        "micros": micros, "waiting": GridProposal.objects.filter(grid=grid).order_by("-made_at"),
        "days": BOUNDS.kept.days,
    }, status=422 if form.errors else 200)


def _check_grid(request: Asked, cell: Cell) -> None:
    check_can(request.actor, "cells.edit", area=cell.code)
    if cell.layer_id != GOVERNANCE or len(cell.code) != GRID:
        raise Refusal("no_grid", Words("只有网格能分成微网格。",
                                       "Only a grid is divided into micro-grids."))


def _read(file: "UploadedFile[bytes]") -> tuple[str, bytes]:
    if (file.size or 0) > MOST_BYTES:
        raise unreadable(Words("文件超过 20 MB。", "The file is over 20 MB."),
                         Words("只留这个网格的地址点。", "Keep the points of this grid only."))
    return file.name or "", file.read()
