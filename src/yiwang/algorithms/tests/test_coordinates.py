"""Coordinate systems: against the published tables, against prcoords, and round and round."""

import math

import prcoords
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.algorithms import coordinates as c

china = st.tuples(
    st.floats(74, 134, allow_nan=False), st.floats(18, 53, allow_nan=False)
)


@given(china)
def test_the_shift_is_the_one_prcoords_knows(point: c.Point) -> None:
    lon, lat = point
    theirs = prcoords.wgs_gcj((lat, lon), check_china=False)
    assert c.wgs84_to_gcj02(lon, lat) == pytest.approx((theirs[1], theirs[0]), abs=1e-9)
    theirs = prcoords.gcj_bd((lat, lon))
    assert c.gcj02_to_bd09(lon, lat) == pytest.approx((theirs[1], theirs[0]), abs=1e-9)


@given(china, st.sampled_from(c.DATUMS), st.sampled_from(c.DATUMS))
def test_there_and_back_again_is_the_same_point(
    point: c.Point, source: c.Datum, target: c.Datum
) -> None:
    there = c.convert(*point, source=source, target=target)
    back = c.convert(*there, source=target, target=source)
    assert c.distance_m(point, back) < 0.001
    assert back == pytest.approx(point, abs=1e-8)


@given(china)
def test_gcj02_moves_a_point_in_china_by_some_hundred_metres(point: c.Point) -> None:
    assert 20 < c.distance_m(point, c.wgs84_to_gcj02(*point)) < 1500


@pytest.mark.parametrize("point", [(139.7, 35.7), (-0.1, 51.5), (151.2, -33.9), (2.3, 48.9)])
def test_nothing_is_shifted_outside_the_box(point: c.Point) -> None:
    assert c.wgs84_to_gcj02(*point) == point
    assert c.gcj02_to_wgs84(*point) == point


def test_an_unknown_datum_is_an_error() -> None:
    with pytest.raises(ValueError, match="xian80"):
        c.to_wgs84(121.0, 29.0, "xian80")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="xian80"):
        c.from_wgs84(121.0, 29.0, "xian80")  # type: ignore[arg-type]


def test_a_geometry_is_converted_point_by_point_and_keeps_its_heights() -> None:
    polygon = {"type": "Polygon", "coordinates": [[[121.87, 29.89, 4.5], [121.88, 29.89, 4.5],
                                                   [121.88, 29.9, 4.5], [121.87, 29.89, 4.5]]]}
    shifted = c.convert_geometry(polygon, source="wgs84", target="gcj02")
    first = shifted["coordinates"][0][0]
    assert tuple(first[:2]) == c.wgs84_to_gcj02(121.87, 29.89)
    assert first[2] == 4.5
    assert c.convert_geometry(polygon, source="wgs84", target="wgs84") is polygon


def test_a_degree_is_as_long_as_the_tables_say() -> None:
    east, north = c.metres_per_degree(30.0)
    assert (east, north) == pytest.approx((96486.3, 110852.4), abs=1)
    assert c.metres_per_degree(0.0)[0] == pytest.approx(111319.5, abs=0.1)


def test_lengths_add_up() -> None:
    line: list[c.Point] = [(121.87, 29.89), (121.88, 29.89), (121.88, 29.9)]
    assert c.length_m(line) == pytest.approx(
        c.distance_m(line[0], line[1]) + c.distance_m(line[1], line[2])
    )
    assert c.length_m(line[:1]) == 0
    assert math.isclose(c.distance_m(line[0], line[2]), c.distance_m(line[2], line[0]))
