"""A proposal's page: looked at beside today's micro-grids, moved by hand, adopted or dropped."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import DispatchRule
from yiwang.kernel.cases.names import area_names
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Term
from yiwang.kernel.people.queries import scope_filter
from yiwang.kernel.places.locate import valid_on
from yiwang.kernel.places.models import GridProposal
from yiwang.kernel.places.proposals.actions import drop_proposal, gone, move_spot, undo_move
from yiwang.kernel.places.proposals.adopting import adopt_proposal
from yiwang.kernel.places.proposals.plots import plot_of
from yiwang.kernel.places.proposals.queries import Sight, sight_of
from yiwang.shell.doors import Asked, door
from yiwang.shell.refusals import status_of

from . import cells_proposal_shown as shown
from .cells import label_of
from .cells_propose_forms import AdoptForm, MoveForm, SeenForm
from .people_forms import MALFORMED


@never_cache
@door("cells.edit")
def proposal(request: Asked, proposal_id: UUID) -> HttpResponse:
    """The page; for a script that asks about one spot, what moving it would do."""
    held = seen_proposal(request, proposal_id)
    if request.headers.get("HX-Request"):
        sight = sight_of(held, localdate())
        return render(request, "shell/cells/proposal_move.html", {
            "proposal": held, "chosen": shown.chosen_of(sight, request.GET.get("spot", ""))})
    return _page(request, held)


@door("cells.edit")
@require_POST
def proposal_move(request: Asked, proposal_id: UUID) -> HttpResponse:
    """One spot into another part."""
    def move(given: dict[str, Any]) -> Words:
        return shown.moved_words(move_spot(
            proposal_id, given["spot"], given["there"], seen=given["version"], by=request.actor,
            at=now()))

    return _changed(request, proposal_id, MoveForm(request.POST), move)


@door("cells.edit")
@require_POST
def proposal_undo(request: Asked, proposal_id: UUID) -> HttpResponse:
    """The last move taken back."""
    def undo(given: dict[str, Any]) -> Words:
        undo_move(proposal_id, seen=given["version"], by=request.actor, at=now())
        return Words("已撤销上一次移动。", "The last move is undone.")

    return _changed(request, proposal_id, SeenForm(request.POST), undo)


@door("cells.edit")
@require_POST
def proposal_drop(request: Asked, proposal_id: UUID) -> HttpResponse:
    """The proposal thrown away, with what it held of households."""
    def drop(given: dict[str, Any]) -> Words:
        drop_proposal(proposal_id, seen=given["version"], by=request.actor, at=now())
        return Words("方案已删掉，地址点的户数也已删去。",
                     "The proposal is gone, and the households at its points with it.")

    return _changed(request, proposal_id, SeenForm(request.POST), drop, back="cell-propose")


@door("cells.edit")
@require_POST
def proposal_adopt(request: Asked, proposal_id: UUID) -> HttpResponse:
    """The parts become the grid's micro-grids from a day on."""
    held, form = seen_proposal(request, proposal_id), AdoptForm(request.POST)
    if not form.is_valid():
        return _page(request, held, form=form, status=422)
    given = form.cleaned_data
    try:
        drawn = adopt_proposal(held.pk, since=given["since"], seen=given["version"],
                               by=request.actor, at=now())
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, held, form=form, status=status_of(refusal))
    messages.success(request, str(Words(
        "已采用：从 {day} 起有 {n} 个新微网格，编码 {first} 到 {last}。",
        "Adopted: from {day} there are {n} new micro-grids, {first} to {last}.").filled(
        day=given["since"], n=len(drawn), first=drawn[0].code, last=drawn[-1].code)))
    return redirect("cell-detail", held.grid_id)


def seen_proposal(request: Asked, proposal_id: UUID) -> GridProposal:
    """The proposal where its grid lies in the reader's scope; else it is not there."""
    scope = scope_filter(request.actor, "cells.edit", "", area_field="grid_id")
    held = GridProposal.objects.select_related("grid", "shape").filter(scope, pk=proposal_id)
    if found := held.first():
        plot_of(found)  # laid out before a change holds the database
        return found
    raise gone()


def _changed(
    request: Asked, proposal_id: UUID, form: SeenForm, change: Callable[[dict[str, Any]], Words],
    back: str = "",
) -> HttpResponse:
    """Make the change and show the page anew; what is refused is told at its top."""
    held = seen_proposal(request, proposal_id)
    if not form.is_valid():
        return _page(request, held, said=str(MALFORMED), status=422)
    try:
        said = change(form.cleaned_data)
    except Refusal as refusal:
        return _page(request, seen_proposal(request, proposal_id), said=str(refusal),
                     status=status_of(refusal))
    messages.success(request, str(said))
    return redirect(back, held.grid_id) if back else redirect("proposal", proposal_id)


def _page(request: Asked, held: GridProposal, *, said: str = "", form: AdoptForm | None = None,
          status: int = 200) -> HttpResponse:
    sight = sight_of(held, localdate())
    called = label_of(held.grid, area_names([held.grid_id])[held.grid_id])
    return render(request, "shell/cells/proposal.html", {
        "proposal": held, "sight": sight, "name": called, "said": said,
        "parts": shown.part_lines(sight), "today": shown.today_lines(sight),
        "ground": shown.ground_of(sight), "spots": shown.grouped(sight),
        "chosen": shown.chosen_of(sight, request.GET.get("spot", "")),
        "heaviest": max(sight.loads), "total": sum(sight.loads),
        "form": form or AdoptForm(initial={"since": localdate(), "version": held.version}),
        "concerned": _concerned(sight),
    }, status=status)


def _concerned(sight: Sight) -> dict[str, int]:
    """Roles and dispatch rules that name a micro-grid of today, which would end."""
    codes, on = [one.shape.cell_id for one in sight.beside], valid_on(localdate())
    return {"terms": Term.objects.filter(on, area__in=codes).count(),
            "rules": DispatchRule.objects.filter(on, area__in=codes).count()}
