"""The walking order: complete, no longer than a naive one, near the best for few points."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.algorithms.walk import walking_order, way_length

SPOT = st.tuples(st.floats(121.85, 121.90), st.floats(29.87, 29.91))


@given(points=st.lists(SPOT, max_size=25), start=st.none() | SPOT)
def test_every_point_is_walked_once(points: list[tuple[float, float]],
                                    start: tuple[float, float] | None) -> None:
    assert sorted(walking_order(points, start=start)) == list(range(len(points)))


@given(points=st.lists(SPOT, min_size=1, max_size=12), start=SPOT)
def test_no_longer_than_the_order_given(points: list[tuple[float, float]],
                                        start: tuple[float, float]) -> None:
    order = walking_order(points, start=start)
    naive = way_length(points, range(len(points)), start=start)
    nearest = way_length(points, order, start=start)
    assert nearest <= naive + 0.01


@settings(max_examples=25, deadline=None, derandomize=True)
@given(points=st.lists(SPOT, min_size=2, max_size=6, unique=True), start=SPOT)
def test_few_points_come_near_the_best(points: list[tuple[float, float]],
                                       start: tuple[float, float]) -> None:
    best = min(way_length(points, order, start=start)
               for order in permutations(range(len(points))))
    assert way_length(points, walking_order(points, start=start), start=start) <= best * 1.35 + 1


def test_points_along_a_road_are_walked_along_it() -> None:
    road = [(121.85 + step * 0.001, 29.89) for step in (3, 0, 4, 1, 2)]
    assert walking_order(road, start=(121.849, 29.89)) == [1, 3, 4, 0, 2]
    assert walking_order(road) in ([1, 3, 4, 0, 2], [2, 0, 4, 3, 1])
