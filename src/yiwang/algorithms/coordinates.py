"""Coordinate systems used in China, and lengths on the ground. Degrees in and out, lon before lat.

WGS-84 and CGCS2000 (天地图) differ by centimetres and are treated as one. GCJ-02 (高德, 腾讯,
微信) shifts points within China's box by some hundred metres; BD-09 (百度) shifts GCJ-02 again.
The formulas are the published reverse-engineered ones (see PRCoords); inverses are iterated
until they stand still, so a round trip stays below 1e-9 degrees (0.1 mm). Outside the box
GCJ-02 equals WGS-84.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Literal

Datum = Literal["wgs84", "gcj02", "bd09"]
Point = tuple[float, float]

DATUMS: tuple[Datum, ...] = ("wgs84", "gcj02", "bd09")

CHINA_WEST, CHINA_EAST = 72.004, 137.8347  # degrees; the box of GCJ-02
CHINA_SOUTH, CHINA_NORTH = 0.8293, 55.8271

_GCJ_AXIS = 6378245.0  # metres, semi-major axis of Krasovsky 1940, as GCJ-02 uses it
_GCJ_FLAT = 0.00669342162296594323  # squared eccentricity of the same
_WGS_AXIS = 6378137.0  # metres, WGS-84
_WGS_FLAT = 6.69437999014e-3  # squared eccentricity of WGS-84
_BD_TURN = math.pi * 3000 / 180
_BD_EAST, _BD_NORTH = 0.0065, 0.006  # degrees
_STILL = 1e-12  # degrees; 0.1 micrometre
_MOST_ROUNDS = 30


def in_china_box(lon: float, lat: float) -> bool:
    """Whether GCJ-02 shifts this point at all. Neighbouring countries lie in the box too."""
    return CHINA_WEST <= lon <= CHINA_EAST and CHINA_SOUTH <= lat <= CHINA_NORTH


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """The shifted position; the point itself outside China's box."""
    if not in_china_box(lon, lat):
        return lon, lat
    return _shifted(lon, lat)


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """The true position of a GCJ-02 point; itself outside China's box."""
    if not in_china_box(lon, lat):
        return lon, lat
    return _undo(_shifted, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    """百度's second shift."""
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BD_TURN)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BD_TURN)
    return radius * math.cos(angle) + _BD_EAST, radius * math.sin(angle) + _BD_NORTH


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    """The second shift taken back."""
    return _undo(gcj02_to_bd09, lon, lat)


def to_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """A point of ``datum`` in WGS-84; raises ``ValueError`` for a datum that is not known."""
    if datum == "wgs84":
        return lon, lat
    if datum == "gcj02":
        return gcj02_to_wgs84(lon, lat)
    if datum == "bd09":
        return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))
    raise ValueError(f"no such datum: {datum!r}")


def from_wgs84(lon: float, lat: float, datum: Datum) -> Point:
    """A WGS-84 point in ``datum``; raises ``ValueError`` for a datum that is not known."""
    if datum == "wgs84":
        return lon, lat
    if datum == "gcj02":
        return wgs84_to_gcj02(lon, lat)
    if datum == "bd09":
        return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))
    raise ValueError(f"no such datum: {datum!r}")


def convert(lon: float, lat: float, *, source: Datum, target: Datum) -> Point:
    """A point of one datum in another."""
    if source == target:
        return lon, lat
    return from_wgs84(*to_wgs84(lon, lat, source), target)


def convert_geometry(geometry: dict[str, Any], *, source: Datum, target: Datum) -> dict[str, Any]:
    """A GeoJSON geometry in another datum; heights are kept as they are."""
    if source == target:
        return geometry

    def turn(nested: Any) -> Any:
        if nested and isinstance(nested[0], int | float):
            return [*convert(nested[0], nested[1], source=source, target=target), *nested[2:]]
        return [turn(inner) for inner in nested]

    return {**geometry, "coordinates": turn(geometry["coordinates"])}


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres in a degree of longitude and in one of latitude at ``lat``, on WGS-84."""
    sine = math.sin(math.radians(lat))
    curve = 1 - _WGS_FLAT * sine * sine
    east = _WGS_AXIS / math.sqrt(curve) * math.cos(math.radians(lat))
    north = _WGS_AXIS * (1 - _WGS_FLAT) / curve**1.5
    return math.radians(east), math.radians(north)


def distance_m(first: Point, second: Point) -> float:
    """Metres between two WGS-84 points; within 0.01 % up to 50 km, the size of a town."""
    east, north = metres_per_degree((first[1] + second[1]) / 2)
    return math.hypot((first[0] - second[0]) * east, (first[1] - second[1]) * north)


def length_m(line: list[Point]) -> float:
    """Metres along a line of WGS-84 points."""
    return sum(distance_m(here, there) for here, there in pairwise(line))


def _undo(shift: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """The point that ``shift`` moves to here; shifts change slowly, so walking back converges."""
    guess_lon, guess_lat = lon, lat
    for _ in range(_MOST_ROUNDS):
        there_lon, there_lat = shift(guess_lon, guess_lat)
        off_lon, off_lat = lon - there_lon, lat - there_lat
        guess_lon, guess_lat = guess_lon + off_lon, guess_lat + off_lat
        if abs(off_lon) < _STILL and abs(off_lat) < _STILL:
            break
    return guess_lon, guess_lat


def _shifted(lon: float, lat: float) -> Point:
    x, y = lon - 105.0, lat - 35.0
    curve = 1 - _GCJ_FLAT * math.sin(math.radians(lat)) ** 2
    north = _north_shift(x, y) / math.radians(_GCJ_AXIS * (1 - _GCJ_FLAT) / curve**1.5)
    width = _GCJ_AXIS / math.sqrt(curve) * math.cos(math.radians(lat))
    return lon + _east_shift(x, y) / math.radians(width), lat + north


def _waves(x: float) -> float:
    return (20 * math.sin(6 * math.pi * x) + 20 * math.sin(2 * math.pi * x)) * 2 / 3


def _north_shift(x: float, y: float) -> float:
    """Metres a point is moved north."""
    metres = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + _waves(x)
    metres += (20 * math.sin(y * math.pi) + 40 * math.sin(y / 3 * math.pi)) * 2 / 3
    metres += (160 * math.sin(y / 12 * math.pi) + 320 * math.sin(y / 30 * math.pi)) * 2 / 3
    return metres


def _east_shift(x: float, y: float) -> float:
    """Metres a point is moved east."""
    metres = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + _waves(x)
    metres += (20 * math.sin(x * math.pi) + 40 * math.sin(x / 3 * math.pi)) * 2 / 3
    metres += (150 * math.sin(x / 12 * math.pi) + 300 * math.sin(x / 30 * math.pi)) * 2 / 3
    return metres
