"""The cells pages: seen within a scope, drawn with problems shown first, imported after a look."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import localdate, now

from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places import actions
from yiwang.kernel.places.boundary_text import boundary_of, boundary_text
from yiwang.kernel.places.models import Cell, CellShape, Unit
from yiwang.kernel.places.norms import norms_on, set_norms
from yiwang.kernel.places.queries import shape_of
from yiwang.kernel.places.rules import SizeNorms
from yiwang.kernel.places.tests.files import VILLAGE, feature, geojson_bytes, square
from yiwang.kernel.records.models import TrailEntry

pytestmark = pytest.mark.django_db
ONE, TWO, FAR = f"{VILLAGE}001", f"{VILLAGE}002", "330206006200001"
BEGAN = date(2026, 1, 1)
Enter = Callable[..., Client]


@pytest.fixture(autouse=True)
def ground() -> None:
    Unit.objects.create(code=VILLAGE, name="书院村", name_en="Shuyuan")
    Unit.objects.create(code="330206006200", name="别处村")
    for code, col in ((ONE, 0), (FAR, 50)):
        actions.draw_cell(code=code, name=f"网格{code[-3:]}", geometry=square(col), since=BEGAN,
                          households=310, by=SYSTEM, at=now())


def shape_form(geometry: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"boundary": boundary_text(geometry), "since": localdate().isoformat(), **more}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_tree_the_cell_and_the_shapes_within_the_scope(
    enter: Enter, language: str
) -> None:
    client = enter("grid_worker", VILLAGE, language)
    page = client.get("/cells").content.decode()
    assert f"under={VILLAGE}" in page
    assert "330206006200" not in page
    assert ONE in client.get(f"/cells?under={VILLAGE}").content.decode()
    features = client.get("/cells/shapes").json()["features"]
    assert [one["properties"]["id"] for one in features] == [ONE]
    assert client.get(f"/cells/{ONE}").status_code == 200
    assert client.get(f"/cells/{FAR}").status_code == 404
    assert client.get("/cells/report").status_code == 200


@pytest.mark.parametrize(("language", "name"), [("zh", "网格001"), ("en", "Shuyuan 1")])
def test_cells_are_called_in_the_readers_language(
    enter: Enter, language: str, name: str
) -> None:
    client = enter("grid_worker", VILLAGE, language)
    (drawn,) = client.get("/cells/shapes").json()["features"]
    assert drawn["properties"]["name"] == name
    for page in (f"/cells?under={VILLAGE}", f"/cells/{ONE}"):
        text = client.get(page).content.decode()
        assert name in text
        assert language == "zh" or "网格001" not in text


def test_who_may_not_edit_is_refused(enter: Enter) -> None:
    client = enter("grid_worker", VILLAGE)
    for path in ("/cells/new", f"/cells/{ONE}/shape", "/cells/import"):
        assert client.get(path).status_code == 403
        assert client.post(path, {}).status_code == 403
    assert client.post(f"/cells/{ONE}/households", {}).status_code == 403
    assert Client().get("/cells").status_code == 302


def test_a_cell_outside_the_editors_scope_cannot_be_drawn(enter: Enter) -> None:
    client = enter("adjudicator")
    answer = client.post("/cells/new", shape_form(
        square(60), code="330206006200002", name="越界"))
    assert answer.status_code == 422
    assert not Cell.objects.filter(code="330206006200002").exists()
    assert client.post(f"/cells/{FAR}/shape", shape_form(square(9))).status_code == 404
    assert client.post(f"/cells/{FAR}/households", {"households": 1}).status_code == 404


def test_a_cell_is_drawn_and_snapped_to_its_neighbour(enter: Enter) -> None:
    client = enter("adjudicator")
    answer = client.post("/cells/new", shape_form(
        square(1.01), code=TWO, name="二格", households="300", snap="on"))
    assert answer.status_code == 302
    shape = shape_of(TWO, localdate())
    assert shape is not None
    west = min(lon for lon, _ in shape.geometry["coordinates"][0])
    assert west == max(lon for lon, _ in square(0)["coordinates"][0])
    assert "贴到" in client.get(f"/cells/{TWO}").content.decode()


def test_problems_are_shown_before_anything_is_saved(enter: Enter) -> None:
    client = enter("adjudicator")
    form = shape_form(square(0.5), code=TWO, name="二格")
    answer = client.post("/cells/new", form)
    assert answer.status_code == 422
    assert "重叠" in answer.content.decode()
    assert form["boundary"].splitlines()[0] in answer.content.decode()
    assert not Cell.objects.filter(code=TWO).exists()
    assert client.post("/cells/new", {**form, "seen": "on"}).status_code == 302


def test_a_changed_boundary_is_a_new_version_and_the_second_of_two_is_told(
    enter: Enter
) -> None:
    client = enter("adjudicator")
    seen = shape_of(ONE, localdate())
    assert seen is not None
    form = shape_form(square(2), replaces=str(seen.pk))
    assert client.post(f"/cells/{ONE}/shape", form).status_code == 302
    assert list(CellShape.objects.filter(cell_id=ONE).order_by("since").values_list(
        "until", flat=True)) == [localdate() - timedelta(days=1), None]
    answer = client.post(f"/cells/{ONE}/shape", form)
    assert answer.status_code == 422
    assert "刚才有人改了" in answer.content.decode()
    assert TrailEntry.objects.filter(stream=f"cell/{ONE}", verb="shape_changed").count() == 1


@pytest.mark.parametrize(("boundary", "said"), [
    ("121.87 29.89 4 5", "第 1 行"),
    ("东\n西\n南", "第 1 行"),
    ("121.87, 29.89\n121.88, 29.89", "不足三个"),
    ("121.87, 29.89\n121.88, 29.9\n121.88, 29.89\n121.87, 29.9", "自相交"),
    ("29.89, 121.87\n29.9, 121.88\n29.9, 121.87", "写反"),
    ("---\n---", "没有边界"),
    ("nan, 29.89\n121, 29\n121, 30", "空值"),
    ("", "请填写"),
])
def test_a_boundary_that_is_none_is_named_and_kept(
    enter: Enter, boundary: str, said: str
) -> None:
    answer = enter("adjudicator").post(f"/cells/{ONE}/shape", {
        "boundary": boundary, "since": localdate().isoformat()})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert boundary.strip().split("\n")[0] in page


def test_households_are_noted(enter: Enter) -> None:
    client = enter("adjudicator")
    good = {"households": "333", "as_of": localdate().isoformat()}
    assert client.post(f"/cells/{ONE}/households", good).status_code == 302
    assert Cell.objects.get(code=ONE).households == 333
    for bad in ("-1", "很多", "99999999999"):
        answer = client.post(f"/cells/{ONE}/households", {**good, "households": bad})
        assert answer.status_code == 422
        assert bad in answer.content.decode()


def upload(client: Client, raw: bytes, name: str = "网格.geojson") -> Any:
    return client.post("/cells/import", {
        "file": SimpleUploadedFile(name, raw), "datum": "wgs84"})


def test_an_import_shows_bad_rows_first_and_takes_the_good_when_told(enter: Enter) -> None:
    client = enter("adjudicator")
    page = upload(client, geojson_bytes(feature(TWO, square(1)), feature("3.3E+11", square(3))))
    assert "Excel" in page.content.decode()
    assert Cell.objects.count() == 2
    day = {"since": localdate().isoformat()}
    assert client.post("/cells/import/confirm", day).status_code == 422
    assert client.post("/cells/import/confirm", {**day, "only_good": "on"}).status_code == 302
    assert Cell.objects.filter(code=TWO).exists()
    again = client.post("/cells/import/confirm", day, follow=True)
    assert "请重新上传" in again.content.decode()


def test_an_import_beyond_the_scope_writes_nothing(enter: Enter) -> None:
    client = enter("adjudicator")
    upload(client, geojson_bytes(feature(TWO, square(1)), feature("330206006200009", square(70))))
    answer = client.post("/cells/import/confirm", {"since": localdate().isoformat()})
    assert answer.status_code == 422
    assert Cell.objects.count() == 2


@pytest.mark.parametrize(("name", "raw"), [
    ("a.geojson", b"{"), ("a.zip", b"PK"), ("a.xlsx", b"x"), ("a.exe", b"MZ"),
])
def test_a_broken_file_is_told_beside_the_field(enter: Enter, name: str, raw: bytes) -> None:
    assert upload(enter("adjudicator"), raw, name).status_code == 422


def test_addresses_are_checked_and_not_kept(enter: Enter) -> None:
    client = enter("adjudicator")
    raw = b"lon,lat\n121.8705,29.8905\n0,0\n"
    answer = client.post("/cells/report", {"file": SimpleUploadedFile("a.csv", raw)})
    assert answer.status_code == 200
    assert "2 个，恰在一个微网格的 0 个" in answer.content.decode()
    bad = SimpleUploadedFile("a.csv", "lon,lat\n东,西\n".encode())
    assert client.post("/cells/report", {"file": bad}).status_code == 422


def test_lists_ask_as_often_at_three_rows_as_at_one(
    enter: Enter, same_queries: Callable[..., int]
) -> None:
    client = enter("adjudicator")
    numbers = iter(range(10, 20))

    def add() -> None:
        n = next(numbers)
        actions.draw_cell(code=f"{VILLAGE}0{n}", name=f"格{n}", geometry=square(n), since=BEGAN,
                          by=SYSTEM, at=now())

    assert same_queries(add, lambda: client.get(f"/cells?under={VILLAGE}")) <= 12
    assert same_queries(add, lambda: client.get("/cells")) <= 12
    assert same_queries(add, lambda: client.get("/cells/report")) <= 10


def test_the_text_of_a_boundary_reads_back() -> None:
    with_hole = {"type": "Polygon", "coordinates": [
        square(0, 0, 3)["coordinates"][0], square(1, 0.2, 0.5)["coordinates"][0]]}
    two = {"type": "MultiPolygon", "coordinates": [
        with_hole["coordinates"], square(5)["coordinates"]]}
    for geometry in (square(0), with_hole, two):
        back = boundary_of(boundary_text(geometry))
        assert back["type"] == geometry["type"]
        assert boundary_text(back) == boundary_text(geometry)


NORMS = {"grid_least": 400, "grid_most": 600, "mixed_least": 200, "mixed_most": 300,
         "large_village": 3000, "micro_least": 30, "micro_most": 100, "source": "街道文件"}


def test_a_town_measures_by_its_own_norms_from_their_day(enter: Enter) -> None:
    client = enter("adjudicator")
    assert "户数偏少" not in client.get("/cells/report").content.decode()
    sent = {**NORMS, "since": localdate().isoformat()}
    assert client.post("/cells/norms", sent).status_code == 302
    page = client.get("/cells/report").content.decode()
    assert "400–600" in page
    assert "户数偏少" in page  # 310 households were within the norms that ship
    assert client.post("/cells/norms", sent).status_code == 422  # one set of norms a day
    assert TrailEntry.objects.filter(stream="norms/cells").count() == 1


@pytest.mark.parametrize(("wrong", "said"), [
    ({"grid_least": 700}, "至少要大于 0"),
    ({"micro_least": 0}, "至少要大于 0"),
    ({"source": " "}, "请填写"),
    ({"since": "2020-01-01"}, "过去的日子"),
])
def test_norms_that_make_no_sense_are_refused_and_kept(
    enter: Enter, wrong: dict[str, Any], said: str,
) -> None:
    sent = {**NORMS, "since": localdate().isoformat(), **wrong}
    answer = enter("adjudicator").post("/cells/norms", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'value="600"' in page


def test_norms_begin_on_their_day() -> None:
    tomorrow = localdate() + timedelta(days=1)
    set_norms(SizeNorms(grid=(1, 2), source="文件"), tomorrow, by=SYSTEM, at=now())
    assert norms_on(localdate()) == SizeNorms()
    assert norms_on(tomorrow).grid == (1, 2)


def test_others_do_not_set_norms(enter: Enter) -> None:
    assert enter("dispatcher").get("/cells/norms").status_code == 403
