"""Divisions of a ground: contiguous, complete, near the bound, and the same for the same seed."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box

from yiwang.algorithms.districting.ground import lay_out
from yiwang.algorithms.districting.proposal import Address, balance, compactness, moved, propose
from yiwang.algorithms.districting.search import Limits, divide, is_contiguous, lower_bound

QUICK = Limits(seconds=5, tries=4000)


def lattice(wide: int, high: int) -> list[tuple[int, ...]]:
    """Neighbours of a board, row by row."""
    return [tuple(y * wide + x for x, y in ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1))
                  if 0 <= x < wide and 0 <= y < high)
            for y in range(high) for x in range(wide)]


BOARD = lattice(12, 12)


@pytest.mark.parametrize("parts", [2, 3, 6, 9])
def test_an_even_board_is_divided_evenly(parts: int) -> None:
    found = divide([1] * 144, BOARD, parts, limits=Limits(seconds=20, tries=60_000))
    assert max(found.loads) == 144 // parts
    assert is_contiguous(found.part_of, BOARD)


@settings(max_examples=40)
@given(st.lists(st.integers(0, 40), min_size=12, max_size=12), st.integers(1, 4))
def test_any_division_is_contiguous_complete_and_above_the_bound(
    weights: list[int], parts: int
) -> None:
    near = lattice(4, 3)
    found = divide(weights, near, parts, limits=Limits(seconds=5, tries=300))
    assert sorted(set(found.part_of)) == list(range(parts))
    assert is_contiguous(found.part_of, near)
    assert sum(found.loads) == sum(weights)
    assert max(found.loads) >= lower_bound(weights, parts)


@pytest.mark.parametrize("weights", [(9, 1, 1, 8, 2, 7, 3, 3, 5), (5, 5, 5, 1, 1, 1, 9, 9, 9),
                                     (20, 1, 1, 1, 1, 1, 1, 1, 1)])
def test_small_divisions_are_the_best_there_are(weights: tuple[int, ...]) -> None:
    near = lattice(3, 3)

    def heaviest(part_of: tuple[int, ...]) -> int:
        loads = [sum(w for w, part in zip(weights, part_of, strict=True) if part == one)
                 for one in range(3)]
        return max(loads)

    best = min(heaviest(part_of) for part_of in product(range(3), repeat=9)
               if len(set(part_of)) == 3 and is_contiguous(part_of, near))
    assert max(divide(weights, near, 3, limits=QUICK).loads) == best


def test_the_search_betters_its_start_and_repeats_itself() -> None:
    weights = [n * n % 31 + 1 for n in range(144)]
    begun = divide(weights, BOARD, 7, seed=4, limits=Limits(tries=0))
    found = divide(weights, BOARD, 7, seed=4, limits=Limits(seconds=60, tries=20_000))
    assert found.balance < begun.balance
    assert found == divide(weights, BOARD, 7, seed=4, limits=Limits(seconds=60, tries=20_000))


@pytest.mark.parametrize(("weights", "parts", "bound"), [
    ([1, 1, 1], 2, 2), ([9, 1, 1], 2, 9), ([5, 5, 5, 1], 2, 10), ([3, 3], 2, 3)])
def test_no_division_is_below_the_bound(weights: list[int], parts: int, bound: int) -> None:
    assert lower_bound(weights, parts) == bound


@pytest.mark.parametrize(("near", "parts", "why"), [
    ([(1,), (0,), ()], 2, "one piece"), (lattice(2, 1), 3, "as many parts"),
    (lattice(2, 1), 0, "as many parts")])
def test_what_cannot_be_divided_is_refused(near: list[tuple[int, ...]], parts: int,
                                           why: str) -> None:
    with pytest.raises(ValueError, match=why):
        divide([1] * len(near), near, parts)


def test_limits_make_sense() -> None:
    with pytest.raises(ValueError, match="positive"):
        Limits(seconds=0)


def test_pieces_fill_a_boundary_with_a_bay_each_in_one_part() -> None:
    bay = Polygon([(0, 0), (100, 0), (100, 100), (60, 100), (60, 20), (40, 20), (40, 100),
                   (0, 100)])
    spots = [(20.0, 90.0), (20.0, 50.0), (50.0, 10.0), (80.0, 50.0), (80.0, 90.0)]
    ground = lay_out(spots, bay)
    assert all(piece.geom_type == "Polygon" for piece in ground.pieces)
    assert sum(piece.area for piece in ground.pieces) == pytest.approx(bay.area)
    assert all(piece.covers(Point(spot)) for piece, spot in zip(ground.pieces, spots, strict=True))
    assert 4 not in ground.neighbours[0], "the bay lies between them"


@pytest.mark.parametrize(("spots", "why"), [
    ([(1.0, 1.0), (1.0, 1.0)], "coincide"), ([(1.0, 1.0), (900.0, 1.0)], "outside")])
def test_ground_that_cannot_be_laid_out_is_refused(
    spots: list[tuple[float, float]], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        lay_out(spots, box(0, 0, 100, 100))


def village(wide: int = 10, high: int = 8) -> list[Address]:
    return [Address(121.87 + x * 3e-4, 29.89 + y * 3e-4, (x * 5 + y * 3) % 7 + 1, f"{x}-{y}")
            for x in range(wide) for y in range(high)]


def test_a_proposal_is_proven_and_drawn_in_degrees() -> None:
    places = [*village(), Address(121.87, 29.89, 2, "upstairs")]
    found = propose(places, 4, limits=QUICK)
    assert found.contiguous
    assert found.least <= found.heaviest <= found.least * 1.05
    assert found.part_of[0] == found.part_of[-1], "one point is not divided"
    for place, part in zip(places, found.part_of, strict=True):
        assert found.parts[part].shape.covers(Point(place.lon, place.lat))
    assert sum(part.households for part in found.parts) == sum(one.households for one in places)


def test_what_is_left_where_it_was_does_not_move() -> None:
    assert moved(["a", "a", "b", "b"], [1, 1, 0, 0], [5, 5, 3, 3]) == 0
    assert moved(["a", "a", "a", "b"], [0, 1, 1, 1], [5, 2, 2, 3]) == 4
    assert moved(["", "a"], [0, 0], [4, 5]) == 4
    assert [balance([3, 3]), balance([0, 0]), balance([4, 2])] == pytest.approx([1, 1, 4 / 3])


def test_a_circle_is_compact_and_a_strip_is_not() -> None:
    assert compactness(Point(0, 0).buffer(10, 64)) == pytest.approx(1, abs=0.01)
    assert compactness(box(0, 0, 100, 1)) < 0.04
