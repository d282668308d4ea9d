"""Address points with households, as towns have them: CSV or GeoJSON, read row by row.

Imported by the command line, so what is heavy is imported where it is used.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from yiwang.algorithms.coordinates import Datum, to_wgs84
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

if TYPE_CHECKING:
    from yiwang.algorithms.districting.proposal import Address

LON = ("lon", "lng", "longitude", "经度", "x")
LAT = ("lat", "latitude", "纬度", "y")
HOUSEHOLDS = ("households", "household", "户数", "户", "住户")
NAME = ("name", "building", "名称", "楼栋", "小区")
MOST_HOUSEHOLDS = 100_000  # at one point
SHOWN = 5  # bad rows told
Read = tuple[int, Any, Any, Any, Any]


def read_addresses(file_name: str, raw: bytes, datum: Datum) -> "list[Address]":
    """Every row as an address; raises ``Refusal`` that names the rows that are none."""
    from yiwang.algorithms.districting.proposal import Address

    rows = _features(raw) if file_name.lower().endswith((".json", ".geojson")) else _rows(raw)
    found, bad = [], []
    for number, lon, lat, households, name in rows:
        try:
            point, count = (float(lon), float(lat)), float(households)
            whole = count == int(count) and 0 <= count <= MOST_HOUSEHOLDS
            if not (whole and abs(point[0]) <= 180 and abs(point[1]) <= 90):
                raise ValueError(households)
        except (TypeError, ValueError, OverflowError):
            bad.append(number)
            continue
        found.append(Address(*to_wgs84(*point, datum), int(count), str(name or "")))
    if bad:
        raise _bad_rows(bad)
    return found


def _bad_rows(bad: list[int]) -> Refusal:
    return Refusal("bad_rows", Words(
        "{n} 行读不出：第 {rows} 行。", "{n} {n:row|rows} not read: {rows}.").filled(
        n=len(bad), rows=", ".join(map(str, bad[:SHOWN])) + ("…" if len(bad) > SHOWN else "")),
        Words("每行要有经度、纬度和整数户数。",
              "Each row needs longitude, latitude and a whole number of households."),
        field="file")


def _features(raw: bytes) -> Iterator[Read]:
    try:
        features = json.loads(raw.decode("utf-8-sig"))["features"]
        for number, feature in enumerate(features, start=1):
            held = {str(key).lower(): value for key, value in feature["properties"].items()}
            lon, lat = (feature["geometry"]["coordinates"] if feature["geometry"]["type"] == "Point"
                        else (None, None))[:2]
            yield number, lon, lat, _first(held, HOUSEHOLDS), _first(held, NAME)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refusal("not_geojson", Words("不是点的 GeoJSON 要素集。",
                                           "This is no GeoJSON collection of points."),
                      field="file") from None


def _first(held: dict[str, Any], names: Iterable[str]) -> Any:
    return next((held[name] for name in names if name in held), None)


def _rows(raw: bytes) -> Iterator[Read]:
    from .importing.records import decoded

    reader = csv.DictReader(decoded(raw)[0].splitlines())
    heads = {str(head).strip().lower(): head for head in _headed(reader)}
    lon, lat, households, name = (_first(heads, names)
                                  for names in (LON, LAT, HOUSEHOLDS, NAME))
    if None in (lon, lat, households):
        raise Refusal("no_columns", Words(
            "缺少经度、纬度或户数列。", "Longitude, latitude or households is missing."), Words(
            "表头写 lon,lat,households 或 经度,纬度,户数。",
            "Head the columns lon,lat,households."), field="file")
    try:
        for number, row in enumerate(reader, start=2):
            yield number, row[lon], row[lat], row[households], row[name] if name else ""
    except csv.Error:
        raise _bad_rows([reader.line_num]) from None


def _headed(reader: "csv.DictReader[str]") -> Iterable[str]:
    try:
        return reader.fieldnames or ()
    except csv.Error:
        return ()
