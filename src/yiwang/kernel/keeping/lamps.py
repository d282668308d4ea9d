"""How an instance stands, as lamps: an administrator's page and ``yiwang status`` show them."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection

from yiwang.algorithms.words import Words
from yiwang.kernel.records.models import OutboxMessage

from . import rules
from .keys import instance_of
from .logs import days_of
from .manifest import KEYS, Kept, Manifest, backups_in
from .rules import KEEPING, Lamp

HOUR = 3600


@dataclass(frozen=True, slots=True)
class Shown:
    """One lamp: what it is about, what it says, and its number for machines."""

    code: str
    lamp: Lamp
    title: Words
    says: Words
    value: float | None = None


def lamps(*, at: datetime) -> list[Shown]:
    """Database, background work, disk, backup, logs. None of it names a person or a case."""
    database = _database()
    waiting = [_waiting(at)] if database.lamp == "ok" else []
    return [database, *waiting, _disk(), _backup(at), _logs(at)]


def _database() -> Shown:
    title = Words("数据库", "Database")
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return Shown("database", "bad", title, Words("没有回答", "does not answer"), 0)
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    says = Words("{name} 正常", "{name} answers").filled(name=names[connection.vendor])
    return Shown("database", "ok", title, says, 1)


def _waiting(at: datetime) -> Shown:
    """How long the oldest event has waited for its listeners."""
    title = Words("后台事务", "Background work")
    oldest = (OutboxMessage.objects.filter(delivered_at__isnull=True).order_by("id")
              .values_list("at", flat=True).first())
    if oldest is None:
        return Shown("waiting", "ok", title, Words("没有积压", "nothing waits"), 0)
    age = max(at - oldest, timedelta())
    says = Words("最早一条已等 {minutes} 分钟", "the oldest event has waited {minutes} min").filled(
        minutes=age // timedelta(minutes=1))
    return Shown("waiting", rules.age_lamp(age, KEEPING.waits, KEEPING.waits_long), title, says,
                 age.total_seconds())


def _disk() -> Shown:
    """The disk that holds the data folder."""
    used = shutil.disk_usage(settings.DATA)
    share = used.free / used.total
    says = Words("剩 {free:.1f} GB（{share:.0%}）", "{free:.1f} GB free ({share:.0%})").filled(
        free=used.free / 1e9, share=share)
    lamp = rules.room_lamp(share) if os.access(settings.DATA, os.W_OK) else "bad"
    return Shown("disk", lamp, Words("磁盘", "Disk"), says, used.free)


def _backup(at: datetime) -> Shown:
    title = Words("备份", "Backup")
    target: Path | None = settings.BACKUP
    if target is None:
        return Shown("backup", "warn", title, Words(
            "没有设每夜备份（YIWANG_BACKUP）", "no nightly backup is set up (YIWANG_BACKUP)"))
    kept = backups_in(target, instance_of(Path(settings.DATA) / KEYS))
    if not kept:
        return Shown("backup", "bad", title, Words("还没有一份", "there is none yet"))
    age = max(at - kept[0].at, timedelta())
    lamp = rules.age_lamp(age, KEEPING.late, KEEPING.too_late)
    says = _said(age, len(kept), target)
    wrong = _wrong_with(kept[0])
    if wrong is not None:
        return Shown("backup", "bad", title, wrong, age.total_seconds())
    return Shown("backup", lamp, title, says, age.total_seconds())


def _logs(at: datetime) -> Shown:
    """Where the logs are, how far back they go; red where they cannot be written."""
    folder = Path(settings.LOGS)
    title, held = Words("日志", "Logs"), days_of(folder)
    if not held:
        none = Words("{folder} 里还没有", "none yet in {folder}")
        return Shown("logs", "warn", title, none.filled(folder=folder))
    age = max((at.date() - held[0]).days, 0)
    says = Words("{folder}，最早 {day}，留 {kept} 天",
                 "{folder}, since {day}, kept {kept} days").filled(
        folder=folder, day=held[0], kept=settings.LOG_DAYS)
    return Shown("logs", "ok" if os.access(folder, os.W_OK) else "bad", title, says, age)


def _said(age: timedelta, count: int, target: Path) -> Words:
    hours = int(age.total_seconds()) // HOUR
    says = Words("最近一份在 {hours} 小时前，共 {n} 份",
                 "the newest is {hours} h old; {n} {n:is|are} kept").filled(hours=hours, n=count)
    if os.stat(settings.DATA).st_dev == os.stat(target).st_dev:
        more = Words("；与数据同在一块盘上", "; on the same disk as the data")
        return Words(says.zh + more.zh, says.en + more.en)
    return says


def _wrong_with(newest: Kept) -> Words | None:
    """What the newest backup says is not right; None where all is."""
    try:
        manifest = Manifest.read(newest.folder)
    except (OSError, ValueError, TypeError, KeyError):
        return Words("最近一份读不了", "the newest cannot be read")
    count = len(manifest.missing) + len(manifest.damaged)
    return Words("最近一份里有 {n} 个附件缺失或损坏",
                 "{n} {n:attachment|attachments} missing or damaged in the newest").filled(
        n=count) if count else None
