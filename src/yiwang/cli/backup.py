"""``yiwang backup``: a copy of everything an instance owns, taken while it goes on."""

import json
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiwang.algorithms.words import Words
from yiwang.config import env
from yiwang.kernel.errors import Refusal

if TYPE_CHECKING:
    from yiwang.kernel.keeping.backup import Taken

SHOWN = 3  # attachments named of many that are missing


@click.command()
@click.argument("target", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--no-keys", is_flag=True, help="不放密钥，另行保管 · leave the keys out")
@click.option("--json", "as_json", is_flag=True, help="给机器读 · for machines")
def backup(target: Path | None, no_keys: bool, as_json: bool) -> None:
    """在 TARGET 里做一份备份（默认 YIWANG_BACKUP） · Back up into TARGET (else YIWANG_BACKUP)."""
    folder = target or _configured()
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()
    from django.utils import timezone

    from yiwang.kernel.keeping.backup import take_backup
    from yiwang.kernel.people.rules import SYSTEM

    began = time.monotonic()
    with_keys = not no_keys and env.read("YIWANG_BACKUP_KEYS") == "1"
    taken = take_backup(folder.resolve(), with_keys=with_keys, by=SYSTEM, at=timezone.now())
    seconds = round(time.monotonic() - began, 2)
    if as_json:
        click.echo(json.dumps(_figures(taken, seconds), ensure_ascii=False))
    else:
        _say(taken, seconds)
    sys.exit(1 if taken.manifest.missing or taken.manifest.damaged else 0)


def _configured() -> Path:
    folder = env.read("YIWANG_BACKUP")
    if not folder:
        raise Refusal(
            "no_target", Words("没有说备份到哪里。", "Nobody said where the backup goes."),
            Words("yiwang backup 文件夹，或设 YIWANG_BACKUP。",
                  "yiwang backup FOLDER, or set YIWANG_BACKUP."))
    return Path(folder).expanduser()


def _figures(taken: "Taken", seconds: float) -> dict[str, object]:
    it = taken.manifest
    return {
        "folder": str(taken.folder), "seconds": seconds, "database": it.database,
        "database_size": it.database_size, "files": it.files, "files_new": it.files_new,
        "files_size": it.files_size, "entries": it.trail.entries, "trail": it.trail.digest,
        "cases": it.counts.get("kernel_case", 0), "keys": it.keys_included,
        "missing": it.missing, "damaged": it.damaged,
        "removed": [str(folder) for folder in taken.removed],
    }


def _say(taken: "Taken", seconds: float) -> None:
    it = taken.manifest
    click.echo(str(Words(
        "已备份到 {folder}\n  {cases} 件案件，{entries} 条留痕，数据库 {size:.1f} MB，"
        "附件 {files} 个（新 {new} 个），用时 {seconds:.1f} 秒，移除旧备份 {gone} 份",
        "backed up to {folder}\n  {cases} {cases:case|cases}, {entries} trail "
        "{entries:entry|entries}, database {size:.1f} MB, {files} {files:attachment|attachments} "
        "({new} new), {seconds:.1f} s, {gone} older {gone:backup|backups} removed",
    ).filled(folder=str(taken.folder), cases=it.counts.get("kernel_case", 0),
             entries=it.trail.entries, size=it.database_size / 1e6, files=it.files,
             new=it.files_new, seconds=seconds, gone=len(taken.removed))))
    click.echo(str(_keys(it.keys_included)))
    for words, names in (
        (Words("缺失的附件 {n} 个：{names}", "{n} {n:attachment|attachments} missing: {names}"),
         it.missing),
        (Words("损坏的附件 {n} 个：{names}", "{n} {n:attachment|attachments} damaged: {names}"),
         it.damaged),
    ):
        if names:
            said = words.filled(n=len(names), names=", ".join(names[:SHOWN]))
            click.echo(str(said), err=True)


def _keys(included: bool) -> Words:
    if included:
        return Words("  含密钥：拿到它就能读出封存的个人信息，请放在加密、上锁的地方。",
                     "  the keys are in it: whoever has it can read the sealed personal data. "
                     "Keep it encrypted and locked away.")
    return Words("  不含密钥：请把数据文件夹里的 keys 另行保管，没有它恢复不了。",
                 "  the keys are not in it: keep the folder “keys” of the data folder elsewhere; "
                 "nothing can be restored without it.")
