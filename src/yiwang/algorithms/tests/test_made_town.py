"""The made town tiles its ground, keeps the norms, and is the same every time."""

import json
from collections import defaultdict

import pytest

from yiwang.algorithms.made_town import AREA_KM2, CENTRE, XIAPU, MadeCell, make_town_cells
from yiwang.algorithms.polygons import Locator, Outline, area_m2, problems, read_shape


@pytest.fixture(scope="module")
def town() -> list[MadeCell]:
    return make_town_cells()


def test_it_has_the_real_units_and_hangs_together(town: list[MadeCell]) -> None:
    levels = defaultdict(list)
    for cell in town:
        levels[cell.level].append(cell)
        assert cell.illustrative
    assert [(c.code, c.name) for c in levels["village"]] == list(XIAPU)
    assert len(levels["town"]) == 1
    assert 50 <= len(levels["grid"]) <= 100  # a town of about a hundred grids
    codes = {cell.code for cell in town}
    assert all(c.code[:-3] in codes for c in town if c.level != "town")


def test_it_tiles_without_overlap_or_gap(town: list[MadeCell]) -> None:
    assert problems([Outline(c.code, c.name, c.geometry) for c in town]) == []
    whole = read_shape(town[0].geometry)
    assert area_m2(whole) == pytest.approx(AREA_KM2 * 1e6, rel=0.01)
    locator = Locator.of((c.code, json.dumps(c.geometry)) for c in town)
    assert len(locator.locate(*CENTRE)) == 4


def test_households_add_up_and_keep_the_norm(town: list[MadeCell]) -> None:
    for cell in town:
        below = [c.households for c in town if c.code[:-3] == cell.code]
        assert not below or sum(below) == cell.households
        if cell.level == "grid":
            assert 300 <= cell.households <= 500


@pytest.mark.parametrize("seed", range(4))
def test_any_seed_gives_a_whole_town(seed: int) -> None:
    cells = make_town_cells(seed)
    assert problems([Outline(c.code, c.name, c.geometry) for c in cells]) == []
    assert cells == make_town_cells(seed)
    assert {c.geometry["type"] for c in cells} == {"Polygon"}
