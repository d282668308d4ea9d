"""``yiwang locate`` finds the cells of every row it can read, and names those it cannot."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.utils.timezone import now

from yiwang.cli.locate import locate
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places import actions
from yiwang.kernel.places.models import Unit
from yiwang.kernel.places.tests.files import VILLAGE, square

pytestmark = pytest.mark.django_db
ONE = f"{VILLAGE}001"


@pytest.fixture
def point() -> str:
    """A place inside the one cell there is, as longitude and latitude."""
    Unit.objects.create(code=VILLAGE, name="书院村")
    shape = square(0)
    actions.draw_cell(code=ONE, name="一", geometry=shape, since=date(2026, 1, 1), by=SYSTEM,
                      at=now())
    (x0, y0), _, (x1, y1), *_ = shape["coordinates"][0]
    return f"{(x0 + x1) / 2},{(y0 + y1) / 2}"


def located(tmp_path: Path, *lines: str, options: tuple[str, ...] = ()) -> Result:
    path = tmp_path / "points.csv"
    path.write_text("\n".join(["lon,lat", *lines]), encoding="utf-8")
    return CliRunner().invoke(locate, [str(path), *options])


def test_a_bad_row_is_named_and_the_rest_goes_on(tmp_path: Path, point: str) -> None:
    answer = located(tmp_path, point, "north,pole", "500,1", point)
    assert answer.stdout.splitlines() == [f"{point},{ONE}"] * 2
    assert "第 3 行不是经纬度：north,pole" in answer.stderr
    assert "第 4 行不是经纬度：500,1" in answer.stderr
    assert "4 行，0 行不在任何网格内，2 行读不出" in answer.stderr
    assert answer.exit_code == 1


def test_in_json_the_bad_row_stands_in_its_place_with_an_error(tmp_path: Path, point: str) -> None:
    answer = located(tmp_path, point, ",", "north,pole", point, options=("--json",))
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [row.get("row") for row in rows] == [None, 4, None]
    assert "north" in rows[1]["error"]
    assert rows[1]["chain"] == []
    assert rows[2]["chain"] == [ONE]
    assert answer.exit_code == 1


def test_good_rows_alone_end_with_zero(tmp_path: Path, point: str) -> None:
    answer = located(tmp_path, point, "0,0")
    assert answer.exit_code == 0
    assert "2 行，1 行不在任何网格内，0 行读不出" in answer.stderr
