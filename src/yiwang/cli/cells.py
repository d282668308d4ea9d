"""``yiwang cells``: ``check`` says what is wrong with a file, before anybody imports it."""

import json
import os
from pathlib import Path
from typing import Any, get_args

import click

from yiwang.algorithms.coordinates import Datum
from yiwang.algorithms.words import Words

from .cells_propose import propose
from .speaking import Context, both


def _about(zh: str, en: str) -> str:
    return both(Words(zh, en))


@click.group(help=_about("网格文件", "files of cells"))
def cells() -> None:
    """The group; its commands follow."""


cells.context_class = Context
cells.add_command(propose)


@cells.command(help=_about(
    "检查网格文件（GeoJSON、Shapefile zip、XLSX）：每个坏行、自相交、重叠、空隙都列出，不改文件。"
    "有问题时退出码为 1。",
    "Check a file of cells (GeoJSON, zipped shapefile, XLSX): every bad row, crossing, overlap "
    "and gap is listed, nothing is mended. Exit code 1 where there is any."))  # fmt: skip
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--datum", type=click.Choice(get_args(Datum)), default="wgs84", show_default=True,
              help=_about("坐标系：wgs84、gcj02（高德）、bd09（百度）",
                          "system: wgs84, gcj02 (AMap), bd09 (Baidu)"))
@click.option("--layer", default="governance", show_default=True, help=_about("图层", "layer"))
@click.option("--json", "as_json", is_flag=True, help=_about("给机器读", "for machines"))
@click.pass_context
def check(ctx: click.Context, file: Path, datum: Datum, layer: str, as_json: bool) -> None:
    """Preview the file as an import would, against nothing but itself."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()
    from yiwang.kernel.places.importing import preview_cells

    found = preview_cells(file.name, file.read_bytes(), datum=datum, layer=layer)
    report = _plain(found)
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else _said(found))
    if found.bad or found.problems:
        ctx.exit(1)


check.context_class = Context


def _said(found: Any) -> str:
    lines = [str(note) for note in found.notes]
    for row in found.bad:
        said = Words("第 {n} 行 {code}：{what}{todo}", "Row {n} {code}: {what} {todo}")
        lines += [str(said.filled(
            n=row.number, code=row.outline.code[:24], what=fault.what, todo=fault.todo))
            for fault in row.faults]
    lines += [f"{problem.what} {problem.todo}" for problem in found.problems if not problem.blocks]
    summary = Words("{n} 行，{bad} 行不能导入，{p} 处图形问题。",
                    "rows: {n}, of these not importable: {bad}; problems of shape: {p}.")
    lines.append(str(summary.filled(
        n=len(found.rows), bad=len(found.bad), p=len(found.problems))))
    return "\n".join(lines)


def _plain(found: Any) -> dict[str, Any]:
    return {
        "rows": len(found.rows),
        "bad": [
            {"row": fault.row, "field": fault.field, "what": fault.what.as_json(),
             "todo": fault.todo.as_json()}
            for row in found.bad for fault in row.faults
        ],
        "problems": [
            {"code": p.code, "cells": list(p.cells), "rows": list(p.rows),
             "what": p.what.as_json(), "area_m2": p.area_m2, "blocks": p.blocks,
             "geometry": p.geometry}
            for p in found.problems
        ],
        "notes": [note.as_json() for note in found.notes],
    }
