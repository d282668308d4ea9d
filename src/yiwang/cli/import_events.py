"""``yiwang import events FILE``: foreign events come in, all rows or each rejected row named.

Exit codes: 0 all rows are in, 1 some rows were rejected, 2 the file or the usage is wrong.
"""

import gc
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .commands import Entry
from .group import LazyGroup
from .speaking import both

SHOWN = 10  # rejected rows named on the terminal; all of them are in the file
REJECTED, BROKEN = 1, 2


def about(zh: str, en: str) -> str:
    """A help text in both languages."""
    return both(Words(zh, en))


EVENTS = {
    "events": Entry("yiwang.cli.import_events:events", Words(
        "导入外部系统的事件", "bring in events of another system")),
    "open311": Entry("yiwang.cli.import_open311:open311", Words(
        "导入别处 Open311 的事项", "bring in requests of another Open311 endpoint")),
}


@click.group("import", cls=LazyGroup, table=EVENTS, help=about(
    "导入数据。", "Bring data in."))
def imports() -> None:
    """A group of its own, for what may follow."""


def prepare() -> None:
    """Start Django, once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    import django

    django.setup()


def now() -> datetime:
    """The present moment."""
    from django.utils import timezone

    return timezone.now()


FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
SOURCE = click.option("--source", default="", metavar="NAME", help=about(
    "来自哪个系统；以前导入过的按列名认", "which system; known by its columns once imported"))
AREA = click.option("--area", default="", metavar="CODE", help=about(
    "新来源的辖区，如 330206005", "area of a new source, such as 330206005"))
PREFIX = click.option("--prefix", default="", metavar="XP", help=about(
    "新来源的编号字头", "what case numbers of a new source begin with"))
LIST = click.option("--list", "kind_list", default="", metavar="LIST", help=about(
    "新来源的类别表，如 GB2021", "class list of a new source, such as GB2021"))
MAP = click.option("--map", "mapping", default="", metavar="COLUMN=FIELD,…", help=about(
    "列的对应，如 rec_id=number,create_time=opened；不给就按列名猜",
    "columns, as rec_id=number,create_time=opened; guessed by name if not given"))
JSON = click.option("--json", "as_json", is_flag=True, help=about("给机器读", "for machines"))


@click.command(help=about(
    "导入外部系统的事件：CSV（UTF-8、GB18030）、表格文件、JSON 行。同一编号以最后一行为准；"
    "中断后再运行就接着导。退出码 0 全部导入，1 有行被拒，2 文件或用法不对。",
    "Bring in events of another system: CSV (UTF-8, GB18030), workbooks, JSON lines. The last "
    "row of a number wins; run it again after a break and it goes on. Exit code 0: all rows are "
    "in, 1: some were rejected, 2: the file or the usage is wrong."))  # fmt: skip
@FILE
@SOURCE
@AREA
@PREFIX
@LIST
@MAP
@click.option("--as-open", is_flag=True, help=about(
    "当作待派的新案件，不带结果", "as cases still to be dispatched, without their outcome"))
@click.option("--dry-run", is_flag=True, help=about("只预览，不写入", "preview only"))
@click.option("--rejected", type=click.Path(dir_okay=False, path_type=Path), help=about(
    "被拒的行写到这个 CSV", "write rejected rows to this CSV"))
@JSON
def events(file: Path, mapping: str, as_open: bool, dry_run: bool, rejected: Path | None,
           as_json: bool, **source: str) -> int:
    """Import, and say what became of every row."""
    prepare()
    try:
        if dry_run:
            return _preview(file, mapping, source, as_json)
        run = _import(file, mapping, source, as_open=as_open, quiet=as_json)
    except Refusal as refusal:
        say_refusal(refusal, as_json)
        return BROKEN
    report(run, rejected, as_json)
    return REJECTED if run.rejected else 0


def _import(file: Path, mapping: str, source: dict[str, str], *, as_open: bool, quiet: bool) -> Any:
    from yiwang.kernel.people.rules import SYSTEM
    from yiwang.practices.events.importing import running

    run = running.receive_file(file.resolve(), file_name=file.name, by=SYSTEM, at=now())
    try:
        chosen, columns = settle(run.layout["headers"], mapping, source)
        run = running.begin(run, source=chosen, mapping=columns, as_open=as_open, by=SYSTEM,
                            at=now())
    except Refusal:
        run.delete()
        raise
    return run_through(run, quiet=quiet)


def settle(headers: list[str], mapping: str, source: dict[str, str]) -> tuple[Any, dict[str, str]]:
    """The source, saved, and the columns: as given, else as last time, else guessed by name."""
    from yiwang.practices.events.importing import fields
    from yiwang.practices.events.importing.sources import chosen_source

    chosen = chosen_source(source["source"], headers, area=source["area"],
                           prefix=source["prefix"], kind_list=source["kind_list"])
    known = chosen.mapping if set(chosen.mapping) <= set(headers) else {}
    columns = fields.parse_mapping(mapping) or known or fields.guess_mapping(headers)
    fields.check_mapping(columns, headers)
    chosen.save()
    return chosen, columns


def run_through(run: Any, *, quiet: bool) -> Any:
    """The run, to its end, with a bar on a terminal."""
    from yiwang.kernel.people.rules import SYSTEM
    from yiwang.practices.events.importing import running

    gc.freeze()
    gc.set_threshold(100_000, 50, 50)  # a million objects and hardly a cycle: a tenth of the time
    feed, names = running.Feed(), running.names_for(run, SYSTEM)
    with click.progressbar(
        length=run.total, file=sys.stderr, hidden=quiet or not sys.stderr.isatty(),
        label=str(Words("导入", "importing")),
    ) as bar:
        bar.update(run.position)
        while run.state == run.State.RUNNING:
            before = run.position
            run = running.advance(run, by=SYSTEM, at=now(), feed=feed, names=names)
            bar.update(run.position - before)
    return run


def _preview(file: Path, mapping: str, source: dict[str, str], as_json: bool) -> int:
    from yiwang.practices.events.importing.preview import preview

    found = preview(file, mapping=mapping, source=source["source"])
    if as_json:
        click.echo(json.dumps(found.as_json(), ensure_ascii=False))
        return REJECTED if found.bad else 0
    for header, field, example in found.columns:
        click.echo(f"  {header} → {field or '—'}  {example}")
    click.echo(str(found.summary))
    for row, problem in found.problems[:SHOWN]:
        click.echo(problem_line(row, problem), err=True)
    return REJECTED if found.bad else 0


def report(run: Any, rejected: Path | None, as_json: bool) -> None:
    """What became of the rows, and why the first of the rejected ones were."""
    from yiwang.practices.events.importing.rejects import problems_of, rejected_table

    if rejected is not None and run.rejected:
        with rejected.open("w", encoding="utf-8", newline="") as table:
            table.writelines(rejected_table(run))
    if as_json:
        click.echo(json.dumps(counts_of(run), ensure_ascii=False))
        return
    click.echo(str(SUMMARY.filled(**counts_of(run))))
    for reject in run.rejects.order_by("row")[:SHOWN]:
        for problem in problems_of(reject):
            click.echo(problem_line(reject.row, problem), err=True)
    if run.rejected > SHOWN:
        click.echo(str(MORE.filled(n=run.rejected - SHOWN)), err=True)


SUMMARY = Words(
    "{rows} 行：新增 {added}，更新 {changed}，无变化 {unchanged}，同号在前而让位 {superseded}，"
    "被拒 {rejected}。",
    "{rows} {rows:row|rows}: {added} added, {changed} changed, {unchanged} unchanged, "
    "{superseded} given up for a later row of the same number, {rejected} rejected.",
)
MORE = Words("还有 {n} 行被拒；用 --rejected 文件.csv 全部写出。",
             "{n} more rejected; --rejected FILE.csv writes all of them.")


def counts_of(run: Any) -> dict[str, Any]:
    """What became of the rows, for machines."""
    names = ("added", "changed", "unchanged", "superseded", "rejected")
    return {"run": str(run.pk), "rows": run.total, **{name: getattr(run, name) for name in names}}


def problem_line(row: int, problem: Any) -> str:
    """``第 7 行 上报时间：…``."""
    said = Words("第 {row} 行 {column}：{what} {todo}", "Row {row} {column}: {what} {todo}")
    return str(said.filled(row=row, column=problem.column, what=problem.what, todo=problem.todo))


def say_refusal(refusal: Refusal, as_json: bool) -> None:
    """Why nothing came in, and what to do."""
    if as_json:
        click.echo(json.dumps({"code": refusal.code, "what": refusal.what.as_json(),
                               "todo": refusal.todo.as_json()}, ensure_ascii=False))
    click.echo(str(refusal), err=True)
