"""Files of cells: what is read, and what is said of each broken row or file. No database."""

from typing import Any

import pytest

from yiwang.algorithms.coordinates import convert_geometry, distance_m
from yiwang.kernel.errors import Refusal
from yiwang.kernel.places.importing import Preview, preview_cells, records
from yiwang.kernel.records.packed import PackedBounds

from .files import (
    GEOGRAPHIC,
    VILLAGE,
    feature,
    geojson_bytes,
    pairs,
    shapefile_bytes,
    square,
    workbook_bytes,
)

ONE, TWO = f"{VILLAGE}001", f"{VILLAGE}002"
HEAD = ["编码", "名称", "图层", "户数", "边界"]


def preview(name: str, raw: bytes, datum: Any = "wgs84") -> Preview:
    return preview_cells(name, raw, datum=datum)


def faults(found: Preview) -> list[tuple[int, str]]:
    return [(fault.row, fault.field) for row in found.bad for fault in row.faults]


def test_geojson_is_read() -> None:
    raw = geojson_bytes(feature(ONE, square(0), 户数=320), feature(TWO, square(1)))
    found = preview("网格.geojson", raw)
    assert [(r.outline.code, r.households) for r in found.good] == [(ONE, 320), (TWO, None)]
    assert found.problems == ()


def test_a_shapefile_in_gbk_is_read_and_said_so() -> None:
    raw = shapefile_bytes((ONE, "书院一格", square(0)), (TWO, "书院二格", square(1)),
                          encoding="gb18030")
    found = preview("网格.zip", raw)
    assert [row.outline.name for row in found.good] == ["书院一格", "书院二格"]
    assert "GBK" in found.notes[0].zh


def test_a_shapefile_with_heights_and_without_prj() -> None:
    found = preview("a.zip", shapefile_bytes((ONE, "一格", square(0)), heights=True, prj=""))
    assert len(found.good[0].outline.geometry["coordinates"][0][0]) == 2
    assert ".prj" in found.notes[0].zh


@pytest.mark.parametrize("prj", [
    'PROJCS["CGCS2000_3_Degree_GK_CM_120E",' + GEOGRAPHIC + ']',
    'GEOGCS["GCS_Beijing_1954",DATUM["D_Beijing_1954"]]',
])
def test_a_shapefile_in_metres_or_an_old_datum_is_refused(prj: str) -> None:
    with pytest.raises(Refusal, match="CGCS2000"):
        preview("a.zip", shapefile_bytes((ONE, "一格", square(0)), prj=prj))


def test_a_workbook_is_read_with_wkt_or_pairs() -> None:
    wkt = "POLYGON ((121.87 29.89, 121.872 29.89, 121.872 29.892, 121.87 29.892, 121.87 29.89))"
    raw = workbook_bytes(["书院村网格表"], HEAD, [ONE, "一格", "", 320, wkt],
                         [TWO, "二格", "governance", "", pairs(square(1))])
    found = preview("网格.xlsx", raw)
    assert [(row.number, row.outline.code) for row in found.good] == [(3, ONE), (4, TWO)]
    assert found.good[0].households == 320


def test_a_code_that_excel_rounded_is_named_with_advice() -> None:
    raw = workbook_bytes(HEAD, [3.30206005208001e17, "一格", "", 1, pairs(square(0))],
                         ["3.3E+11", "二格", "", 1, pairs(square(1))],
                         [330206005208003, "三格", "", 1, pairs(square(2))])
    found = preview("a.xlsx", raw)
    assert faults(found) == [(2, "code"), (3, "code")]
    assert "Excel" in found.bad[0].faults[0].what.zh
    assert "文本" in found.bad[0].faults[0].todo.zh
    assert found.good[0].outline.code == "330206005208003"  # 15 digits: Excel keeps them


def test_merged_cells_are_named() -> None:
    raw = workbook_bytes(HEAD, [ONE, "一格", "", 1, pairs(square(0))],
                         ["", "二格", "", 1, pairs(square(1))], merge=(1, 0, 2, 0))
    found = preview("a.xlsx", raw)
    assert "合并" in found.bad[0].faults[0].what.zh


@pytest.mark.parametrize(("row", "expected"), [
    ([ONE, "", "", 1, pairs(square(0))], "name"),
    (["12", "一格", "", 1, pairs(square(0))], "code"),
    (["３３０", "一格", "", 1, pairs(square(0))], "code"),
    ([ONE, "一格", "", "三百", pairs(square(0))], "households"),
    ([ONE, "一格", "", 1.5, pairs(square(0))], "households"),
    ([ONE, "一格", "", 1, "东到河，西到路"], "boundary"),
    ([ONE, "一格", "", 1, "POLYGON ((1 2"], "boundary"),
    ([ONE, "一格", "", 1, "1;2;3"], "boundary"),
    ([ONE, "一格", "", 1, ""], "geometry"),
    ([ONE, "一格", "", 1, "29.89,121.87;29.89,121.88;29.9,121.88"], "geometry"),
    ([ONE, "名" * 81, "", 1, pairs(square(0))], "name"),
])
def test_each_bad_row_names_its_field(row: list[Any], expected: str) -> None:
    found = preview("a.xlsx", workbook_bytes(HEAD, row))
    assert faults(found) == [(2, expected)]
    fault = found.bad[0].faults[0]
    assert fault.what.zh
    assert fault.what.en
    assert fault.todo.zh
    assert fault.todo.en


def test_a_boundary_that_excel_cut_off_is_named() -> None:
    found = preview("a.xlsx", workbook_bytes(HEAD, [ONE, "一格", "", 1, "1" * 32767]))
    assert "截断" in found.bad[0].faults[0].what.zh


@pytest.mark.parametrize(("name", "raw"), [
    ("a.geojson", b""),
    ("a.geojson", b'{"type": "FeatureCollection", "features": [{'),
    ("a.geojson", b"[" * 100_000),
    ("a.geojson", b"\xff\xff\xff\xff"),
    ("a.geojson", b'{"type": "Topology"}'),
    ("a.geojson", b"42"),
    ("a.geojson", geojson_bytes()),
    ("a.geojson", geojson_bytes(feature(ONE, square(0)),
                                crs={"properties": {"name": "urn:ogc:def:crs:EPSG::4549"}})),
    ("a.zip", b"PK\x03\x04 nothing"),
    ("a.zip", shapefile_bytes((ONE, "一格", square(0)))[:200]),
    ("a.xlsx", b"not a workbook"),
    ("a.xlsx", workbook_bytes(["甲", "乙"], [1, 2])),
    ("a.xlsx", workbook_bytes(HEAD)),
    ("a.dwg", b"AC1032"),
    ("网格", b"{}"),
])
def test_a_file_that_cannot_be_read_is_refused_in_words(name: str, raw: bytes) -> None:
    with pytest.raises(Refusal) as caught:
        preview(name, raw)
    assert caught.value.code == "file_unreadable"
    assert caught.value.field == "file"
    assert caught.value.todo.zh


def test_features_that_are_none_are_named_by_number() -> None:
    found = preview("a.json", geojson_bytes(5, {"type": "Feature"}, feature(None, None)))
    assert [row.number for row in found.bad] == [1, 2, 3]
    assert found.good == ()


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_the_declared_datum_is_taken_back_to_wgs84_and_the_original_kept(datum: Any) -> None:
    theirs = convert_geometry(square(0), source="wgs84", target=datum)
    [row] = preview("a.geojson", geojson_bytes(feature(ONE, theirs)), datum).good
    ours, meant = row.outline.geometry["coordinates"][0][0], square(0)["coordinates"][0][0]
    assert distance_m(tuple(ours), tuple(meant)) < 0.001
    assert distance_m(tuple(ours), tuple(theirs["coordinates"][0][0])) > 100
    assert row.original["coordinates"][0][0] == pytest.approx(theirs["coordinates"][0][0])


def test_problems_between_shapes_are_shown_but_do_not_block() -> None:
    found = preview("a.geojson", geojson_bytes(
        feature(ONE, square(0)), feature(TWO, square(0.5))))
    assert [problem.code for problem in found.problems] == ["overlap"]
    assert len(found.good) == 2


def test_broken_shapes_and_doubled_codes_block_their_rows() -> None:
    tie = {"type": "Polygon", "coordinates": [[[121, 29], [122, 30], [122, 29], [121, 30],
                                               [121, 29]]]}
    found = preview("a.geojson", geojson_bytes(
        feature(ONE, tie), feature(TWO, square(1)), feature(TWO, square(3))))
    assert faults(found) == [(1, "geometry"), (2, "code"), (3, "code")]


@pytest.mark.parametrize(("name", "raw"), [
    ("a.xlsx", workbook_bytes(["编码", "名称", "边界"])), ("a.zip", shapefile_bytes())])
def test_an_archive_that_unpacks_to_too_much_is_not_opened(
    name: str, raw: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "CELLS", PackedBounds(most_unpacked=100))
    with pytest.raises(Refusal, match="压缩包解开后超过"):
        preview(name, raw)
