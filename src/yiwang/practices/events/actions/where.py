"""Where a report lies: the point in WGS-84, its cell, and how far the phone was from it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from yiwang.algorithms.coordinates import Datum, Point, distance_m, to_wgs84
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.places.models import Place, Unit

from ..queries.ground import cell_of, home_town

CHINA = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Where:
    """What a report says about its place. ``gps`` is the phone's own fix, degrees WGS-84.

    ``spot`` is a unit's code or ``place:<uuid>`` from the list; ``anywhere`` sends a report whose
    place is not settled (地点待定).
    """

    point: Point | None = None
    datum: Datum = "wgs84"
    gps: Point | None = None
    spot: str = ""
    anywhere: bool = False


def settle(where: Where, *, at: datetime) -> tuple[str, dict[str, Any]]:
    """The area code and the case's columns; raises ``Refusal`` on field ``place``."""
    if where.point is not None:
        return _at_point(where, where.point, at=at)
    if where.spot.startswith("place:"):
        return _at_place(where.spot, at=at)
    if where.spot:
        return _in_unit(where.spot), {}
    if where.anywhere:
        return _town(), {}
    raise Refusal(
        "no_place",
        Words("还没有定地点。", "The place is not set yet."),
        Words("用定位、点地图、选一个村社，或勾选“地点说不清”。",
              "Use your position, tap the map, choose a village, or tick “cannot say where”."),
        field="place",
    )


def _at_point(where: Where, point: Point, *, at: datetime) -> tuple[str, dict[str, Any]]:
    lon, lat = to_wgs84(*point, where.datum)
    area = cell_of(lon, lat, on=at.astimezone(CHINA).date())
    if not area:
        if where.anywhere:
            return _town(), {}
        raise outside()
    columns: dict[str, Any] = {
        "longitude": lon, "latitude": lat, "datum": where.datum,
        "original_x": point[0], "original_y": point[1],
    }
    if where.gps is not None:
        columns["gps_metres"] = round(distance_m((lon, lat), where.gps), 1)
    return area, columns


def _at_place(spot: str, *, at: datetime) -> tuple[str, dict[str, Any]]:
    try:
        place = Place.objects.get(id=UUID(spot.removeprefix("place:")))
    except (ValueError, Place.DoesNotExist):
        raise no_such_spot() from None
    point = (place.longitude, place.latitude)
    area = cell_of(*point, on=at.astimezone(CHINA).date()) or place.area
    return area, {
        "longitude": point[0], "latitude": point[1], "datum": "wgs84",
        "original_x": point[0], "original_y": point[1], "address": place.name,
    }


def _in_unit(code: str) -> str:
    if not Unit.objects.filter(code=code).exists():
        raise no_such_spot()
    return code


def _town() -> str:
    town = home_town()
    if not town:
        raise Refusal(
            "no_town",
            Words("系统里还没有镇街和网格。", "No town and no cells are set up yet."),
            Words("请管理员先导入网格。", "Ask the administrator to import the cells."),
            field="place",
        )
    return town


def outside() -> Refusal:
    """A point that lies in no cell."""
    return Refusal(
        "outside_town",
        Words("这个点不在本镇街范围内。", "This point lies outside the town."),
        Words("在地图上把点移到镇内，选一个村社，或勾选“地点说不清”照样发送。",
              "Move the point into the town, choose a village, or tick “cannot say where” "
              "and send it anyway."),
        field="place",
    )


def no_such_spot() -> Refusal:
    """A choice that is not, or no longer, in the list of places."""
    return Refusal(
        "no_such_spot",
        Words("没有这个地点。", "There is no such place."),
        Words("从列表里重新选一个。", "Choose one from the list again."),
        field="place",
    )
