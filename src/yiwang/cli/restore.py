"""``yiwang restore``: put a backup in place, bring it up to date, and prove it."""

import json
import os
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiwang.algorithms.words import Words
from yiwang.cli.migrate import bring_up_to_date

if TYPE_CHECKING:
    from yiwang.kernel.cases.replay import Proof
    from yiwang.kernel.keeping.restore import Restored

SHOWN = 20  # faults told


@click.command()
@click.argument("backup", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--replace", is_flag=True,
              help="原有数据移到一旁再恢复 · move what is there aside, then restore")
@click.option("--json", "as_json", is_flag=True, help="给机器读 · for machines")
def restore(backup: Path, replace: bool, as_json: bool) -> None:
    """把备份 BACKUP 恢复到 YIWANG_DATA 并核验 · Restore BACKUP into YIWANG_DATA and prove it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()
    from django.utils import timezone

    from yiwang.kernel.cases.replay import prove
    from yiwang.kernel.keeping.backup import note_backup
    from yiwang.kernel.keeping.restore import restore_backup
    from yiwang.kernel.people.rules import SYSTEM

    began, at = time.monotonic(), timezone.now()
    restored = restore_backup(backup.resolve(), replace=replace, at=at)
    bring_up_to_date()
    note_backup("restore", backup.resolve().name, restored.manifest, by=SYSTEM, at=at)
    proof = prove()
    seconds = round(time.monotonic() - began, 2)
    _say_json(restored, proof, seconds) if as_json else _say(restored, proof, seconds)
    sys.exit(1 if proof.faults else 0)


def _say_json(restored: "Restored", proof: "Proof", seconds: float) -> None:
    click.echo(json.dumps({
        "seconds": seconds, "at": restored.manifest.at, "aside": restored.aside,
        "entries": proof.entries, "cases": proof.cases, "files": restored.manifest.files,
        "faults": [{"stream": f.stream, "seq": f.seq, "what": f.what} for f in proof.faults],
    }, ensure_ascii=False))


def _when(at: str) -> str:
    """The moment as people of the town read it."""
    from django.utils.timezone import localtime

    return f"{localtime(datetime.fromisoformat(at)):%Y-%m-%d %H:%M:%S}"


def _say(restored: "Restored", proof: "Proof", seconds: float) -> None:
    click.echo(str(Words(
        "已恢复到 {at} 的样子：{cases} 件案件，{entries} 条留痕，{files} 个附件，"
        "用时 {seconds:.1f} 秒；核验 {n} 处不符",
        "restored as of {at}: {cases} {cases:case|cases}, {entries} trail {entries:entry|entries}, "
        "{files} {files:attachment|attachments}, {seconds:.1f} s; {n} {n:fault|faults} found",
    ).filled(at=_when(restored.manifest.at), cases=proof.cases, entries=proof.entries,
             files=restored.manifest.files, seconds=seconds, n=len(proof.faults))))
    if restored.aside:
        click.echo(str(Words("原有的放在 {aside}，确认无误后自行删除。",
                             "What was there before is in {aside}; delete it when you are sure.")
                       .filled(aside=", ".join(restored.aside))))
    for fault in proof.faults[:SHOWN]:
        click.echo(f"  {fault.stream} #{fault.seq}: {fault.what}", err=True)
