"""``yiwang cells propose`` reads what towns have, says what it reached, and changes nothing."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from shapely.geometry import shape

from yiwang.cli.cells import cells
from yiwang.kernel.errors import Refusal
from yiwang.kernel.places.models import Cell, CellShape, Layer, Unit

ROWS = [(121.87 + x * 3e-4, 29.89 + y * 3e-4, (x + y) % 5 + 1) for x in range(8) for y in range(6)]


def run(*args: str) -> Any:
    return CliRunner().invoke(cells, ["propose", *args, "--seconds", "2"], catch_exceptions=False)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    file = tmp_path / "a.csv"
    lines = ["经度,纬度,户数,楼栋", *(f"{x},{y},{n},楼" for x, y, n in ROWS)]
    file.write_text("\n".join(lines), encoding="gb18030")
    return file


def test_a_table_becomes_balanced_parts_that_hang_together(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "parts.geojson"
    told = json.loads(run(str(table), "--parts", "3", "--json", "--out", str(out)).output)
    assert told["households"] == sum(n for *_, n in ROWS)
    assert told["contiguous"] is True
    assert told["bound"] <= told["heaviest"] <= told["bound"] * 1.05
    features = json.loads(out.read_text(encoding="utf-8"))["features"]
    assert [one["properties"]["households"] for one in features] == [
        one["households"] for one in told["parts"]]
    assert all(shape(one["geometry"]).is_valid for one in features)


def test_geojson_says_the_same_as_a_table(table: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"households": n},
         "geometry": {"type": "Point", "coordinates": [x, y]}} for x, y, n in ROWS]}))
    answers = [run(str(one), "--parts", "3", "--json").output for one in (table, file)]
    assert answers[0] == answers[1]


def test_it_is_told_in_sentences(table: Path) -> None:
    assert "每片相连：是" in run(str(table), "--parts", "2").output


@pytest.mark.parametrize(("text", "code"), [
    ("lon,lat\n1,2", "no_columns"), ("lon,lat,households\n1,2,x\n1,200,3\n1,2,2.5", "bad_rows"),
    ("lon,lat,households\n1,2,3", "points"), ("", "no_columns"),
    ("lon,lat,households\n1,2,nan\n1,2,-1\n1,2,inf\n1,2", "bad_rows")])
def test_a_bad_table_is_refused_with_its_rows(tmp_path: Path, text: str, code: str) -> None:
    file = tmp_path / "a.csv"
    file.write_text(text)
    with pytest.raises(Refusal) as said:
        run(str(file), "--parts", "2")
    assert said.value.code == code


def test_what_is_no_geojson_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"features": [{"geometry": null, "properties": {}}]}')
    with pytest.raises(Refusal) as said:
        run(str(file), "--parts", "2")
    assert said.value.code == "not_geojson"


@pytest.fixture
def grid(db: None) -> str:
    """A grid with two micro-grids, the western one far smaller."""
    code, since = "330206005221001", date(2020, 1, 1)
    Unit.objects.get_or_create(code=code[:12], defaults={"name": "霞南村"})
    Layer.objects.get_or_create(code="governance", defaults={"name": "治理"})
    west, middle, east, south, north = 121.8699, 121.8704, 121.8723, 29.8899, 29.8913
    for cell, left, right in ((code, west, east), (f"{code}001", west, middle),
                              (f"{code}002", middle, east)):
        Cell.objects.create(code=cell, name=cell[-3:], layer_id="governance", since=since)
        ring = [[left, south], [right, south], [right, north], [left, north], [left, south]]
        CellShape.objects.create(
            cell_id=cell, since=since, geometry={"type": "Polygon", "coordinates": [ring]})
    return code


def test_a_grid_is_divided_inside_its_boundary_and_compared(table: Path, grid: str) -> None:
    from yiwang.kernel.places.locate import forget

    forget()
    before = list(CellShape.objects.values_list("cell_id", "since").order_by("id"))
    told = json.loads(run(str(table), "--parts", "2", "--grid", grid, "--json").output)
    assert told["outside"] == sum(1 for _, y, _ in ROWS if y > 29.8913)
    assert set(told["today"]["cells"]) == {f"{grid}001", f"{grid}002"}
    assert told["balance"] < told["today"]["balance"]
    assert 0 < told["today"]["moved"] < told["households"]
    assert list(CellShape.objects.values_list("cell_id", "since").order_by("id")) == before


def test_an_unknown_grid_is_refused(table: Path, db: None) -> None:
    with pytest.raises(Refusal, match="没有网格"):
        run(str(table), "--parts", "2", "--grid", "330206005999001")
