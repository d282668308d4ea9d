"""``yiwang lake export FOLDER``: the cases of this instance as Parquet, brought up to date."""

import json
import time
from pathlib import Path

import click

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .import_events import JSON, about, now, prepare
from .speaking import Context


@click.group(help=about("数据湖", "the lake of figures"))
def lake() -> None:
    """The group; its commands follow."""


lake.context_class = Context


@lake.command(help=about(
    "把案件导出成 Parquet（按县和月分区），只重写有变化的月份；重复运行或中途被杀都不会重复。"
    "不含任何个人信息。",
    "Export cases as Parquet by county and month; only months that changed are written anew. "
    "Safe to repeat and to kill. Holds nothing personal."))  # fmt: skip
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@JSON
def export(folder: Path, as_json: bool) -> None:
    """Export, and say what was written."""
    prepare()
    need_lake()
    from yiwang.kernel.lake.export import export as export_to

    since = time.monotonic()
    try:
        done = export_to(folder, at=now())
    except OSError as problem:
        raise cannot_write(folder, problem) from problem
    seconds = round(time.monotonic() - since, 2)
    if as_json:
        click.echo(json.dumps({
            "months": done.months, "parts": done.parts, "cases": done.cases,
            "whole": done.whole, "seconds": seconds}))
        return
    click.echo(str(Words(
        "重写 {months} 个月；湖中共 {cases} 件案件、{parts} 个分区（{seconds} 秒）。",
        "{months} {months:month|months} written; the lake holds {cases} {cases:case|cases} in "
        "{parts} {parts:part|parts} ({seconds} s).").filled(
        months=len(done.months), cases=done.cases, parts=done.parts, seconds=seconds)))


export.context_class = Context


def cannot_write(folder: Path, problem: OSError) -> Refusal:
    """What is told about a full or a read-only disk."""
    return Refusal(
        "lake_not_written",
        Words("写不进 {it}：{why}。", "Cannot write to {it}: {why}.").filled(
            it=folder, why=problem.strerror),
        Words("已写的不会丢，游标没有前移。腾出空间或改权限后再运行一次。",
              "Nothing is lost and the cursor has not moved. Make room or mend the rights, then "
              "run it again."))


def need_lake() -> None:
    """Refuse in words where the extra is not installed."""
    try:
        import duckdb  # noqa: F401
        import ibis  # noqa: F401
        import pyarrow as pa  # noqa: F401
    except ImportError:
        raise Refusal(
            "no_lake_packages",
            Words("没有安装数据湖所需的包。", "The packages of the lake are not installed."),
            Words("运行 pip install 'yiwang[lake]'。",
                  "Run pip install 'yiwang[lake]'.")) from None
