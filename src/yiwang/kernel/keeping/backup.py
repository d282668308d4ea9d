"""Taking a backup: one moment of the database, every attachment, the keys, a manifest.

The database comes first and the attachments after it: a file is on the disk before the row that
names it, so each row of the copy finds its file.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

import yiwang
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records import trail

from . import figures, postgres_copy, sqlite_copy
from .attachments import Copied, copy_files, size_to_copy
from .disk import alone, check_room, draft_of
from .figures import Ask
from .keys import copy_keys, fingerprints, instance_of
from .manifest import DATABASE, KEYS, LIST, Kept, Manifest, backups_in, digest_of_file, name_of
from .rules import staying

STREAM = "backups"
LOCK = ".lock"
TABLES = {"sqlite": sqlite_copy.TABLES, "postgresql": postgres_copy.TABLES}


@dataclass(frozen=True, slots=True)
class Taken:
    """A finished backup: where it is, what it says of itself, which older ones went."""

    folder: Path
    manifest: Manifest
    removed: tuple[Path, ...]


def take_backup(target: Path, *, with_keys: bool = True, by: Actor, at: datetime) -> Taken:
    """Write a backup below ``target`` while the instance goes on, and let old ones go.

    Raises ``Refusal`` where there is no room, no program, another backup under way, or damage.
    """
    with alone(target / LOCK, _busy(target)):
        _forget_drafts(target)
        instance = instance_of(_keys())
        older = backups_in(target, instance)
        folder = target / name_of(instance, at)
        if folder.exists():
            raise _busy(target)
        before = older[0].folder if older else None
        check_room(target, _database_size() + size_to_copy(Path(settings.FILES), before))
        with draft_of(folder) as draft:
            manifest = _write(draft, before, with_keys=with_keys, at=at)
        removed = _let_go(backups_in(target, instance))
    note_backup("backup", folder.name, manifest, by=by, at=at)
    return Taken(folder, manifest, removed)


@transaction.atomic
def note_backup(verb: str, name: str, manifest: Manifest, *, by: Actor, at: datetime) -> None:
    """The trail remembers that a copy of everything was made, or taken back, and by whom."""
    trail.append(STREAM, verb=verb, by=by.ref, at=at, note={
        "name": name, "entries": manifest.trail.entries, "keys": manifest.keys_included})


def _write(draft: Path, before: Path | None, *, with_keys: bool, at: datetime) -> Manifest:
    vendor = connection.vendor
    database = draft / DATABASE[vendor]
    with _copied(database) as (ask, version):
        tables = [name for (name,) in ask(TABLES[vendor])]
        counts, kept = figures.counts(ask, tables), figures.trail_of(ask)
        migrations, named = figures.migrations_of(ask), set(figures.stored_digests(ask))
    copied = copy_files(Path(settings.FILES), draft, before, turn=at.toordinal())
    if with_keys:
        copy_keys(_keys(), draft / KEYS)
    manifest = Manifest(
        instance=instance_of(_keys()), at=at.astimezone(UTC).isoformat(),
        program=yiwang.__version__, database=vendor, database_version=version,
        database_size=database.stat().st_size, database_digest=digest_of_file(database),
        files=len(copied.digests), files_size=copied.size, files_new=copied.new,
        files_digest=digest_of_file(draft / LIST), trail=kept, counts=counts,
        migrations=migrations, keys=fingerprints(_keys()), keys_included=with_keys,
        missing=_missing(named, copied), damaged=copied.damaged)
    manifest.write(draft)
    return manifest


@contextmanager
def _copied(target: Path) -> Iterator[tuple[Ask, str]]:
    """The database in ``target``, and questions to the very moment that was copied."""
    if connection.vendor == "sqlite":
        version = sqlite_copy.copy_database(Path(connection.settings_dict["NAME"]), target)
        with sqlite_copy.asking(target) as ask:
            yield ask, version
        return
    with postgres_copy.snapshot() as (ask, name):
        version = postgres_copy.dump(target, name)
        yield ask, version


def _database_size() -> int:
    if connection.vendor == "postgresql":
        return postgres_copy.size()
    path = Path(connection.settings_dict["NAME"])
    return sum(part.stat().st_size for suffix in ("", *sqlite_copy.WAL)
               if (part := path.with_name(path.name + suffix)).exists())


def _missing(named: set[str], copied: Copied) -> list[str]:
    there = {Path(path).stem for path in copied.digests}
    return sorted(named - there)


def _let_go(backups: list[Kept]) -> tuple[Path, ...]:
    """Remove what the rule does not keep; each is renamed first, so that no half one is seen."""
    stay = staying(backup.at for backup in backups)
    gone = tuple(backup.folder for backup in backups if backup.at not in stay)
    for folder in gone:
        leaving = folder.with_name(f".leaving-{folder.name}")
        folder.rename(leaving)
        shutil.rmtree(leaving, ignore_errors=True)
    return gone


def _forget_drafts(target: Path) -> None:
    """What a backup left that was killed: nobody else writes here while we hold the lock."""
    for pattern in (".making-*", ".leaving-*"):
        for folder in target.glob(pattern):
            shutil.rmtree(folder, ignore_errors=True)


def _keys() -> Path:
    return Path(settings.DATA) / KEYS


def _busy(target: Path) -> Refusal:
    return Refusal(
        "backup_under_way",
        Words("{folder} 里正在做另一份备份。", "Another backup is under way in {folder}.").filled(
            folder=str(target)),
        Words("等它做完；备份列表：yiwang status。", "Wait until it is done; see yiwang status."))
