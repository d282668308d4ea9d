"""Verbs of proposals. Whoever calls asks whether ``by`` may edit the grid's cells.

The trail keeps how many households each part had, never what stood at a spot.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from yiwang.algorithms.districting.moving import consequence
from yiwang.algorithms.districting.proposal import Address
from yiwang.algorithms.districting.search import Limits, loads
from yiwang.algorithms.polygons import read_shape
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.places.actions import Author
from yiwang.kernel.places.models import Cell, GridProposal
from yiwang.kernel.records import trail

from .dividing import check_spots, divided, inside, rounded
from .plots import plot_of
from .rules import BOUNDS, parts_for
from .today import grid_shape, standing
from .words import move_refused

AT_ONCE = 500  # proposals forgotten in one round of the worker


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a proposal: either ``parts``, or ``each``, the households of one."""

    parts: int | None = None
    each: int | None = None
    seed: int = 1
    seconds: float = 3.0


def make_proposal(grid: Cell, addresses: Sequence[Address], wanted: Wanted, *, by: Author,
                  at: datetime) -> GridProposal:
    """Divide the grid as it stands; changes no cell. The search runs before the transaction.

    Raises ``Refusal`` where there are too few or too many points, or no division.
    """
    stood, shape = standing(grid.code), grid_shape(grid.code, localdate(at))
    boundary = read_shape(shape.geometry)
    kept, outside = inside(boundary, rounded(addresses))
    parts = wanted.parts or parts_for(sum(one.households for one in kept), wanted.each or 1)
    check_spots(kept, parts, BOUNDS.spots)
    plot, part_of = divided(kept, boundary, parts, seed=wanted.seed, limits=Limits(
        seconds=min(wanted.seconds, BOUNDS.seconds)))
    proposal = GridProposal(
        grid=grid, shape=shape, stood=stood, part_of=list(part_of), outside=outside,
        spots=[[*spot, households] for spot, households in zip(plot.spots, plot.weights,
                                                               strict=True)],
        seed=wanted.seed, seconds=wanted.seconds, made_by=by.ref, made_at=at)
    return _kept(proposal, loads(part_of, plot.weights, parts), by, at)


@transaction.atomic
def _kept(proposal: GridProposal, held: list[int], by: Author, at: datetime) -> GridProposal:
    Cell.objects.select_for_update().get(pk=proposal.grid_id)
    if GridProposal.objects.filter(grid=proposal.grid_id).count() >= BOUNDS.open_a_grid:
        raise Refusal("many_proposals", Words(
            "这个网格已有 {n} 个方案。", "This grid has {n} proposals already.").filled(
            n=BOUNDS.open_a_grid), Words("先删掉不用的。", "Throw away what is not needed."))
    proposal.save(force_insert=True)
    trail.append(stream_of(proposal.pk), verb="proposal_made", by=by.ref, at=at, changes={
        "grid": proposal.grid_id, "seed": proposal.seed}, note={"households": held})
    return proposal


@transaction.atomic
def move_spot(proposal_id: UUID, spot: int, there: int, *, seen: int, by: Author, at: datetime
              ) -> GridProposal:
    """Move a spot into a part it touches; ``seen`` is the version the person looked at.

    Raises ``Refusal`` where its part would break or empty, or the other is not beside it.
    """
    held = locked(proposal_id, seen)
    parts = max(held.part_of) + 1
    if not (0 <= spot < len(held.part_of) and 0 <= there < parts):
        raise Refusal("no_such_move", Words("没有这个点或这一片。",
                                            "There is no such point or part."))
    if len(held.moves) >= BOUNDS.moves:
        raise Refusal("many_moves", Words("移动太多了。", "There are too many moves."),
                      Words("重新提方案。", "Make a new proposal."))
    plot = plot_of(held)
    found = consequence(held.part_of, plot.weights, plot.ground.neighbours, spot, there)
    if found.fault:
        raise move_refused(found)
    held.moves = [*held.moves, [spot, found.here, there]]
    return _placed(held, spot, there, "proposal_changed", by, at)


@transaction.atomic
def undo_move(proposal_id: UUID, *, seen: int, by: Author, at: datetime) -> GridProposal:
    """Take the last move back."""
    held = locked(proposal_id, seen)
    if not held.moves:
        raise Refusal("nothing_to_undo", Words("没有可撤销的移动。", "There is no move to undo."))
    *held.moves, (spot, here, _) = held.moves
    return _placed(held, spot, here, "proposal_change_undone", by, at)


def _placed(held: GridProposal, spot: int, part: int, verb: str, by: Author, at: datetime
            ) -> GridProposal:
    held.part_of = [part if one == spot else was for one, was in enumerate(held.part_of)]
    held.version += 1
    held.save(update_fields=["part_of", "moves", "version"])
    after = loads(held.part_of, [households for *_, households in held.spots],
                  max(held.part_of) + 1)
    trail.append(stream_of(held.pk), verb=verb, by=by.ref, at=at,
                 changes={"version": held.version}, note={"households": after})
    return held


@transaction.atomic
def drop_proposal(proposal_id: UUID, *, seen: int, by: Author, at: datetime) -> None:
    """Throw a proposal away, with all it knew of households."""
    held = locked(proposal_id, seen)
    trail.append(stream_of(held.pk), verb="proposal_dropped", by=by.ref, at=at,
                 changes={"grid": held.grid_id})
    held.delete()


@transaction.atomic
def forget_proposals(*, by: Author, at: datetime) -> int:
    """Throw away what nobody has adopted for too long; returns how many. Safe to repeat."""
    old = GridProposal.objects.filter(made_at__lt=at - BOUNDS.kept).order_by("made_at")
    keys = list(old.values_list("pk", flat=True)[:AT_ONCE])
    for key in keys:
        trail.append(stream_of(key), verb="proposal_forgotten", by=by.ref, at=at)
    GridProposal.objects.filter(pk__in=keys).delete()
    return len(keys)


def locked(proposal_id: UUID, seen: int) -> GridProposal:
    """The proposal, held until the end of the transaction.

    Raises ``SomebodyElseDecided`` where it is gone, or is not what the person saw.
    """
    held = GridProposal.objects.select_for_update().filter(pk=proposal_id).first()
    if held is None:
        raise gone()
    if held.version != seen:
        raise SomebodyElseDecided("proposal_changed", Words(
            "刚才有人改了这个方案。", "Somebody changed this proposal just now."),
            Words("看过新的样子再改。", "Look at it as it is now, then change it."))
    return held


def gone() -> SomebodyElseDecided:
    """There is no such proposal (any more), or not for this reader."""
    return SomebodyElseDecided("proposal_gone", Words(
        "没有这个方案，或已被采用、删掉。", "There is no such proposal; it may have been adopted "
        "or thrown away."), Words("网格的页面上有现在的微网格。",
                                  "The grid's page shows the micro-grids of today."))


def stream_of(proposal_id: UUID) -> str:
    """The trail of a proposal."""
    return f"proposal/{proposal_id}"
