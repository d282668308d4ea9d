"""``yiwang report monthly``: the monthly report of the command room as a file, or as figures."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import click

from yiwang.algorithms.words import LANGUAGES, Words, reading_language
from yiwang.kernel.errors import Refusal

from .speaking import Context, both


def _about(zh: str, en: str) -> str:
    return both(Words(zh, en))


@click.group(help=_about("月报", "reports"))
def report() -> None:
    """The group; its commands follow."""


report.context_class = Context


@report.command(help=_about(
    "编制一个月的月报（草稿，不编号）：按后缀写成 DOCX 或 PDF；不给 --out 就说要点。",
    "Make the report of a month (a draft, without a number): DOCX or PDF by the file's ending; "
    "without --out its figures are told."))  # fmt: skip
@click.option("--month", required=True, metavar="2026-10", help=_about("月份", "month"))
@click.option("--area", default="", metavar="CODE", help=_about(
    "单位编码，默认本镇街", "code of the unit; the instance's town if not said"))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
              help=_about("写到 .docx 或 .pdf", "write a .docx or a .pdf"))
@click.option("--author", default="", help=_about("编制人，印在末尾", "who prepared it"))
@click.option("--language", type=click.Choice(LANGUAGES),
              help=_about("文件的语言，默认所选语言", "language of the file; the one chosen"))
@click.option("--json", "as_json", is_flag=True, help=_about("给机器读", "for machines"))
def monthly(month: str, area: str, out: Path | None, author: str, language: Any,
            as_json: bool) -> None:
    """Count, write, print; nothing is stored and no number is taken."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    if out is not None and out.suffix not in (".docx", ".pdf"):
        raise Refusal("report_form", Words("文件名要以 .docx 或 .pdf 结尾。",
                                           "The file's name must end in .docx or .pdf."))
    django.setup()
    document = _made(month, area, author)
    if out is not None:
        from yiwang.shell.web.reports import file_of

        out.write_bytes(file_of(document, out.suffix[1:], language or reading_language()))
    click.echo(_plain(document) if as_json else _said(document, out))


monthly.context_class = Context


def _made(month: str, area: str, author: str) -> Any:
    from django.utils import timezone

    from yiwang.kernel.people.rules import Actor, Grant
    from yiwang.kernel.reports.actions import month_asked
    from yiwang.kernel.reports.making import PRACTICE, draft
    from yiwang.kernel.reports.queries import the_town

    at = timezone.localtime()
    asked, unit = month_asked(month, at), area or the_town()
    reader = Actor("cli", author, (Grant("cli", frozenset({"figures.view"}), unit),))
    return draft(reader, PRACTICE, unit, asked, at=at, tell=_tell)


def _tell(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done} / {total}", nl=done == total, err=True)


def _plain(document: Any) -> str:
    from yiwang.kernel.reports.document import as_json

    return json.dumps(as_json(document), ensure_ascii=False)


def _said(document: Any, out: Path | None) -> str:
    """The title and what stands in sentences; where the file lies."""
    from yiwang.kernel.reports.document import Heading, Paragraph

    parts = [block.text for block in document.blocks if isinstance(block, Heading | Paragraph)]
    lines = [str(document.title), *(str(part) for part in parts)] if out is None else [
        str(document.title), str(Words("已写入 {out}", "written to {out}").filled(out=out))]
    return "\n".join(lines)
