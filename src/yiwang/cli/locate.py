"""``yiwang locate``: rows of longitude and latitude to the chain of cells they lie in."""

import csv
import json
import os
import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import IO, Any, get_args

import click

from yiwang.algorithms.coordinates import Datum, to_wgs84
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .speaking import both

LON = ("lon", "lng", "longitude", "经度", "x")
LAT = ("lat", "latitude", "纬度", "y")
BATCH = 5_000  # rows located at once


def _about(zh: str, en: str) -> str:
    return both(Words(zh, en))


@click.command(help=_about(
    "给每行经纬度找网格：读 CSV（经度,纬度，可有表头），每行输出从大到小的网格编码。"
    "边界上的点归编码小的网格。",
    "Find the cells of each row of a CSV (lon,lat; headings allowed): codes from the widest to "
    "the finest. A point on a border belongs to the cell with the smallest code."))  # fmt: skip
@click.argument("file", type=click.File("rb"))
@click.option("--datum", type=click.Choice(get_args(Datum)), default="wgs84", show_default=True,
              help=_about("坐标系：天地图、GPS 用 wgs84，高德、微信用 gcj02，百度用 bd09",
                          "system: wgs84 (GPS, Tianditu), gcj02 (AMap, WeChat), bd09 (Baidu)"))
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY",
              help=_about("按哪一天的边界，默认今天", "boundaries of which day; today if not said"))
@click.option("--layer", default="governance", show_default=True,
              help=_about("图层", "layer"))
@click.option("--json", "as_json", is_flag=True, help=_about("给机器读", "for machines"))
def locate(
    file: IO[bytes], datum: Datum, day: datetime | None, layer: str, as_json: bool
) -> None:
    """Read, locate in batches, print one line a row; a row without numbers is named."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()
    from django.db import DatabaseError
    from django.utils.timezone import localdate

    rows = list(_rows(file.read()))
    on = day.date() if day else localdate()
    try:
        outside = sum(_print_batch(rows[i:i + BATCH], datum, on, layer, as_json)
                      for i in _progress(len(rows)))
    except DatabaseError:
        raise Refusal(
            "no_instance", Words("这里还没有一网的数据。", "There is no instance here yet."),
            Words("先运行 yiwang migrate 或 yiwang demo。", "Run yiwang migrate or yiwang demo."),
        ) from None
    click.echo(str(Words("{n} 行，{out} 行不在任何网格内。", "{n} rows, {out} in no cell.").filled(
        n=len(rows), out=outside)), err=True)


def _progress(total: int) -> Iterator[int]:
    """Starts of batches, with a bar where a person watches."""
    starts = range(0, total, BATCH)
    if not sys.stderr.isatty() or total <= BATCH:
        yield from starts
        return
    with click.progressbar(starts, file=sys.stderr, label=str(Words("定位", "locating"))) as bar:
        yield from bar


def _print_batch(
    rows: list[tuple[int, str, str]], datum: Datum, on: date, layer: str, as_json: bool
) -> int:
    from yiwang.kernel.places.locate import locate_all

    points = [_point(*row, datum) for row in rows]
    found = locate_all([p[0] for p in points], [p[1] for p in points], on=on, layer=layer)
    for (_, lon, lat), located in zip(rows, found, strict=True):
        said: Any = {"lon": lon, "lat": lat, "chain": list(located.chain)}
        click.echo(json.dumps(said) if as_json else f"{lon},{lat},{' '.join(located.chain)}")
    return sum(not located for located in found)


def _point(number: int, lon: str, lat: str, datum: Datum) -> tuple[float, float]:
    try:
        x, y = float(lon), float(lat)
        if not (abs(x) <= 180 and abs(y) <= 90):
            raise ValueError
    except ValueError:
        raise Refusal(
            "not_degrees",
            Words("第 {n} 行不是经纬度：{lon},{lat}", "Row {n} is no longitude and latitude: "
                  "{lon},{lat}").filled(n=number, lon=lon[:30], lat=lat[:30]),
            Words("每行写“经度,纬度”，如 121.87,29.89", "Write lon,lat, such as 121.87,29.89"),
        ) from None
    return to_wgs84(x, y, datum)


def _rows(raw: bytes) -> Iterator[tuple[int, str, str]]:
    """Row number, longitude and latitude as text; by heading, else the first two columns."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "replace")
    lon, lat = 0, 1
    for number, row in enumerate(csv.reader(text.splitlines()), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        heads = [cell.lower() for cell in cells]
        if number == 1 and any(h in LON for h in heads) and any(h in LAT for h in heads):
            lon = next(i for i, h in enumerate(heads) if h in LON)
            lat = next(i for i, h in enumerate(heads) if h in LAT)
            continue
        cells += [""] * (max(lon, lat) + 1 - len(cells))
        yield number, cells[lon], cells[lat]
