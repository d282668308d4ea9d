"""``yiwang cells propose``: address points with households to balanced, contiguous micro-grids."""

import json
import os
from pathlib import Path
from typing import Any, get_args

import click

from yiwang.algorithms.coordinates import Datum
from yiwang.algorithms.words import Words
from yiwang.kernel.places.addresses import read_addresses

from .speaking import Context, both

MOST_POINTS = 20_000  # own choice: a grid has some hundreds; beyond it laying out takes minutes


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
    from yiwang.kernel.places.proposals.dividing import check_spots, inside, no_division

    addresses = read_addresses(file.name, file.read_bytes(), datum)
    boundary = None
    outside = 0
    if grid:
        boundary = _boundary(grid)
        addresses, outside = inside(boundary, addresses)
    check_spots(addresses, parts, MOST_POINTS)
    try:
        found = divided(addresses, parts, boundary=boundary, seed=seed,
                        limits=Limits(seconds=seconds))
    except ValueError as wrong:
        raise no_division(wrong) from None
    told = {**_told(found, addresses, outside, seed), **_today(grid, found, addresses)}
    if out is not None:
        out.write_text(json.dumps(_drawn(found), ensure_ascii=False), encoding="utf-8")
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _said(told))


propose.context_class = Context


def _boundary(grid: str) -> Any:
    """The grid's boundary today."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()
    from django.utils.timezone import localdate

    from yiwang.algorithms.polygons.shapes import read_shape
    from yiwang.kernel.places.proposals.today import grid_shape

    return read_shape(grid_shape(grid, localdate()).geometry)


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
    from yiwang.kernel.places.proposals.today import as_today

    spots = [(one.lon, one.lat, one.households) for one in addresses]
    today = as_today(grid, spots, localdate())
    return {"today": {
        "cells": today.cells, "in_no_cell": today.without,
        "balance": round(balance(list(today.cells.values())), 4) if today.cells else None,
        "moved": moved(today.code_of, found.part_of, [one.households for one in addresses])}}


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
