"""A tiny town to report in: one village, two grids of a square kilometre each side by side."""

import io
from datetime import date, datetime
from typing import Any

from PIL import Image

from yiwang.kernel.cases.names import forget_kinds
from yiwang.kernel.cases.playbook_store import declare
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places.locate import forget
from yiwang.kernel.places.models import Cell, CellShape, Layer, Place, Unit
from yiwang.practices.events.kinds import seed_kinds
from yiwang.practices.events.states import EVENT

TOWN, VILLAGE = "330206005", "330206005200"
WEST, EAST = f"{VILLAGE}001001", f"{VILLAGE}002001"
IN_WEST, IN_EAST, OUTSIDE = (121.865, 29.895), (121.875, 29.895), (120.0, 29.0)
RUBBISH, DISPUTE = "GB2021/E.01.10", "XP/E.99.99"
SINCE = date(2003, 1, 1)


def lay_out(at: datetime) -> None:
    """Units, cells, a named place, kinds and the playbook."""
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu Sub-district")
    Unit.objects.create(code=VILLAGE, name="河东村", name_en="Hedong Village")
    layer = Layer.objects.create(code="governance", name="治理网格", name_en="governance grid")
    for code, west, east in ((VILLAGE, 121.86, 121.88), (WEST, 121.86, 121.87),
                             (EAST, 121.87, 121.88)):
        cell = Cell.objects.create(code=code, layer=layer, name=f"河东村 {code[12:]}", since=SINCE)
        CellShape.objects.create(cell=cell, since=SINCE, datum="wgs84", illustrative=True,
                                 geometry=_box(west, 29.89, east, 29.90))
    Place.objects.create(name="菜场", name_en="Market", kind="market", area=VILLAGE,
                         longitude=IN_WEST[0], latitude=IN_WEST[1])
    seed_kinds(by=SYSTEM, at=at)
    declare([EVENT], by=SYSTEM, at=at)
    forget()
    forget_kinds()


def _box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def picture(colour: str = "olive", size: tuple[int, int] = (320, 240)) -> io.BytesIO:
    """A small JPEG with a name, as an upload."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, "JPEG")
    buffer.seek(0)
    buffer.name = f"{colour}.jpg"
    return buffer
