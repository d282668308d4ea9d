"""Between GeoJSON and shapely. What cannot be read is refused with a reason, never mended."""

import math
from dataclasses import dataclass, field
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.geometry.base import BaseGeometry

from yiwang.algorithms.coordinates import metres_per_degree
from yiwang.algorithms.words import Words

FEWEST_POSITIONS = 4  # RFC 7946, 3.1.6: a linear ring has four or more positions


@dataclass
class BrokenShape(Exception):
    """A geometry that is no polygon in degrees. ``geometry`` is what can still be drawn of it."""

    code: str
    what: Words
    todo: Words
    geometry: dict[str, Any] | None = field(default=None)

    def __str__(self) -> str:
        return f"{self.what} {self.todo}"


def read_shape(geometry: Any) -> BaseGeometry:
    """A shapely polygon from GeoJSON Polygon or MultiPolygon, heights dropped.

    Raises :class:`BrokenShape` for another type, an unclosed ring, too few positions, positions
    that are no numbers, or numbers that are no degrees. A ring that crosses itself is read: that
    is for :func:`problems` to show.
    """
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        raise BrokenShape(
            "not_polygon",
            Words("不是面（Polygon 或 MultiPolygon）。", "This is no Polygon or MultiPolygon."),
            Words("请只导出面图层。", "Export polygon layers only."),
        )
    parts = geometry.get("coordinates")
    parts = [parts] if kind == "Polygon" else parts
    if not isinstance(parts, list | tuple) or not parts:
        raise _empty()
    polygons = [_polygon(part) for part in parts]
    return polygons[0] if kind == "Polygon" else MultiPolygon(polygons)


def geojson(shape: BaseGeometry) -> dict[str, Any]:
    """GeoJSON of a shape, lists all through, coordinates as they are."""

    def lists(nested: Any) -> Any:
        return [lists(inner) for inner in nested] if isinstance(nested, list | tuple) else nested

    plain = mapping(shape)
    if "geometries" in plain:
        return {"type": plain["type"],
                "geometries": [geojson(part) for part in shape.geoms]}
    return {"type": plain["type"], "coordinates": lists(plain["coordinates"])}


def area_m2(shape: BaseGeometry) -> float:
    """Square metres of a shape in WGS-84 degrees; within 0.1 % for shapes up to a county's size."""
    if shape.is_empty:
        return 0.0
    south, north = shape.bounds[1], shape.bounds[3]
    east_m, north_m = metres_per_degree((south + north) / 2)
    return float(shape.area) * east_m * north_m


def _polygon(rings: Any) -> Polygon:
    if not isinstance(rings, list | tuple) or not rings:
        raise _empty()
    read = [_ring(ring) for ring in rings]
    return Polygon(read[0], read[1:])


def _ring(ring: Any) -> list[tuple[float, float]]:
    if not isinstance(ring, list | tuple):
        raise _empty()
    line = [_position(position) for position in ring]
    drawable = {"type": "LineString", "coordinates": [list(p) for p in line]}
    if line and line[0] != line[-1]:
        raise BrokenShape(
            "unclosed_ring",
            Words("边界没有闭合：首尾两点不同。", "The ring is not closed: its ends differ."),
            Words("请在最后重复第一个点。", "Repeat the first point at the end."),
            drawable if len(line) > 1 else None,
        )
    if len(line) < FEWEST_POSITIONS:
        raise BrokenShape(
            "too_few_points",
            Words("边界不足三个不同的点。", "The boundary has fewer than three points."),
            Words("请补全边界。", "Complete the boundary."),
            drawable if len(line) > 1 else None,
        )
    return line


def _position(position: Any) -> tuple[float, float]:
    try:
        lon, lat = float(position[0]), float(position[1])
    except (TypeError, ValueError, IndexError, KeyError, OverflowError):
        raise BrokenShape(
            "not_numbers",
            Words("坐标里有不是数字的内容。", "A coordinate is not a number."),
            Words("请检查坐标列。", "Check the coordinates."),
        ) from None
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise BrokenShape(
            "not_numbers",
            Words("坐标里有空值或无穷大。", "A coordinate is missing or infinite."),
            Words("请检查坐标列。", "Check the coordinates."),
        )
    if abs(lon) > 180 or abs(lat) > 90:
        raise _no_degrees(lon, lat)
    return lon, lat


def _no_degrees(lon: float, lat: float) -> BrokenShape:
    if abs(lon) <= 90 and abs(lat) <= 180:
        return BrokenShape(
            "swapped_axes",
            Words("经纬度好像写反了：{lon}，{lat}。", "Longitude and latitude look swapped: "
                  "{lon}, {lat}.").filled(lon=f"{lon:.6g}", lat=f"{lat:.6g}"),
            Words("请按“经度，纬度”的顺序。", "Give longitude first, then latitude."),
        )
    return BrokenShape(
        "not_degrees",
        Words("坐标不是经纬度：{lon}，{lat}。", "These are no degrees: {lon}, {lat}.").filled(
            lon=f"{lon:.8g}", lat=f"{lat:.8g}"
        ),
        Words("请先转成 CGCS2000 或 WGS-84 经纬度再导出。",
              "Reproject to CGCS2000 or WGS-84 degrees first."),
    )


def _empty() -> BrokenShape:
    return BrokenShape(
        "no_boundary",
        Words("没有边界坐标。", "There is no boundary."),
        Words("请补上边界，或在地图上画。", "Add it, or draw it on the map."),
    )


def polygons_of(shape: BaseGeometry) -> list[Polygon]:
    """The polygons within any shape; lines and points of an overlay are left out."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
