"""Cells of a small made village, and the files somebody would send of them."""

import io
import json
import zipfile
from typing import Any

import shapefile
import xlsxwriter
from shapely.geometry import box

from yiwang.algorithms.polygons import geojson

VILLAGE = "330206005208"
E0, N0, STEP = 121.87, 29.89, 0.002
GEOGRAPHIC = ('GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
              'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
              'UNIT["Degree",0.0174532925199433]]')


def square(col: float, row: float = 0, wide: float = 1) -> dict[str, Any]:
    """A square of about 200 m, ``col`` squares east and ``row`` north of the corner."""
    return geojson(box(E0 + col * STEP, N0 + row * STEP, E0 + (col + wide) * STEP,
                       N0 + (row + 1) * STEP))


def feature(code: Any, geometry: Any, name: str = "书院村网格", **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"编码": code, "名称": name, **more},
            "geometry": geometry}


def geojson_bytes(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features, **more},
                      ensure_ascii=False).encode()


def shapefile_bytes(
    *cells: tuple[str, str, dict[str, Any]], encoding: str = "utf-8", prj: str = GEOGRAPHIC,
    heights: bool = False,
) -> bytes:
    parts = {name: io.BytesIO() for name in ("shp", "dbf", "shx")}
    kind = shapefile.POLYGONZ if heights else shapefile.POLYGON
    with shapefile.Writer(**parts, shapeType=kind, encoding=encoding) as writer:
        writer.field("BM", "C", size=24)
        writer.field("名称", "C", size=40)
        for code, name, geometry in cells:
            rings = [ring[::-1] for ring in geometry["coordinates"]]
            if heights:
                writer.polyz([[[*p, 3.0] for p in ring] for ring in rings])
            else:
                writer.poly(rings)
            writer.record(code, name)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for ending, part in parts.items():
            archive.writestr(f"网格/wangge.{ending}", part.getvalue())
        if prj:
            archive.writestr("网格/wangge.prj", prj)
    return packed.getvalue()


def workbook_bytes(*rows: list[Any], merge: tuple[int, int, int, int] | None = None) -> bytes:
    packed = io.BytesIO()
    with xlsxwriter.Workbook(packed, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        if merge:
            sheet.merge_range(*merge, rows[merge[0]][merge[1]])
    return packed.getvalue()


def pairs(geometry: dict[str, Any]) -> str:
    return ";".join(f"{lon},{lat}" for lon, lat in geometry["coordinates"][0][:-1])
