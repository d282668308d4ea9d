"""Units, their types over time, powers, and the made cells of the demo town."""

from datetime import date, datetime

from yiwang.algorithms.made_town import MadeCell, make_town_cells
from yiwang.kernel.cases.calendar import seed_calendar
from yiwang.kernel.cases.playbook_store import declare
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places.models import Cell, CellShape, Layer, Place, Power, Unit, UnitType
from yiwang.kernel.records import trail

from ..kinds import seed_kinds
from ..states import EVENT
from .names_en import name_en
from .words import PLACES

SOURCE = "示意边界，非官方数据 / made for the demo, not official"
NAMES = "国家统计局统计用区划代码 / statistics codes of units"
BEGAN = date(2003, 1, 1)  # X8: 霞浦 became a sub-district in 2003


def settle_town(*, at: datetime) -> None:
    """Everything with a place: units, cells with boundaries, named places, kinds, the calendar."""
    made = make_town_cells()
    _units(made)
    _cells([cell for cell in made if cell.level in ("grid", "micro")], at=at)
    _outlines([cell for cell in made if cell.level in ("town", "village")], at=at)
    _places(made)
    seed_kinds(by=SYSTEM, at=at)
    seed_calendar()
    declare([EVENT], by=SYSTEM, at=at)


def _units(made: list[MadeCell]) -> None:
    above = [Unit(code="330206", name="北仑区", name_en="Beilun District")]
    units = [Unit(code=cell.code, name=cell.name, name_en=name_en(cell.code)) for cell in made
             if cell.level in ("town", "village")]
    Unit.objects.bulk_create(above + units, ignore_conflicts=True)
    UnitType.objects.bulk_create(
        UnitType(unit_id=code, kind=kind, since=since, until=until, source=NAMES)
        for code, kind, since, until in _types(units)
    )
    Power.objects.create(
        code="demolition.order", unit_kind="town", since=date(2013, 10, 1),
        source="浙江省违法建筑处置规定第六条：乡村违法建筑由乡镇人民政府处置 / "
               "the province's rules on illegal building, article 6",
    )
    Power.objects.create(
        code="penalty.integrated", unit_id="330206005", since=date(2022, 1, 1),
        source="示例：赋权事项须以省、市公布的清单为准 / example: lists are the province's",
    )


def _types(units: list[Unit]) -> list[tuple[str, str, date, date | None]]:
    """The sub-district was a town until 2002; villages and communities by their code."""
    types: list[tuple[str, str, date, date | None]] = [
        ("330206", "county", date(1984, 1, 1), None),
        ("330206005", "town", date(1984, 1, 1), date(2002, 12, 31)),
        ("330206005", "subdistrict", BEGAN, None),
    ]
    types += [(unit.code, "community" if unit.code[9] == "0" else "village", BEGAN, None)
              for unit in units if len(unit.code) == 12]
    return types


def _cells(made: list[MadeCell], *, at: datetime) -> None:
    Layer.objects.get_or_create(code="governance", defaults={
        "name": "治理网格", "name_en": "governance grid"})
    Cell.objects.bulk_create(
        Cell(code=cell.code, layer_id="governance", name=cell.name, since=BEGAN,
             households=cell.households, households_as_of=date(2026, 1, 1)) for cell in made)
    _shapes(made)
    trail.append("cells/governance", verb="settle", by=SYSTEM.ref, at=at,
                 changes={"cells": len(made)}, note={"source": SOURCE})


def _outlines(made: list[MadeCell], *, at: datetime) -> None:
    """Town and villages as cells of their own layer, so that the map can draw their borders."""
    Layer.objects.get_or_create(code="units", defaults={"name": "村社", "name_en": "villages"})
    Cell.objects.bulk_create(
        Cell(code=cell.code, layer_id="units", name=cell.name, since=BEGAN,
             households=cell.households, households_as_of=date(2026, 1, 1)) for cell in made)
    _shapes(made)
    trail.append("cells/units", verb="settle", by=SYSTEM.ref, at=at,
                 changes={"cells": len(made)}, note={"source": SOURCE})


def _shapes(made: list[MadeCell]) -> None:
    CellShape.objects.bulk_create(
        CellShape(cell_id=cell.code, since=BEGAN, geometry=cell.geometry, datum="wgs84",
                  illustrative=True, source=SOURCE) for cell in made)


def _places(made: list[MadeCell]) -> None:
    """Named places stand in the middle of their village: real names, made positions."""
    shapes = {cell.code: cell for cell in made}
    from shapely.geometry import shape

    rows = []
    for name, english, kind, code in PLACES:
        spot = shape(shapes[code].geometry).representative_point()
        rows.append(Place(name=name, name_en=english, kind=kind, area=code, longitude=spot.x,
                          latitude=spot.y, illustrative=True))
    Place.objects.bulk_create(rows)
