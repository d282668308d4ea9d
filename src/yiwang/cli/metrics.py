"""``yiwang metrics [NAME]``: the cockpit's figures, from the town's tables or out of a lake."""

import json
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .import_events import JSON, about, now, prepare
from .lake import need_lake

DAY = click.DateTime(["%Y-%m-%d"])


@click.command(help=about(
    "驾驶舱的全部指标或其中一个。来源：本系统的表（town），或数据湖（duckdb、spark）；"
    "同一口径，结果一位不差。",
    "The cockpit's figures, all or one: from this instance's tables (town) or out of lakes "
    "(duckdb, spark). One definition, the same digits."))  # fmt: skip
@click.argument("name", required=False, default="")
@click.option("--lake", "folders", multiple=True, metavar="FOLDER",
              type=click.Path(exists=True, file_okay=False, path_type=Path),
              help=about("数据湖文件夹，可多次给出：几个县一起看",
                         "a lake; may be given several times: counties read as one"))
@click.option("--engine", type=click.Choice(("town", "duckdb", "spark")),
              help=about("由谁来算；默认有湖用 duckdb，无湖用 town",
                         "who counts; duckdb where a lake is named, else town"))
@click.option("--master", default="spark://127.0.0.1:7077", show_default=True,
              envvar="SPARK_MASTER", metavar="URL", help=about("Spark 主节点", "Spark's master"))
@click.option("--since", type=DAY, help=about("起（含），默认本月一日", "first day"))
@click.option("--until", type=DAY, help=about("止（含），默认今天", "last day"))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
              help=about("站在哪一刻看，默认现在（北京时间）",
                         "the moment of looking, Beijing time; now unless said"))
@click.option("--from-cases", is_flag=True,
              help=about("不用每日小计，逐件重算", "count the cases anew, not their daily sums"))
@JSON
def metrics(name: str, folders: tuple[Path, ...], engine: str | None, master: str,
            since: datetime | None, until: datetime | None, as_of: datetime | None,
            from_cases: bool, as_json: bool) -> None:
    """Count, and print."""
    prepare()
    _check_known(name)
    engine = engine or ("duckdb" if folders else "town")
    period = _period(since, until, as_of)
    if (engine == "town") == bool(folders):
        raise click.UsageError(str(Words("town 不用 --lake，duckdb 和 spark 要。",
                                         "town takes no --lake, duckdb and spark need one.")))
    begun = time.monotonic()
    boards = _boards(engine, list(folders), master, period, from_cases)
    said = {"engine": engine, "since": str(period.since), "until": str(period.until),
            "as_of": period.at.isoformat(), "seconds": round(time.monotonic() - begun, 2),
            "practices": {code: _only(board.as_plain(), name) for code, board in boards.items()}}
    click.echo(json.dumps(said, ensure_ascii=False) if as_json else _shown(said))


def _period(since: datetime | None, until: datetime | None, as_of: datetime | None) -> Any:
    from yiwang.algorithms.working_time import ZONE
    from yiwang.kernel.records.metrics import Period

    at = as_of.replace(tzinfo=ZONE) if as_of else now().astimezone(ZONE)
    usual = Period.month_of(at)
    first, last = _day(since) or usual.since, _day(until) or usual.until
    if last < first:
        raise click.UsageError(str(Words("止不能早于起。", "The last day is before the first.")))
    return Period(first, last, at)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _boards(engine: str, folders: list[Path], master: str, period: Any, from_cases: bool) -> Any:
    from yiwang.kernel.practice import practices

    if engine == "town":
        from yiwang.kernel.lake.town import OPERATOR, board_in_town

        return {one.code: board_in_town(one, OPERATOR, period) for one in practices}
    need_lake()
    from yiwang.kernel.lake.answers import board_of_lake
    from yiwang.kernel.lake.engines import days_hold, on_duckdb, on_spark

    tables = on_spark(folders, master) if engine == "spark" else on_duckdb(folders)
    days = not from_cases and days_hold(folders, period.at)
    return {one.code: board_of_lake(tables, one, period, days=days) for one in practices}


def _only(board: dict[str, Any], name: str) -> dict[str, Any]:
    """The figure asked for; the whole board where none is."""
    if not name:
        return board
    return {"figures": [one for one in board["figures"] if one["code"] == name]}


def _check_known(name: str) -> None:
    from yiwang.kernel.practice import practices

    if name and name not in {metric.code for one in practices for metric in one.metrics}:
        raise Refusal("no_such_metric",
                      Words("没有指标 {it}。", "There is no metric {it}.").filled(it=name),
                      Words("指标见 docs/metrics.md。", "Metrics are listed in docs/metrics.md."))


def _shown(said: dict[str, Any]) -> str:
    from yiwang.kernel.practice import practices

    names = _names(said)
    lines = [f"{said['since']} – {said['until']}  {said['engine']}  {said['seconds']} s"]
    for board in said["practices"].values():
        for figure in board["figures"]:
            metric = practices.metric(figure["code"])
            value = "—" if figure["value"] is None else f"{figure['value']:,}"
            lines.append(f"{metric.title}  {value} {metric.unit.filled(n=figure['value'])}")
            lines += [_part(by, names.get(by, {}).get(one["key"], one["key"]), one["value"])
                      for by, parts in figure["by"].items() for one in parts]
    return "\n".join(lines)


def _part(by: str, name: Words | str, value: Any) -> str:
    from yiwang.shell.figures import PARTS

    return f"  {PARTS[by]} {name or '—'}  {'—' if value is None else value}"


def _names(said: dict[str, Any]) -> dict[str, dict[str, Words]]:
    """What parts are called here, by respect; a team of another county stays its id."""
    from yiwang.kernel.cases.names import team_names
    from yiwang.kernel.frameworks.queries import track_names
    from yiwang.kernel.ids import uuid_or_none
    from yiwang.kernel.reports.names import areas_named, kinds_named

    keys = [(by, one["key"]) for board in said["practices"].values()
            for figure in board["figures"] for by, parts in figure["by"].items() for one in parts]
    teams = team_names(found for by, key in keys if by in ("handler", "holder")
                       and (found := uuid_or_none(key)))
    return {"area": areas_named({key for by, key in keys if by == "area"}),
            "kind": kinds_named({key for by, key in keys if by == "kind"}),
            "track": dict(track_names(date.fromisoformat(said["until"]))),
            "handler": teams, "holder": teams}
