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
from yiwang.kernel.places.addresses import LAT, LON

from .speaking import both

BATCH = 5_000  # rows located at once
SUMMARY = Words("{n} 行，{out} 行不在任何网格内，{bad} 行读不出。",
                "{n} {n:row|rows}, {out} in no cell, {bad} not read.")
Numbered = tuple[int, str, str]  # row number, longitude and latitude as text


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
    """Read, locate in batches, print one line a row; rows without numbers are named, and 1 is told.
    """
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()
    from django.utils.timezone import localdate

    rows = list(_rows(file.read()))
    on = day.date() if day else localdate()
    batches = [_print_batch(rows[i:i + BATCH], datum, on, layer, as_json)
               for i in _progress(len(rows))]
    outside, bad = sum(out for out, _ in batches), sum(wrong for _, wrong in batches)
    click.echo(str(SUMMARY.filled(n=len(rows), out=outside, bad=bad)), err=True)
    sys.exit(1 if bad else 0)


def _progress(total: int) -> Iterator[int]:
    """Starts of batches, with a bar where a person watches."""
    starts = range(0, total, BATCH)
    if not sys.stderr.isatty() or total <= BATCH:
        yield from starts
        return
    with click.progressbar(starts, file=sys.stderr, label=str(Words("定位", "locating"))) as bar:
        yield from bar


def _print_batch(
    rows: list[Numbered], datum: Datum, on: date, layer: str, as_json: bool
) -> tuple[int, int]:
    """Print the rows in their order; how many lie in no cell, and how many make no point."""
    from yiwang.kernel.places.locate import locate_all

    points = [_point(lon, lat, datum) for _, lon, lat in rows]
    good = [point for point in points if point is not None]
    found = iter(locate_all([x for x, _ in good], [y for _, y in good], on=on, layer=layer))
    outside = 0
    for row, point in zip(rows, points, strict=True):
        located = next(found) if point is not None else None
        outside += located is not None and not located
        _print_row(row, located, as_json)
    return outside, len(rows) - len(good)


def _print_row(row: Numbered, located: Any, as_json: bool) -> None:
    """One line a row; a row that makes no point is told on standard error, and in JSON."""
    number, lon, lat = row
    chain = list(located.chain) if located is not None else []
    said: Any = {"lon": lon, "lat": lat, "chain": chain}
    if located is None:
        wrong = NOT_DEGREES.filled(n=number, lon=lon[:30], lat=lat[:30])
        click.echo(str(wrong), err=True)
        said |= {"row": number, "error": str(wrong)}
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    elif located is not None:
        click.echo(f"{lon},{lat},{' '.join(chain)}")


NOT_DEGREES = Words(
    "第 {n} 行不是经纬度：{lon},{lat}。每行写“经度,纬度”，如 121.87,29.89",
    "Row {n} is no longitude and latitude: {lon},{lat}. Write lon,lat, such as 121.87,29.89",
)


def _point(lon: str, lat: str, datum: Datum) -> tuple[float, float] | None:
    """The point in WGS-84; none where the texts are no degrees."""
    try:
        x, y = float(lon), float(lat)
    except ValueError:
        return None
    return to_wgs84(x, y, datum) if abs(x) <= 180 and abs(y) <= 90 else None


def _rows(raw: bytes) -> Iterator[Numbered]:
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
