"""The index of cells against shapely's own answer, point by point."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.algorithms.polygons import Locator, outlines, squaring
from yiwang.algorithms.polygons.locator import Chain

WIDE = 12
corner = st.tuples(st.integers(0, WIDE), st.integers(0, WIDE))
codes = st.lists(st.sampled_from("12"), min_size=1, max_size=4).map("".join)


@st.composite
def outline(draw: Any) -> Any:
    """A box, a triangle, a ring with a hole, or two parts: corners on whole numbers."""
    x, y = draw(corner)
    size = draw(st.integers(1, 5))
    box = shapely.box(x, y, x + size, y + size)
    kind = draw(st.sampled_from(["box", "triangle", "hole", "parts", "round"]))
    if kind == "triangle":
        return shapely.Polygon([(x, y), (x + size, y + 1), (x + 1, y + size)])
    if kind == "hole":
        return shapely.box(x, y, x + 3, y + 3) - shapely.box(x + 1, y + 1, x + 2, y + 2)
    if kind == "parts":
        return box | shapely.box(x + size + 1, y, x + size + 2, y + 2)
    return box.centroid.buffer(size / 2, quad_segs=40) if kind == "round" else box


cells = st.dictionaries(codes, outline(), max_size=14).map(lambda found: sorted(found.items()))
points = st.lists(st.tuples(st.integers(-4, 80), st.integers(-4, 80)), min_size=1, max_size=30).map(
    lambda found: [(x / 4, y / 4) for x, y in found])


def locator_of(known: list[tuple[str, Any]]) -> Locator:
    return Locator.of((code, shapely.to_geojson(shape)) for code, shape in known)


def by_shapely(known: list[tuple[str, Any]], x: float, y: float) -> Chain:
    chain: list[str] = []
    for code, shape in known:
        if shapely.intersects_xy(shape, x, y) and (not chain or code.startswith(chain[-1])):
            chain.append(code)
    return tuple(chain)


@pytest.mark.parametrize(("crowded", "at_once"), [(0, 500), (2, 7), (16, 500)])
def test_it_answers_as_shapely_does(
    crowded: int, at_once: int, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Borders and corners too, however finely squares are cut and however little is held."""
    monkeypatch.setattr(squaring, "CROWDED", crowded)
    monkeypatch.setattr(outlines, "AT_ONCE", at_once)

    @settings(max_examples=60, deadline=None)
    @given(cells, points)
    def check(known: list[tuple[str, Any]], asked: list[tuple[float, float]]) -> None:
        locator = locator_of(known)
        wanted = [by_shapely(known, x, y) for x, y in asked]
        assert [locator.locate(x, y) for x, y in asked] == wanted
        assert locator.locate_all(*np.array(asked).T) == wanted

    check()


def test_crowded_squares_are_quartered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A dense block in a wide plain: its squares grow finer, the answers stay."""
    dense = [(f"9{x:02}{y:02}", shapely.box(x / 40, y / 40, (x + 1) / 40, (y + 1) / 40))
             for x in range(40) for y in range(40)]
    known = sorted([("8", shapely.box(-100, -40, -50, 40)), *dense, ("9", shapely.box(0, 0, 1, 1))])
    locator = locator_of(known)
    assert len(locator._squares.node) > locator._squares.frame.across * locator._squares.frame.up
    rng = np.random.default_rng(4)
    lons, lats = rng.uniform(-0.1, 1.1, (2, 400))
    assert locator.locate_all(lons, lats) == [
        by_shapely(known, x, y) for x, y in zip(lons.tolist(), lats.tolist(), strict=True)]


def test_what_was_saved_answers_alike(tmp_path: Path) -> None:
    known = [("1", shapely.box(0, 0, 4, 4)), ("11", shapely.box(0, 0, 2, 4))]
    locator_of(known).save(tmp_path)
    again = Locator.load(tmp_path)
    assert again.codes == ("1", "11")
    assert again.locate(1, 1) == ("1", "11")
    assert again.locate_all([3, 9], [3, 9]) == [("1",), ()]
    assert json.loads((tmp_path / "frame.json").read_text())["across"] > 0


BOX = [[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]


@pytest.mark.parametrize("broken", [
    "", "[]", "null", '"Polygon"', "{}", '{"type": "Polygon"}',
    '{"type": "Polygon", "coordinates": []}', '{"type": "MultiPolygon", "coordinates": null}',
    '{"type": "Point", "coordinates": [1, 1]}',
    '{"type": "LineString", "coordinates": [[0, 0], [2, 0], [2, 2], [0, 0]]}',
    *(json.dumps({"type": "Polygon", "coordinates": [BOX, ring]}) for ring in (
        BOX[:-1], BOX[:3], 1, [1], [[0], [0], [0], [0]], [[0, None]] * 4, [["a", "b"]] * 4,
        [[180.1, 0]] * 4, [[0, 90.1]] * 4, [[float("nan"), 0]] * 4, [[1e999, 0]] * 4,
        [[10**400, 0]] * 4)),
])
def test_what_is_no_polygon_in_degrees_is_passed_by(broken: str) -> None:
    """It leaves nothing behind: those before and after it are found as ever."""
    box = json.dumps({"type": "Polygon", "coordinates": [BOX]})
    locator = Locator.of([("3", box), ("2", broken), ("1", box.replace("2", "4"))])
    assert locator.codes == ("1", "3")
    assert locator.locate_all([1, 3, 5], [1, 3, 5]) == [("1",), ("1",), ()]


def test_parts_holes_and_heights() -> None:
    """Each part counts, a hole does not, and a third number is no place."""
    ring, hole, part = ([[*at, 40.5] for at in shapely.get_coordinates(box).tolist()] for box in (
        shapely.box(0, 0, 4, 4), shapely.box(1, 1, 3, 3), shapely.box(9, 9, 10, 10)))
    locator = Locator.of([("1", json.dumps(
        {"type": "MultiPolygon", "coordinates": [[ring, hole], [part]]}))])
    assert locator.locate_all([0.5, 2, 9.5, 7], [0.5, 2, 9.5, 7]) == [("1",), (), ("1",), ()]


@pytest.mark.parametrize("known", [[], [("1", shapely.box(1, 1, 2, 2))]])
def test_nothing_and_one(known: list[tuple[str, Any]]) -> None:
    locator = locator_of(known)
    assert locator.locate_all([1.5, 5], [1.5, 5]) == [("1",) if known else (), ()]
    assert len(locator) == len(known)
    assert locator.locate(float("nan"), 1.0) == ()
