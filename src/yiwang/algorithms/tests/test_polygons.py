"""Cells as shapes: what is wrong is found and named, points find their cell, borders meet."""

from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from yiwang.algorithms.polygons import (
    BrokenShape,
    Locator,
    Outline,
    Problem,
    Tolerances,
    area_m2,
    geojson,
    problems,
    read_shape,
    snap,
)

E0, N0 = 121.87, 29.89
STEP = 0.001  # degrees, about 100 m


def square(col: float, row: float, wide: float = 1, high: float = 1) -> Any:
    return box(E0 + col * STEP, N0 + row * STEP, E0 + (col + wide) * STEP, N0 + (row + high) * STEP)


def outline(code: str, shape: Any, row: int = 0) -> Outline:
    geometry = shape if isinstance(shape, dict) else geojson(shape)
    return Outline(code, f"网格{code}", geometry, row=row)


def kinds(found: list[Problem]) -> list[str]:
    return sorted(problem.code for problem in found)


def polygon(*ring: tuple[Any, ...]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(p) for p in ring]]}


def test_neighbours_that_share_a_border_have_no_problem() -> None:
    cells = [outline("01", square(0, 0, 2)), outline("01001", square(0, 0)),
             outline("01002", square(1, 0))]
    assert problems(cells) == []


def test_an_overlap_is_shown_with_its_place_and_area() -> None:
    [found] = problems([outline("01", square(0, 0)), outline("02", square(0.9, 0))])
    assert (found.code, found.cells, found.blocks) == ("overlap", ("01", "02"), False)
    assert found.area_m2 == pytest.approx(area_m2(square(0.9, 0, 0.1)), rel=1e-6)
    assert "重叠" in found.what.zh
    assert "overlap" in found.what.en


def test_a_gap_within_the_parent_and_a_child_outside_it() -> None:
    cells = [outline("01", square(0, 0, 3)), outline("01001", square(0, 0)),
             outline("01002", square(2, 0, 1.5))]
    found = problems(cells)
    assert kinds(found) == ["gap", "outside_parent"]
    assert {p.code: round(p.area_m2 or 0) for p in found} == {
        "gap": round(area_m2(square(1, 0))), "outside_parent": round(area_m2(square(3, 0, 0.5)))}


def test_ground_enclosed_by_cells_without_parent_is_a_gap_but_a_cells_own_hole_is_not() -> None:
    ring = [outline(f"0{i}", shape) for i, shape in enumerate(
        (square(0, 0, 3), square(0, 2, 3), square(0, 1), square(2, 1)), start=1)]
    assert kinds(problems(ring)) == ["gap"]
    with_pond = square(0, 0, 3, 3).difference(square(1, 1))
    assert problems([outline("01", with_pond), outline("02", square(3, 0))]) == []


def test_cells_of_different_layers_may_lie_over_one_another() -> None:
    one = Outline("01", "甲", geojson(square(0, 0)), layer="governance")
    other = Outline("02", "乙", geojson(square(0, 0)), layer="city")
    assert problems([one, other]) == []


def test_a_bow_tie_crosses_itself_and_the_crossing_is_marked() -> None:
    tie = polygon((E0, N0), (E0 + STEP, N0 + STEP), (E0 + STEP, N0), (E0, N0 + STEP), (E0, N0))
    [found] = problems([outline("01", tie)])
    assert (found.code, found.blocks) == ("self_crossing", True)
    assert found.geometry == {"type": "Point", "coordinates": pytest.approx(
        [E0 + STEP / 2, N0 + STEP / 2])}


def test_a_hole_outside_its_shell_is_invalid() -> None:
    shape = {"type": "Polygon", "coordinates": [
        geojson(square(0, 0))["coordinates"][0], geojson(square(3, 3))["coordinates"][0]]}
    [found] = problems([outline("01", shape)])
    assert found.code == "invalid"
    assert "洞在边界之外" in found.what.zh


@pytest.mark.parametrize(("geometry", "code"), [
    (polygon((E0, N0), (E0 + STEP, N0), (E0, N0 + STEP)), "unclosed_ring"),
    (polygon((E0, N0), (E0 + STEP, N0), (E0, N0)), "too_few_points"),
    (polygon((29.8, 121.8), (29.9, 121.8), (29.9, 121.9), (29.8, 121.8)), "swapped_axes"),
    (polygon((40_584_000.0, 3_308_000.0), (1.0, 1.0), (2.0, 1.0), (1.0, 1.0)), "not_degrees"),
    (polygon(("东", N0), (E0, N0), (E0, N0), (E0, N0)), "not_numbers"),
    (polygon((float("nan"), N0), (E0, N0), (E0, N0), (E0, N0)), "not_numbers"),
    (polygon((None, N0)), "not_numbers"),
    (polygon((10**400, N0)), "not_numbers"),
    ({"type": "Polygon", "coordinates": []}, "no_boundary"),
    ({"type": "Polygon", "coordinates": [5]}, "no_boundary"),
    ({"type": "MultiPolygon", "coordinates": 7}, "no_boundary"),
    ({"type": "Polygon"}, "no_boundary"),
    ({"type": "LineString", "coordinates": [[E0, N0], [E0, N0]]}, "not_polygon"),
    (None, "not_polygon"),
    ([], "not_polygon"),
])
def test_what_is_no_polygon_in_degrees_is_refused_by_name(geometry: Any, code: str) -> None:
    with pytest.raises(BrokenShape) as caught:
        read_shape(geometry)
    assert caught.value.code == code
    assert str(caught.value)
    [found] = problems([Outline("01", "甲", geometry)])
    assert (found.code, found.blocks) == (code, True)


def test_heights_are_dropped() -> None:
    ring = [(*p, 3.5) for p in geojson(square(0, 0))["coordinates"][0]]
    assert read_shape(polygon(*ring)).equals(square(0, 0))


def test_too_small_and_doubled() -> None:
    found = problems([outline("01", square(0, 0, 0.05, 0.05), 2), outline("02", square(2, 0), 3),
                      outline("02", square(4, 0), 4)])
    assert kinds(found) == ["duplicated_code", "too_small"]
    assert found[0].rows == (3, 4)


def test_tolerances_are_not_negative() -> None:
    with pytest.raises(ValueError, match="zero"):
        Tolerances(gap_m2=-1)


def locator_of(known: list[tuple[str, Any]]) -> Locator:
    return Locator.of((code, shapely.to_geojson(shape)) for code, shape in known)


SIDE = 4
BOARD = locator_of([("01", square(0, 0, SIDE, SIDE))] + [
    (f"01{row * SIDE + col:03}", square(col, row)) for row in range(SIDE) for col in range(SIDE)])


@given(st.floats(0, SIDE), st.floats(0, SIDE))
def test_every_point_of_a_tiled_town_finds_its_chain(x: float, y: float) -> None:
    lon, lat = E0 + x * STEP, N0 + y * STEP
    chain = BOARD.locate(lon, lat)
    assert chain == BOARD.locate_all([lon], [lat])[0]
    if chain:  # the last bit of E0 + SIDE * STEP may lie beyond the border
        assert chain[0] == "01"
        assert len(chain) == 2
        assert chain[1].startswith(chain[0])


@given(st.integers(1, SIDE - 1), st.integers(1, SIDE - 1))
def test_a_corner_of_four_cells_belongs_to_the_smallest_code(col: int, row: int) -> None:
    corner = shapely.get_coordinates(square(col - 1, row - 1))
    lon, lat = corner[:, 0].max(), corner[:, 1].max()
    covering = [f"01{y * SIDE + x:03}" for y in range(SIDE) for x in range(SIDE)
                if shapely.intersects_xy(square(x, y), lon, lat)]
    assert BOARD.locate(lon, lat) == ("01", min(covering))


def test_finer_cells_never_move_a_point_to_another_village() -> None:
    villages = [("01", square(0, 0)), ("02", square(1, 0))]
    border = float(villages[0][1].bounds[2]), N0 + STEP / 3
    finer = [*villages, ("02001", square(1, 0))]
    assert locator_of(villages).locate(*border) == ("01",)
    assert locator_of(finer).locate(*border) == ("01",)


def test_outside_and_in_bulk() -> None:
    assert BOARD.locate(0.0, 0.0) == ()
    assert Locator.of([]).locate(E0, N0) == ()
    assert Locator.of([]).locate_all([E0], [N0]) == [()]
    many = np.random.default_rng(1).uniform(-0.001, 0.005, (2, 500))
    chains = BOARD.locate_all(E0 + many[0], N0 + many[1])
    assert chains == [BOARD.locate(E0 + x, N0 + y) for x, y in many.T.tolist()]


def test_a_drawn_border_snaps_to_its_neighbour_exactly() -> None:
    drawn = square(1.02, -0.01, 1, 1.02)  # 2 m off
    result = snap(drawn, [square(0, 0)], tolerance_m=5)
    assert result.moved == 2
    found = problems([outline("01", square(0, 0)), Outline("02", "乙", geojson(result.shape))])
    assert found == []
    assert {tuple(p) for p in shapely.get_coordinates(square(0, 0))[:2]} <= {
        tuple(p) for p in shapely.get_coordinates(result.shape)}


def test_corners_of_neighbours_become_corners_of_the_drawn_cell() -> None:
    below = [square(0, 0), square(1, 0)]
    result = snap(square(0, 1.01, 2), below, tolerance_m=5)
    assert (result.moved, result.added) == (2, 1)


def test_nothing_near_nothing_snapped() -> None:
    drawn = square(5, 5)
    assert snap(drawn, [square(0, 0)], tolerance_m=5).shape is drawn
    assert snap(drawn, [], tolerance_m=5).moved == 0


def test_a_snap_that_would_break_the_shape_is_not_taken() -> None:
    thin = square(1.0, 0.2, 0.02, 0.5)
    result = snap(thin, [square(0, 0)], tolerance_m=5)
    assert result.shape is thin


@given(st.floats(-0.03, 0.03), st.floats(-0.03, 0.03))
def test_snapping_twice_changes_nothing_more(dx: float, dy: float) -> None:
    neighbours = [square(0, 0), square(1, 1), square(2, 0)]
    once = snap(square(1 + dx, dy), neighbours, tolerance_m=5)
    assert once.shape.is_valid
    twice = snap(once.shape, neighbours, tolerance_m=5)
    assert twice.shape.equals_exact(once.shape, tolerance=1e-12)
    assert twice.added == 0
