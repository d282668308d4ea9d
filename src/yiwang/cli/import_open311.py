"""``yiwang import open311 FILE``: requests of another Open311 endpoint, from a file or its address.

Exit codes as for ``import events``: 0 all are in, 1 some were rejected, 2 file or usage is wrong.
"""

import sys
from pathlib import Path
from typing import Any

import click

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .import_events import (
    AREA,
    BROKEN,
    JSON,
    PREFIX,
    REJECTED,
    SOURCE,
    about,
    now,
    prepare,
    report,
    run_through,
    say_refusal,
)

DAY = click.DateTime(["%Y-%m-%d"])


@click.command(help=about(
    "导入别处 Open311 的事项：JSON 行、JSON 数组（可 .gz），或接口地址 https://…/open311/v2。"
    "按对方编号认，重复导入不重复建案，中断后再运行就接着导。不认识的服务记在该来源自己的类别表里。",
    "Bring in requests of another Open311 endpoint: JSON lines, a JSON array (either may be .gz), "
    "or its address https://…/open311/v2. Known by their ids: sent again they change nothing, and "
    "after a break it goes on. Unknown services become classes of the source's own list."))
@click.argument("file")
@SOURCE
@AREA
@PREFIX
@click.option("--list", "kind_list", default="", metavar="LIST", help=about(
    "新来源自己的类别表代号", "the code of a new source's own class list"))
@click.option("--since", type=DAY, help=about("从接口取：从哪天起", "from an address: since"))
@click.option("--until", type=DAY, help=about("从接口取：到哪天止", "from an address: until"))
@click.option("--rejected", type=click.Path(dir_okay=False, path_type=Path), help=about(
    "被拒的行写到这个 CSV", "write rejected rows to this CSV"))
@JSON
def open311(file: str, since: Any, until: Any, rejected: Path | None, as_json: bool,
            **source: str) -> int:
    """Import, and say what became of every request."""
    prepare()
    try:
        run = _import(_path_of(file, since, until), file, source, quiet=as_json)
    except Refusal as refusal:
        say_refusal(refusal, as_json)
        return BROKEN
    report(run, rejected, as_json)
    return REJECTED if run.rejected else 0


def _path_of(file: str, since: Any, until: Any) -> Path:
    """The file as JSON lines; an address is read into one first."""
    from yiwang.practices.events.importing.open311_fetch import fetched
    from yiwang.practices.events.importing.open311_file import unpacked

    if file.startswith(("http://", "https://")):
        return fetched(file, since=since, until=until or now(), tell=_tell)
    if not Path(file).is_file():
        raise Refusal("import_gone", Words("没有“{file}”这个文件。", "There is no file “{file}”."
                                           ).filled(file=file[:200]), field="file")
    return unpacked(Path(file).resolve())


def _tell(count: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{count:,}", nl=False, err=True)


def _import(path: Path, name: str, source: dict[str, str], *, quiet: bool) -> Any:
    from yiwang.kernel.people.rules import SYSTEM
    from yiwang.practices.events.importing import running
    from yiwang.practices.events.importing.open311 import OPEN311
    from yiwang.practices.events.importing.open311_services import own_list
    from yiwang.practices.events.importing.sources import chosen_source
    from yiwang.practices.events.importing.uploads import drop_upload

    at = now()
    run = running.receive_file(path, file_name=Path(name).name, by=SYSTEM, at=at)
    try:
        chosen = chosen_source(source["source"], run.layout["headers"], area=source["area"],
                               prefix=source["prefix"], kind_list=source["kind_list"])
        own_list(chosen, on=at.date())
        run = running.begin(run, source=chosen, mapping=OPEN311, by=SYSTEM, at=at)
    except Refusal:
        run.delete()
        raise
    run = run_through(run, quiet=quiet)
    drop_upload(run)
    return run
