"""Proposals: made without touching a cell, moved by hand, adopted whole or not at all."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils.timezone import localdate
from shapely.geometry import shape as read

from yiwang.algorithms.districting.proposal import Address
from yiwang.algorithms.districting.search import is_contiguous
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.places.actions import change_shape, draw_cell, end_cell, set_households
from yiwang.kernel.places.locate import forget, locate_all
from yiwang.kernel.places.models import Cell, CellShape, GridProposal, Unit
from yiwang.kernel.places.proposals.actions import (
    Wanted,
    drop_proposal,
    forget_proposals,
    make_proposal,
    move_spot,
    undo_move,
)
from yiwang.kernel.places.proposals.adopting import adopt_proposal
from yiwang.kernel.places.proposals.queries import Sight, sight_of
from yiwang.kernel.places.proposals.rules import BOUNDS, Bounds, codes_for, parts_for
from yiwang.kernel.records.models import TrailEntry

from .files import E0, N0, STEP, VILLAGE, square

pytestmark = pytest.mark.django_db
ONE = f"{VILLAGE}001"
WEST, EAST = f"{ONE}001", f"{ONE}002"
BEGAN = date(2026, 1, 1)
QUICK = 0.1  # seconds of search
ADDRESSES = [Address(E0 + (x + 0.5) * STEP / 8, N0 + (y + 0.5) * STEP / 6, (x + y) % 4 + 1, "张三")
             for x in range(8) for y in range(6)]


@pytest.fixture
def by(actor: Any) -> Any:
    return actor("adjudicator")


@pytest.fixture
def grid(by: Any, at: datetime) -> Cell:
    """A grid of 48 addresses, its western micro-grid a quarter of it."""
    forget()
    Unit.objects.create(code=VILLAGE, name="书院村")
    drawn = draw_cell(code=ONE, name="书院一格", geometry=square(0), since=BEGAN, by=by, at=at)
    for code, col, wide in ((WEST, 0, 0.25), (EAST, 0.25, 0.75)):
        draw_cell(code=code, name=code, geometry=square(col, wide=wide), since=BEGAN, by=by, at=at)
    return drawn


@pytest.fixture
def proposal(grid: Cell, by: Any, at: datetime) -> GridProposal:
    far = [*ADDRESSES, Address(E0 - STEP, N0, 9)]
    return make_proposal(grid, far, Wanted(parts=3, seconds=QUICK), by=by, at=at)


def seen(proposal: GridProposal, at: datetime) -> Sight:
    return sight_of(GridProposal.objects.select_related("shape", "grid").get(pk=proposal.pk),
                    localdate(at))


def first_move(sight: Sight) -> tuple[int, int]:
    return next((spot, found.there) for spot in sight.movable for found in sight.choices(spot)
                if not found.fault)


def test_a_proposal_is_balanced_beside_today_and_changes_no_cell(
    proposal: GridProposal, at: datetime
) -> None:
    before = list(CellShape.objects.order_by("pk").values_list("cell_id", "since", "until"))
    sight = seen(proposal, at)
    total = sum(one.households for one in ADDRESSES)
    assert sum(sight.loads) == sum(sight.today.cells.values()) == total
    assert sight.bound <= max(sight.loads) <= sight.bound * 1.1
    assert sight.balance < sight.balance_today == pytest.approx(
        max(sight.today.cells.values()) * 2 / total)
    assert 0 < sight.changing < total
    assert sum(part.area for part in sight.parts) == pytest.approx(
        sum(one.area for one in sight.beside), rel=1e-3)
    assert (proposal.outside, sight.is_stale) == (1, False)
    assert before == list(CellShape.objects.order_by("pk").values_list(
        "cell_id", "since", "until"))


def test_of_households_only_a_number_at_a_spot_is_kept(proposal: GridProposal) -> None:
    assert all([type(value) for value in spot] == [float, float, int] for spot in proposal.spots)
    kept = repr(GridProposal.objects.values().get()) + repr(list(
        TrailEntry.objects.filter(stream=f"proposal/{proposal.pk}").values("changes", "note")))
    assert "张三" not in kept


def test_a_wish_for_households_becomes_a_number_of_parts(
    grid: Cell, by: Any, at: datetime
) -> None:
    made = make_proposal(grid, ADDRESSES, Wanted(each=30, seconds=QUICK), by=by, at=at)
    assert set(made.part_of) == {0, 1, 2, 3}, "120 households"


def test_a_move_is_kept_undone_and_refused_to_who_looked_at_another(
    proposal: GridProposal, by: Any, at: datetime
) -> None:
    sight = seen(proposal, at)
    spot, there = first_move(sight)
    after = move_spot(proposal.pk, spot, there, seen=1, by=by, at=at)
    now = seen(after, at)
    assert sum(now.loads) == sum(sight.loads)
    assert now.loads != sight.loads
    assert is_contiguous(now.proposal.part_of, now.plot.ground.neighbours)
    with pytest.raises(SomebodyElseDecided, match="刚才有人改了"):
        move_spot(proposal.pk, spot, there, seen=1, by=by, at=at)
    undo_move(proposal.pk, seen=2, by=by, at=at)
    assert seen(proposal, at).loads == sight.loads
    with pytest.raises(Refusal, match="没有可撤销"):
        undo_move(proposal.pk, seen=3, by=by, at=at)


def test_a_move_that_would_break_a_part_is_refused(
    proposal: GridProposal, by: Any, at: datetime
) -> None:
    part_of = seen(proposal, at).proposal.part_of
    inner = next(n for n in range(48) if n not in seen(proposal, at).movable)
    for spot, there in ((inner, (part_of[inner] + 1) % 3), (48, 0), (0, 3), (-1, 0)):
        with pytest.raises(Refusal):
            move_spot(proposal.pk, spot, there, seen=1, by=by, at=at)
    assert seen(proposal, at).proposal.part_of == part_of


def test_adopting_ends_todays_micro_grids_and_draws_the_parts(
    proposal: GridProposal, by: Any, at: datetime
) -> None:
    spot, there = first_move(seen(proposal, at))
    held = move_spot(proposal.pk, spot, there, seen=1, by=by, at=at)
    loads, since = seen(held, at).loads, localdate(at) + timedelta(days=3)
    drawn = adopt_proposal(proposal.pk, since=since, seen=2, by=by, at=at)
    assert [cell.code for cell in drawn] == [f"{ONE}{n:03}" for n in (3, 4, 5)]
    assert [cell.households for cell in drawn] == loads
    assert drawn[0].name == "书院村1-3微网格"
    lons, lats = [one.lon for one in ADDRESSES], [one.lat for one in ADDRESSES]
    eve = since - timedelta(days=1)
    assert {one.micro for one in locate_all(lons, lats, on=eve)} == {WEST, EAST}
    assert {one.micro for one in locate_all(lons, lats, on=since)} == {
        cell.code for cell in drawn}
    assert set(Cell.objects.filter(code__in=(WEST, EAST)).values_list("until", flat=True)) == {eve}
    assert all(read(one.geometry).is_valid for one in CellShape.objects.all())
    assert not GridProposal.objects.exists()
    assert TrailEntry.objects.filter(stream=f"cell/{ONE}", verb="proposal_adopted").count() == 1
    with pytest.raises(SomebodyElseDecided, match="已被采用、删掉"):
        adopt_proposal(proposal.pk, since=since, seen=2, by=by, at=at)


@pytest.fixture
def committed(transactional_db: None) -> Iterator[None]:
    """What is done is committed; SQLite lets the trail be emptied only without its trigger."""
    yield
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'trail_no_delete'")
            (trigger,) = cursor.fetchone()
            cursor.execute("DROP TRIGGER trail_no_delete")
            cursor.execute("DELETE FROM kernel_trailentry")
            cursor.execute(trigger)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_move_or_adopt_at_once_one_is_heard(
    committed: None, proposal: GridProposal, by: Any, at: datetime
) -> None:
    spot, there = first_move(seen(proposal, at))

    def at_once(change: Callable[[], object]) -> bool:
        try:
            change()
        except SomebodyElseDecided:
            return False
        finally:
            connection.close()
        return True

    def all_at_once(change: Callable[[], object]) -> int:
        with ThreadPoolExecutor(4) as pool:
            return sum(pool.map(at_once, [change] * 4))

    assert all_at_once(lambda: move_spot(proposal.pk, spot, there, seen=1, by=by, at=at)) == 1
    assert all_at_once(lambda: adopt_proposal(
        proposal.pk, since=localdate(at), seen=2, by=by, at=at)) == 1
    assert Cell.objects.filter(code__startswith=ONE, since=localdate(at)).count() == 3


def test_a_stale_proposal_is_refused_and_nothing_changes(
    proposal: GridProposal, by: Any, at: datetime
) -> None:
    set_households(WEST, 7, as_of=BEGAN, by=by, at=at)
    assert not seen(proposal, at).is_stale, "a count is no change of the ground"
    change_shape(WEST, square(0, wide=0.3), since=localdate(at), by=by, at=at)
    assert seen(proposal, at).is_stale
    before = Cell.objects.count()
    with pytest.raises(SomebodyElseDecided, match="改过了"):
        adopt_proposal(proposal.pk, since=localdate(at), seen=1, by=by, at=at)
    assert (Cell.objects.count(), GridProposal.objects.count()) == (before, 1)


def test_a_day_in_the_past_or_before_a_micro_grid_is_refused(
    grid: Cell, by: Any, at: datetime
) -> None:
    today = localdate(at)
    coming = draw_cell(code=f"{ONE}003", name="三", geometry=square(2), by=by, at=at,
                       since=today + timedelta(days=9))
    made = make_proposal(grid, ADDRESSES, Wanted(parts=2, seconds=QUICK), by=by, at=at)
    for since, why in ((today - timedelta(days=1), "过去"), (today, "才起用")):
        with pytest.raises(Refusal, match=why):
            adopt_proposal(made.pk, since=since, seen=1, by=by, at=at)
    adopt_proposal(made.pk, since=coming.since, seen=1, by=by, at=at)
    coming.refresh_from_db()
    assert coming.until == coming.since - timedelta(days=1), "replaced the day it began"


def test_a_micro_grid_ends_once(grid: Cell, by: Any, at: datetime) -> None:
    end_cell(WEST, last=date(2026, 5, 1), by=by, at=at)
    with pytest.raises(Refusal, match="为止"):
        end_cell(WEST, last=date(2026, 6, 1), by=by, at=at)
    with pytest.raises(Refusal, match="不能早于"):
        end_cell(EAST, last=BEGAN - timedelta(days=2), by=by, at=at)


def test_too_many_too_few_and_old_proposals(grid: Cell, by: Any, at: datetime) -> None:
    with pytest.raises(Refusal, match="不同的点"):
        make_proposal(grid, ADDRESSES[:2], Wanted(parts=3), by=by, at=at)
    with pytest.raises(Refusal, match="不同的点"):
        make_proposal(grid, [], Wanted(each=40), by=by, at=at)
    for _ in range(BOUNDS.open_a_grid):
        kept = make_proposal(grid, ADDRESSES, Wanted(parts=2, seconds=QUICK), by=by, at=at)
    with pytest.raises(Refusal, match="已有 5 个方案"):
        make_proposal(grid, ADDRESSES, Wanted(parts=2, seconds=QUICK), by=by, at=at)
    drop_proposal(kept.pk, seen=1, by=by, at=at)
    assert forget_proposals(by=by, at=at + BOUNDS.kept) == 0
    assert forget_proposals(by=by, at=at + BOUNDS.kept + timedelta(seconds=1)) == 4


def test_codes_follow_the_highest_and_are_never_given_twice() -> None:
    assert codes_for(ONE, [WEST, EAST], 2) == [f"{ONE}003", f"{ONE}004"]
    assert codes_for(ONE, [f"{ONE}998", f"{ONE}002"], 3) == [f"{ONE}001", f"{ONE}003", f"{ONE}999"]
    with pytest.raises(Refusal, match="只剩 1 个"):
        codes_for(ONE, [f"{ONE}{n:03}" for n in range(1, 999)], 2)
    assert [parts_for(households, 50) for households in (1, 120, 126)] == [1, 2, 3]
    with pytest.raises(ValueError, match="positive"):
        Bounds(spots=0)
