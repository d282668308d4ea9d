"""GeoJSON: a FeatureCollection, a Feature, or a list of features."""

import json
from typing import Any

from yiwang.algorithms.words import Words

from .records import GBK_NOTE, Fault, FileRead, Record, decoded, named, unreadable

GEOGRAPHIC = ("CRS84", "4326", "4490")  # WGS-84 and CGCS2000, in degrees


def read_geojson(raw: bytes) -> FileRead:
    """One record a feature, numbered from 1. Raises ``Refusal`` where it is no GeoJSON."""
    text, was_gbk = decoded(raw)
    parsed = _parsed(text)
    features = _features(parsed)
    if isinstance(parsed, dict):
        _check_crs(parsed.get("crs"))
    return FileRead(
        [_record(i, feature) for i, feature in enumerate(features, start=1)],
        [GBK_NOTE] if was_gbk else [],
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as wrong:
        raise unreadable(
            Words("不是完整的 JSON：第 {line} 行第 {column} 列。",
                  "This is no complete JSON: line {line}, column {column}.").filled(
                line=wrong.lineno, column=wrong.colno),
            Words("文件可能没有传完，请重新导出。", "It may be cut off; export it again."),
        ) from None
    except (RecursionError, ValueError):
        raise unreadable(
            Words("JSON 嵌套太深或数字太长。", "The JSON is too deep, or a number too long."),
            Words("请重新导出为 GeoJSON。", "Export it again as GeoJSON."),
        ) from None


def _features(parsed: Any) -> list[Any]:
    if isinstance(parsed, dict) and parsed.get("type") == "Feature":
        return [parsed]
    found = parsed.get("features") if isinstance(parsed, dict) else parsed
    if not isinstance(found, list):
        raise unreadable(
            Words("不是 GeoJSON：没有 features。", "This is no GeoJSON: it has no features."),
            Words("请导出为 GeoJSON FeatureCollection。", "Export a GeoJSON FeatureCollection."),
        )
    return found


def _check_crs(crs: Any) -> None:
    """The member of the 2008 format: refused where it names another system than degrees."""
    if not isinstance(crs, dict):
        return
    properties = crs.get("properties")
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if name and not name.endswith(GEOGRAPHIC):
        raise unreadable(
            Words("坐标系是 {name}，不是经纬度。", "The system is {name}, not degrees.").filled(
                name=name[:60]),
            Words("请转成 CGCS2000（EPSG:4490）或 WGS-84 再导出。",
                  "Reproject to CGCS2000 (EPSG:4490) or WGS-84 first."),
        )


def _record(number: int, feature: Any) -> Record:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        fault = Fault(number, "geometry",
                      Words("不是一个要素（Feature）。", "This is no Feature."),
                      Words("请重新导出。", "Export it again."))
        return Record(number, {}, None, (fault,))
    properties = feature.get("properties")
    values = named(properties) if isinstance(properties, dict) else {}
    if "code" not in values and feature.get("id") is not None:
        values["code"] = feature["id"]
    return Record(number, values, feature.get("geometry"))
