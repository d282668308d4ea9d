"""A proposal becomes the grid's micro-grids from a day on; those of before end the day before.

Cases are never touched: what was opened in a micro-grid keeps it.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import localdate

from yiwang.algorithms.districting.proposal import Part
from yiwang.algorithms.polygons import Outline, geojson, problems
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.places.actions import Author, draw_cell, end_cell, stream_of
from yiwang.kernel.places.locate import valid_on
from yiwang.kernel.places.models import Cell, GridProposal, Unit
from yiwang.kernel.places.queries import shape_of
from yiwang.kernel.places.rules import GRID, VILLAGE
from yiwang.kernel.records import trail

from . import actions
from .plots import plot_of
from .rules import codes_for
from .today import micros_of, standing

SMALL = "too_small"  # a warning of problems(), not a fault of coverage


@transaction.atomic
def adopt_proposal(proposal_id: UUID, *, since: date, seen: int, by: Author, at: datetime
                   ) -> list[Cell]:
    """Draw the parts as new micro-grids, end those in force, drop the proposal: all or nothing.

    Raises ``SomebodyElseDecided`` where the grid is not as it was when it was divided, and
    ``Refusal`` for a day in the past or before a boundary's, and where ground is left uncovered.
    """
    held = actions.locked(proposal_id, seen)
    grid = Cell.objects.select_for_update().get(pk=held.grid_id)
    _check_fresh(held, since)
    _check_day(grid.code, since, at)
    micros = list(micros_of(grid.code))
    ending = [cell.code for cell in micros_of(grid.code).filter(valid_on(since))]
    parts = plot_of(held).parts(held.part_of)
    codes = codes_for(grid.code, [cell.code for cell in micros], len(parts))
    _check_coverage(held, codes, parts)
    for code in ending:
        end_cell(code, last=since - timedelta(days=1), by=by, at=at)
    drawn = _drawn(held, codes, parts, since, by, at)
    for stream in (actions.stream_of(held.pk), stream_of(grid.code)):
        trail.append(stream, verb="proposal_adopted", by=by.ref, at=at,
                     changes={"proposal": held.pk}, note={"ended": ending, "drawn": codes})
    held.delete()
    return drawn


def _check_fresh(held: GridProposal, since: date) -> None:
    shape = shape_of(held.grid_id, since)
    if is_stale(held) or shape is None or shape.pk != held.shape_id:
        raise SomebodyElseDecided("proposal_stale", Words(
            "提方案以后，网格或它的微网格改过了。",
            "The grid or its micro-grids have changed since this was proposed."), Words(
            "用同样的地址点重新提方案。", "Make a new proposal from the same address points."))


def is_stale(held: GridProposal) -> bool:
    """Whether the grid has changed since it was divided."""
    return standing(held.grid_id) != held.stood


def _check_day(grid: str, since: date, at: datetime) -> None:
    if since < localdate(at):
        raise Refusal("in_the_past", Words("不能从过去的日子起改。",
                                           "It cannot be changed from a day in the past."),
                      Words("选今天或以后。", "Choose today or later."), field="since")
    never = Q(until__lt=F("since"))
    later = micros_of(grid).filter(since__gt=since).exclude(never).order_by("-since").first()
    if later is not None:
        raise Refusal("before_newest_cell", Words(
            "有微网格从 {day} 才起用。", "A micro-grid begins on {day} only.").filled(
            day=later.since), Words("选那天以后。", "Choose a day after that."), field="since")


def _check_coverage(held: GridProposal, codes: Sequence[str], parts: Sequence[Part]) -> None:
    outlines = [Outline(code, code, geojson(part.shape))
                for code, part in zip(codes, parts, strict=True)]
    found = [one for one in problems(
        [Outline(held.grid_id, held.grid_id, held.shape.geometry), *outlines]) if one.code != SMALL]
    if found:
        raise Refusal("not_covered", found[0].what, found[0].todo)


def _drawn(held: GridProposal, codes: Sequence[str], parts: Sequence[Part], since: date,
           by: Author, at: datetime) -> list[Cell]:
    village = Unit.objects.filter(code=held.grid_id[:VILLAGE]).first()
    called = village.name if village else held.grid_id[:VILLAGE]
    source = f"微网格方案，种子 {held.seed}，手工移动 {len(held.moves)} 处"
    return [draw_cell(
        code=code, name=f"{called}{int(code[VILLAGE:GRID])}-{int(code[GRID:])}微网格",
        geometry=geojson(part.shape), since=since, households=part.households, source=source,
        illustrative=held.shape.illustrative, by=by, at=at)
        for code, part in zip(codes, parts, strict=True)]
