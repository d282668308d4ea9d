"""``yiwang cells propose``: address points with households to balanced, contiguous micro-grids."""

import csv
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, get_args

import click

from yiwang.algorithms.coordinates import Datum, to_wgs84
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .locate import LAT, LON
from .speaking import Context, both

HOUSEHOLDS = ("households", "household", "户数", "户", "住户")
NAME = ("name", "building", "名称", "楼栋", "小区")
MOST_POINTS = 20_000  # own choice: a grid has some hundreds; beyond it laying out takes minutes
MOST_HOUSEHOLDS = 100_000  # at one point
SHOWN = 5  # bad rows told


def _about(zh: str, en: str) -> str:
    return both(Words(zh, en))


@click.command(help=_about(
    "提出微网格划分：读地址点和户数（CSV 或 GeoJSON），分成相连、户数均衡的若干片；"
    "说明均衡到什么程度、任何分法都越不过的下限，并与现状比较。只提方案，不改网格。",
    "Propose micro-grids: address points with households (CSV or GeoJSON) to contiguous parts of "
    "even size; says the balance reached, the bound no division beats, and what would change. "
    "It proposes, and changes no cell."))  # fmt: skip
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--parts", type=click.IntRange(1, 999), required=True,
              help=_about("分成几片", "how many parts"))
@click.option("--grid", default="", metavar="CODE",
              help=_about("只在这个网格的边界内，并与其现有微网格比较",
                          "within this grid's boundary, compared with its micro-grids"))
@click.option("--datum", type=click.Choice(get_args(Datum)), default="wgs84", show_default=True,
              help=_about("坐标系：wgs84、gcj02（高德）、bd09（百度）",
                          "system: wgs84, gcj02 (AMap), bd09 (Baidu)"))
@click.option("--seed", type=int, default=1, show_default=True, help=_about("随机种子", "seed"))
@click.option("--seconds", type=click.FloatRange(0.1, 3600), default=10.0, show_default=True,
              help=_about("最多算几秒", "the most it searches"))
@click.option("--json", "as_json", is_flag=True, help=_about("给机器读", "for machines"))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              help=_about("方案写成 GeoJSON", "write the parts as GeoJSON"))
def propose(file: Path, parts: int, grid: str, datum: Datum, seed: int, seconds: float,
            as_json: bool, out: Path | None) -> None:
    """Read, divide, tell."""
    from yiwang.algorithms.districting.proposal import propose as divided
    from yiwang.algorithms.districting.search import Limits

    addresses = read_addresses(file, datum)
    boundary = None
    outside = 0
    if grid:
        boundary = _boundary(grid)
        outside, addresses = _within(boundary, addresses)
    _check(addresses, parts)
    try:
        found = divided(addresses, parts, boundary=boundary, seed=seed,
                        limits=Limits(seconds=seconds))
    except ValueError as wrong:
        raise Refusal("no_division", Words(f"分不成：{wrong}。", f"It cannot be divided: {wrong}.")
                      ) from None
    told = {**_told(found, addresses, outside, seed), **_today(grid, found, addresses)}
    if out is not None:
        out.write_text(json.dumps(_drawn(found), ensure_ascii=False), encoding="utf-8")
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _said(told))


propose.context_class = Context


def read_addresses(file: Path, datum: Datum) -> list[Any]:
    """Every row as an address; raises ``Refusal`` that names the rows that are none."""
    from yiwang.algorithms.districting.proposal import Address

    rows = _features(file) if file.suffix.lower() in (".json", ".geojson") else _rows(file)
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
        raise Refusal("bad_rows", Words(
            "{n} 行读不出：第 {rows} 行。", "{n} {n:row|rows} not read: {rows}.").filled(
            n=len(bad), rows=", ".join(map(str, bad[:SHOWN]))), Words(
            "每行要有经度、纬度和整数户数。",
            "Each row needs longitude, latitude and a whole number of households."))
    return found


Read = tuple[int, Any, Any, Any, Any]


def _features(file: Path) -> Iterator[Read]:
    try:
        features = json.loads(file.read_text(encoding="utf-8-sig"))["features"]
        for number, feature in enumerate(features, start=1):
            held = {str(key).lower(): value for key, value in feature["properties"].items()}
            lon, lat = (feature["geometry"]["coordinates"] if feature["geometry"]["type"] == "Point"
                        else (None, None))[:2]
            yield number, lon, lat, _first(held, HOUSEHOLDS), _first(held, NAME)
    except (ValueError, KeyError, TypeError, AttributeError, UnicodeDecodeError):
        raise Refusal("not_geojson", Words("不是点的 GeoJSON 要素集。",
                                           "This is no GeoJSON collection of points.")) from None


def _first(held: dict[str, Any], names: Iterable[str]) -> Any:
    return next((held[name] for name in names if name in held), None)


def _rows(file: Path) -> Iterator[Read]:
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    reader = csv.DictReader(text.splitlines())
    heads = {str(head).strip().lower(): head for head in reader.fieldnames or ()}
    lon, lat, households, name = (_first(heads, names)
                                  for names in (LON, LAT, HOUSEHOLDS, NAME))
    if None in (lon, lat, households):
        raise Refusal("no_columns", Words(
            "缺少经度、纬度或户数列。", "Longitude, latitude or households is missing."), Words(
            "表头写 lon,lat,households 或 经度,纬度,户数。",
            "Head the columns lon,lat,households."))
    for number, row in enumerate(reader, start=2):
        yield number, row[lon], row[lat], row[households], row[name] if name else ""


def _check(addresses: list[Any], parts: int) -> None:
    spots = len({(one.lon, one.lat) for one in addresses})
    if not parts <= spots <= MOST_POINTS:
        raise Refusal("points", Words(
            "有 {n} 个不同的点，要在 {parts} 到 {most} 之间。",
            "There are {n} distinct points; {parts} to {most} are wanted.").filled(
            n=spots, parts=parts, most=MOST_POINTS))


def _boundary(grid: str) -> Any:
    """The grid's boundary today."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()
    from django.utils.timezone import localdate

    from yiwang.algorithms.polygons.shapes import read_shape
    from yiwang.kernel.places.queries import shape_of

    shape = shape_of(grid, localdate())
    if shape is None:
        raise Refusal("no_grid", Words("没有网格 {code}，或它没有边界。",
                                       "There is no cell {code}, or it has no boundary.").filled(
            code=grid[:24]), Words("用 yiwang migrate 建库后导入网格。", "Import the cells first."))
    return read_shape(shape.geometry)


def _within(boundary: Any, addresses: list[Any]) -> tuple[int, list[Any]]:
    import shapely

    inside = shapely.covers(boundary, shapely.points([(one.lon, one.lat) for one in addresses]))
    kept = [one for one, held in zip(addresses, inside, strict=True) if held]
    return len(addresses) - len(kept), kept


def _told(found: Any, addresses: list[Any], outside: int, seed: int) -> dict[str, Any]:
    return {
        "addresses": len(addresses), "outside": outside, "seed": seed,
        "households": sum(one.households for one in addresses),
        "parts": [{"households": part.households, "addresses": part.addresses,
                   "compactness": round(part.compactness, 3)} for part in found.parts],
        "heaviest": found.heaviest, "bound": found.least, "balance": round(found.balance, 4),
        "contiguous": found.contiguous, "part_of": list(found.part_of),
    }


def _today(grid: str, found: Any, addresses: list[Any]) -> dict[str, Any]:
    """The micro-grids as they stand: their balance, and how many households would change."""
    if not grid:
        return {}
    from django.utils.timezone import localdate

    from yiwang.algorithms.districting.proposal import balance, moved
    from yiwang.kernel.places.locate import locate_all

    located = locate_all([one.lon for one in addresses], [one.lat for one in addresses],
                         on=localdate())
    cells = [one.micro for one in located]
    loads: dict[str, int] = {}
    for code, one in zip(cells, addresses, strict=True):
        loads[code] = loads.get(code, 0) + one.households
    without = loads.pop("", 0)
    return {"today": {
        "cells": loads, "in_no_cell": without,
        "balance": round(balance(list(loads.values())), 4) if loads else None,
        "moved": moved(cells, found.part_of, [one.households for one in addresses])}}


def _drawn(found: Any) -> dict[str, Any]:
    from yiwang.algorithms.polygons.shapes import geojson

    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": geojson(part.shape),
         "properties": {"part": number, "households": part.households,
                        "addresses": part.addresses}}
        for number, part in enumerate(found.parts, start=1)]}


def _said(told: dict[str, Any]) -> str:
    yes = Words("是", "yes") if told["contiguous"] else Words("否", "no")
    lines = [Words(
        "{n} 个地址 {h} 户（界外 {out} 个不计），分成 {parts} 片：最大一片 {most} 户，"
        "为均数的 {balance} 倍；任何分法最大一片不少于 {bound} 户；每片相连：{yes}。",
        "{n} {n:address|addresses}, {h} households ({out} outside, left out), {parts} parts: the "
        "largest has {most}, {balance} of the even share; no division has a largest below {bound}; "
        "each in one piece: {yes}.").filled(
        n=told["addresses"], h=told["households"], out=told["outside"], parts=len(told["parts"]),
        most=told["heaviest"], balance=told["balance"], bound=told["bound"], yes=yes)]
    lines += [Words("第 {n} 片：{h} 户，{a} 个地址，紧凑度 {c}",
                    "part {n}: {h} households, {a} addresses, compactness {c}").filled(
        n=number, h=part["households"], a=part["addresses"], c=part["compactness"])
        for number, part in enumerate(told["parts"], start=1)]
    if "today" in told:
        lines.append(Words(
            "现状 {n} 个微网格，最大为均数的 {balance} 倍；按此方案有 {moved} 户换格。",
            "Today {n} micro-grids, the largest {balance} of the even share; by this proposal "
            "{moved} households change cells.").filled(
            n=len(told["today"]["cells"]), balance=told["today"]["balance"],
            moved=told["today"]["moved"]))
    return "\n".join(map(str, lines))
