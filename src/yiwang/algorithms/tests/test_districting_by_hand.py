"""A point moved by hand: no household is lost, no part breaks, and what forbids it is said."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.algorithms.districting.colouring import coloured, touching
from yiwang.algorithms.districting.moving import at_borders, choices, consequence
from yiwang.algorithms.districting.search import Limits, divide, is_contiguous, loads

from .test_districting import lattice

NEAR = lattice(5, 4)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 40), min_size=20, max_size=20), st.integers(2, 5),
       st.lists(st.tuples(st.integers(0, 19), st.integers(0, 4)), max_size=12))
def test_whatever_is_moved_households_are_kept_and_parts_hang_together(
    weights: list[int], parts: int, moves: list[tuple[int, int]]
) -> None:
    part_of = list(divide(weights, NEAR, parts, limits=Limits(tries=50)).part_of)
    for point, to in moves:
        there = to % parts
        found = consequence(part_of, weights, NEAR, point, there)
        after = [there if one == point else part for one, part in enumerate(part_of)]
        whole = is_contiguous(after, NEAR) and len(set(after)) == parts
        assert bool(found.fault) == (not whole or after == part_of)
        assert sum(found.loads) == sum(weights)
        if not found.fault:
            part_of = after
            assert found.loads == tuple(loads(part_of, weights, parts))


@pytest.mark.parametrize(("part_of", "point", "there", "fault"), [
    ((0, 0, 1, 1), 1, 1, ""), ((0, 0, 1, 1), 1, 0, "same"), ((0, 1, 1, 1), 0, 1, "last"),
    ((0, 0, 0, 1), 1, 1, "far"), ((0, 0, 0, 1), 0, 1, "far")])
def test_in_a_row_of_houses_a_move_is_allowed_or_says_why_not(
    part_of: tuple[int, ...], point: int, there: int, fault: str
) -> None:
    assert consequence(part_of, (1, 1, 1, 1), lattice(4, 1), point, there).fault == fault


def test_a_part_that_would_break_is_kept_whole() -> None:
    around = (0, 1, 0, 0, 0, 0)  # three wide: the 1 hangs on the middle of the lower row
    found = consequence(around, (1,) * 6, lattice(3, 2), 4, 1)
    assert found.fault == "apart"


def test_only_points_beside_another_part_are_offered_and_only_parts_they_touch() -> None:
    part_of = (0, 0, 1, 1, 2)
    near = lattice(5, 1)
    assert at_borders(part_of, near) == [1, 2, 3, 4]
    assert [(one.there, one.fault) for one in choices(part_of, (4, 1, 1, 1, 9), near, 1)] == [
        (1, "")]
    (found,) = choices(part_of, (4, 1, 1, 1, 9), near, 3)
    assert (found.loads, found.heaviest_before, found.heaviest) == ((5, 1, 10), 9, 10)
    assert [one.fault for one in choices(part_of, (4, 1, 1, 1, 9), near, 4)] == ["last"]
    assert not choices(part_of, (4, 1, 1, 1, 9), near, 0)


@settings(max_examples=25)
@given(st.lists(st.integers(0, 11), min_size=96, max_size=96))
def test_on_a_flat_map_six_colours_do_and_neighbours_differ(drawn: list[int]) -> None:
    board = lattice(12, 8)
    found = divide([n + 1 for n in drawn], board, 12, limits=Limits(tries=0)).part_of
    near = touching(found, board)
    colours = coloured(near)
    assert max(colours) < 6
    assert all(colours[one] != colours[other] for one, others in enumerate(near)
               for other in others)
    assert all((b in near[a]) == (a in near[b]) for a, b in product(range(12), repeat=2))
