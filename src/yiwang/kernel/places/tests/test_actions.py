"""Cells drawn, changed, imported, located; units and their powers over time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from yiwang.algorithms.coordinates import convert_geometry
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.places import actions, locators
from yiwang.kernel.places.importing import import_cells, preview_cells
from yiwang.kernel.places.importing.taking import ground_for
from yiwang.kernel.places.locate import LOOK_EVERY, _indexes, forget, locate, locate_all
from yiwang.kernel.places.models import Cell, CellShape, Power, Unit, UnitType
from yiwang.kernel.places.queries import has_power, shape_of, unit_kind, versions_of
from yiwang.kernel.records.models import TrailEntry

from .files import E0, N0, STEP, VILLAGE, feature, geojson_bytes, square

pytestmark = pytest.mark.django_db
ONE, TWO = f"{VILLAGE}001", f"{VILLAGE}002"
DAY = date(2026, 1, 1)
Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def village() -> Unit:
    _indexes.kept.clear()
    _indexes.looked = float("-inf")
    return Unit.objects.create(code=VILLAGE, name="书院村")


@pytest.fixture
def by(actor: Make) -> Any:
    return actor("adjudicator")


@pytest.fixture
def drawn(by: Any, at: datetime) -> Cell:
    return actions.draw_cell(code=ONE, name="书院一格", geometry=square(0), since=DAY, by=by, at=at)


def middle(col: float) -> tuple[float, float]:
    return E0 + (col + 0.5) * STEP, N0 + STEP / 2


def test_a_drawn_cell_is_located_from_its_day_on(drawn: Cell) -> None:
    assert locate(*middle(0), on=DAY).chain == (ONE,)
    assert not locate(*middle(0), on=DAY - timedelta(days=1))
    found = locate(*middle(0), on=date(2030, 1, 1))
    assert (found.code, found.grid, found.village, found.unit, found.micro) == (
        ONE, ONE, VILLAGE, VILLAGE, "")
    outside = locate(0, 0, on=DAY)
    assert (outside.code, outside.unit, bool(outside)) == ("", "", False)
    assert locate_all([middle(0)[0]], [middle(0)[1]], on=DAY) == [locate(*middle(0), on=DAY)]


def test_a_changed_shape_begins_on_its_day_and_the_old_ends_the_day_before(
    drawn: Cell, by: Any, at: datetime
) -> None:
    change = date(2026, 4, 1)
    actions.change_shape(ONE, square(1), since=change, by=by, at=at)
    assert locate(*middle(0), on=change - timedelta(days=1)).code == ONE
    assert not locate(*middle(0), on=change)
    assert locate(*middle(1), on=change).code == ONE
    assert [(s.since, s.until) for s in versions_of(ONE)] == [
        (change, None), (DAY, change - timedelta(days=1))]


def test_a_change_on_the_same_day_replaces_and_keeps_what_was(
    drawn: Cell, by: Any, at: datetime
) -> None:
    actions.change_shape(ONE, square(2), since=DAY, by=by, at=at)
    assert versions_of(ONE).count() == 2
    shape = shape_of(ONE, DAY)
    assert shape is not None
    assert shape.geometry == square(2)
    assert not locate(*middle(0), on=DAY)


def test_every_change_is_in_the_trail(drawn: Cell, by: Any, at: datetime) -> None:
    actions.change_shape(ONE, square(1), since=DAY, by=by, at=at)
    actions.set_households(ONE, 321, as_of=DAY, by=by, at=at)
    entries = TrailEntry.objects.filter(stream=f"cell/{ONE}").order_by("seq")
    assert [entry.verb for entry in entries] == ["cell_drawn", "shape_changed", "households_set"]
    assert entries[1].note["geometry"] == square(1)
    assert {entry.by for entry in entries} == {by.ref}
    assert Cell.objects.get(code=ONE).households == 321


def test_the_second_of_two_who_change_at_once_is_told(
    drawn: Cell, by: Any, at: datetime
) -> None:
    seen = shape_of(ONE, DAY)
    actions.change_shape(ONE, square(1), since=DAY, by=by, at=at, replaces=seen)
    with pytest.raises(SomebodyElseDecided):
        actions.change_shape(ONE, square(2), since=DAY, by=by, at=at, replaces=seen)


@pytest.mark.parametrize(("change", "code"), [
    ({"code": "3.3E+11"}, "code_malformed"),
    ({"code": "330206005299001"}, "no_parent"),
    ({"code": ONE}, "code_taken"),
    ({"name": "  "}, "name_malformed"),
    ({"households": -1}, "households_malformed"),
    ({"geometry": None}, "not_polygon"),
    ({"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}}, "unclosed_ring"),
])
def test_a_cell_that_cannot_stand_is_refused(
    drawn: Cell, by: Any, at: datetime, change: dict[str, Any], code: str
) -> None:
    given: dict[str, Any] = {"code": TWO, "name": "二格", "geometry": square(1), "since": DAY}
    with pytest.raises(Refusal) as caught:
        actions.draw_cell(**{**given, **change}, by=by, at=at)
    assert caught.value.code == code
    assert Cell.objects.count() == 1


def test_a_shape_before_the_newest_is_refused(drawn: Cell, by: Any, at: datetime) -> None:
    with pytest.raises(Refusal) as caught:
        actions.change_shape(ONE, square(1), since=DAY - timedelta(days=1), by=by, at=at)
    assert caught.value.field == "since"
    with pytest.raises(Refusal) as caught:
        actions.change_shape(TWO, square(1), since=DAY, by=by, at=at)
    assert caught.value.code == "no_such_cell"


def test_another_datum_is_stored_in_wgs84_and_kept_as_it_came(by: Any, at: datetime) -> None:
    theirs = convert_geometry(square(0), source="wgs84", target="bd09")
    actions.draw_cell(code=ONE, name="一格", geometry=theirs, since=DAY, datum="bd09", by=by, at=at)
    shape = CellShape.objects.get()
    assert shape.original == theirs
    assert shape.datum == "bd09"
    assert locate(*middle(0), on=DAY).code == ONE


def test_what_another_process_drew_is_seen_after_a_look_at_the_stamp(drawn: Cell) -> None:
    assert not locate(*middle(1), on=DAY)
    other = Cell.objects.create(code=TWO, layer_id=drawn.layer_id, name="二格", since=DAY)
    CellShape.objects.create(cell=other, since=DAY, geometry=square(1), datum="wgs84")
    assert not locate(*middle(1), on=DAY)
    _indexes.looked -= LOOK_EVERY
    assert locate(*middle(1), on=DAY).code == TWO


def test_an_import_takes_good_rows_only_when_told(by: Any, at: datetime) -> None:
    raw = geojson_bytes(feature(ONE, square(0), 户数=310), feature("坏", square(1)))
    found = preview_cells("a.geojson", raw, datum="wgs84",
                          ground=ground_for("governance", [ONE], DAY))
    with pytest.raises(Refusal, match="1 行"):
        import_cells(found, by=by, at=at, since=DAY)
    assert not Cell.objects.exists()
    taken = import_cells(found, by=by, at=at, since=DAY, only_good=True)
    assert (taken.drawn, taken.left_out) == (1, 1)
    assert Cell.objects.get().households == 310
    again = import_cells(found, by=by, at=at, since=DAY, only_good=True)
    assert (again.drawn, again.changed, again.unchanged) == (0, 0, 1)
    moved = preview_cells("b.geojson", geojson_bytes(feature(ONE, square(2))), datum="gcj02")
    assert import_cells(moved, by=by, at=at, since=date(2026, 5, 1)).changed == 1
    assert CellShape.objects.get(datum="gcj02").original == square(2)


def test_an_import_without_a_known_parent_is_a_bad_row(drawn: Cell, at: datetime) -> None:
    raw = geojson_bytes(feature(f"{ONE}001", square(0)), feature("330206005299001", square(1)),
                        feature(f"{TWO}001", square(2)), feature(TWO, square(2)))
    codes = [f"{ONE}001", "330206005299001", f"{TWO}001", TWO]
    found = preview_cells("a.geojson", raw, datum="wgs84",
                          ground=ground_for("governance", codes, DAY))
    assert [row.number for row in found.bad] == [2]


def test_an_import_is_compared_with_the_cells_that_stay(drawn: Cell) -> None:
    found = preview_cells("a.geojson", geojson_bytes(feature(TWO, square(0.5))), datum="wgs84",
                          ground=ground_for("governance", [TWO], DAY))
    assert [(p.code, set(p.cells)) for p in found.problems] == [("overlap", {ONE, TWO})]


def test_nothing_good_is_nothing_to_import(by: Any, at: datetime) -> None:
    found = preview_cells("a.geojson", geojson_bytes(feature("坏", square(1))), datum="wgs84")
    with pytest.raises(Refusal) as caught:
        import_cells(found, by=by, at=at, since=DAY, only_good=True)
    assert caught.value.code == "nothing_to_import"


XIAPU = "330206005"
BECAME = date(2003, 1, 1)


@pytest.fixture
def xiapu() -> Unit:
    unit = Unit.objects.create(code=XIAPU, name="霞浦街道")
    UnitType.objects.create(unit=unit, kind="town", since=date(1984, 1, 1),
                            until=BECAME - timedelta(days=1), source="page")
    UnitType.objects.create(unit=unit, kind="subdistrict", since=BECAME, source="page")
    return unit


@pytest.mark.parametrize(("on", "kind"), [
    (date(1983, 12, 31), ""),
    (date(1984, 1, 1), "town"),
    (date(2002, 12, 31), "town"),
    (date(2003, 1, 1), "subdistrict"),
    (date(2026, 1, 1), "subdistrict"),
])
def test_xiapu_was_a_town_and_is_a_sub_district(xiapu: Unit, on: date, kind: str) -> None:
    assert unit_kind(XIAPU, on) == kind
    assert unit_kind("000000000", on) == ""


def test_a_sub_district_orders_no_demolition_unless_an_entry_is_valid(xiapu: Unit) -> None:
    order = "demolition.order"
    Power.objects.create(code=order, unit_kind="town", since=date(2000, 1, 1), source="law")
    assert has_power(XIAPU, order, date(2001, 1, 1))
    assert not has_power(XIAPU, order, date(2003, 1, 1))
    Power.objects.create(code=order, unit=xiapu, since=date(2022, 1, 1),
                         until=date(2023, 12, 31), source="浙江省综合行政执法条例")
    for on, may in ((date(2021, 12, 31), False), (date(2022, 1, 1), True),
                    (date(2023, 12, 31), True), (date(2024, 1, 1), False)):
        assert has_power(XIAPU, order, on) is may
    assert not has_power("330206006", order, date(2022, 6, 1))


def test_many_boundaries_are_built_once_a_machine(
    drawn: Cell, by: Any, at: datetime, settings: Any, tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What one process built, the next one maps; a changed boundary is built anew."""
    monkeypatch.setattr(locators, "SHARED_FROM", 1)
    settings.DATA = tmp_path
    shelf = tmp_path / "cells"
    assert locate(*middle(0), on=DAY).chain == (ONE,)
    [first] = [path for path in shelf.iterdir() if path.is_dir()]
    forget()  # another process
    with monkeypatch.context() as without:
        without.setattr(locators, "_make", None)
        assert locate(*middle(0), on=DAY).chain == (ONE,)
    actions.draw_cell(code=TWO, name="书院二格", geometry=square(1), since=DAY,
                      by=by, at=at)
    assert locate(*middle(1), on=DAY).chain == (TWO,)
    assert len([path for path in shelf.iterdir() if path.is_dir()]) == 2
    assert first.exists()
