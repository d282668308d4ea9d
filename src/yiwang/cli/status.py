"""``yiwang status``: how the instance stands: database, background work, disk, backup."""

import json
import os
import sys

import click

from yiwang.algorithms.words import Words

SHAPES = {"ok": "●", "warn": "▲", "bad": "✗", "idle": "○"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="给机器读 · for machines")
def status(as_json: bool) -> None:
    """看这一套好不好；有红灯时退出码 1 · How this instance stands; exits with 1 on a red lamp."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()
    from django.utils import timezone

    import yiwang
    from yiwang.kernel.keeping.lamps import lamps

    found = lamps(at=timezone.now())
    red = any(one.lamp == "bad" for one in found)
    if as_json:
        click.echo(json.dumps({
            "version": yiwang.__version__, "ok": not red,
            "lamps": {one.code: {"lamp": one.lamp, "value": one.value, "says": str(one.says)}
                      for one in found},
        }, ensure_ascii=False))
    else:
        click.echo(f"{Words('一网', 'Yiwang')} {yiwang.__version__}")
        for one in found:
            click.echo(f"  {SHAPES[one.lamp]} {one.title}{Words('：', ': ')}{one.says}")
    sys.exit(1 if red else 0)
