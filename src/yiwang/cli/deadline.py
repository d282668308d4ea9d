"""``yiwang deadline``: when a term falls due, and how that was counted."""

import json
from contextlib import suppress
from datetime import datetime
from typing import Any, BinaryIO

import click

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import (
    ZONE,
    Calendar,
    ClockKind,
    Deadline,
    OfficeHours,
    TermError,
    announced_calendar,
    derivation,
    due,
    due_words,
    parse_year_file,
    provisional_words,
)

from .speaking import both

FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")
KINDS = "、".join(f"{kind.value.replace('_', '-')} {kind.label.zh}" for kind in ClockKind)
KINDS_EN = ", ".join(kind.value.replace("_", "-") for kind in ClockKind)


def _about(zh: str, en: str) -> str:
    return both(Words(zh, en))


def _kind(_ctx: click.Context, _param: click.Parameter, text: str) -> ClockKind:
    try:
        return ClockKind.named(text)
    except TermError as wrong:
        raise click.BadParameter(both(wrong.what)) from None


def _moment(_ctx: click.Context, _param: click.Parameter, text: str) -> datetime:
    for shape in FORMATS:
        with suppress(ValueError):
            return datetime.strptime(text.strip(), shape).replace(tzinfo=ZONE)
    raise click.BadParameter(_about("时间写成 2022-03-11 16:30", "a time reads 2022-03-11 16:30"))


@click.command(help=_about(
    "算一个时限到何时为止，并逐段说明怎么算的：调休、节假日、午休、年份未公布，都写出来。",
    "When a term falls due, and how it was counted, run by run: make-up workdays, holidays, "
    "lunch, years not announced yet."))  # fmt: skip
@click.option("--kind", required=True, metavar="KIND", callback=_kind,
              help=_about(f"时限单位：{KINDS}", f"kind of clock: {KINDS_EN}"))
@click.option("--from", "start", required=True, metavar="TIME", callback=_moment, help=_about(
    "起算时间，如 \"2022-03-11 16:30\"（北京时间）", "start, as \"2022-03-11 16:30\" (UTC+8)"))
@click.option("--amount", required=True, type=float, metavar="N", help=_about(
    "几小时或几天", "how many hours or days"))
@click.option("--hours", default="08:00-12:00,14:00-18:00", show_default=True, metavar="SPANS",
              help=_about("上班时间", "office hours"))
@click.option("--year-file", type=click.File("rb"), multiple=True, help=_about(
    "新公布的年份文件（holiday-cn 格式），可多个", "a year's announcement (holiday-cn JSON)"))
@click.option("--json", "as_json", is_flag=True, help=_about("给机器读", "for machines"))
def deadline(
    kind: ClockKind,
    start: datetime,
    amount: float,
    hours: str,
    year_file: tuple[BinaryIO, ...],
    as_json: bool,
) -> None:
    """Count, and print the due moment and its derivation."""
    calendar = _calendar([file.read(1_000_000) for file in year_file])
    found = due(kind, start, amount, calendar, OfficeHours.parse(hours))
    click.echo(json.dumps(_plain(found), ensure_ascii=False) if as_json else _said(found))


def _calendar(files: list[bytes]) -> Calendar:
    calendar = announced_calendar()
    for text in files:
        calendar = parse_year_file(text).merged(calendar)
    return calendar


def _said(found: Deadline) -> str:
    mark = Words("（暂定）", " (provisional)") if found.provisional else ""
    return f"{due_words(found)}{mark}\n{derivation(found)}"


def _plain(found: Deadline) -> dict[str, Any]:
    return {
        "kind": found.kind.value,
        "from": found.start.isoformat(),
        "amount": found.amount,
        "due_at": found.due_at.isoformat(),
        "due": due_words(found).as_json(),
        "provisional": found.provisional,
        "note": provisional_words(found).as_json(),
        "derivation": derivation(found).as_json(),
    }
