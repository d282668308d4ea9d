"""Putting a backup back: into an empty place, or (asked for) beside what was there before."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from . import figures, postgres_copy, sqlite_copy
from . import restore_refusals as refusals
from .attachments import read_list, wrong_files
from .disk import RUNNING, alone, check_room
from .figures import Ask
from .keys import copy_keys, fingerprints
from .manifest import DATABASE, FILES, KEYS, LIST, Manifest, digest_of_file

ASIDE = "before-restore-"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and where each thing is that was there before."""

    manifest: Manifest
    aside: tuple[str, ...]


def restore_backup(folder: Path, *, replace: bool = False, at: datetime) -> Restored:
    """Check every byte, then put it in place; the caller brings tables up to date and proves.

    Raises ``Refusal`` before anything is touched where the backup is damaged or from a newer
    program, the instance is running, or there is one already and ``replace`` was not said.
    """
    manifest = read_backup(folder)
    with alone(Path(settings.DATA) / RUNNING, refusals.running()):
        _check_place(manifest, replace=replace)
        check_room(Path(settings.DATA), manifest.files_size + manifest.database_size)
        check_whole(folder, manifest)
        stamp = f"{at:%Y%m%dT%H%M%S}"
        _put_files(folder)
        keys = _put_keys(folder, manifest, stamp)
        put = _put_sqlite if manifest.database == "sqlite" else _put_postgres
        database = put(folder, stamp)
        check_same(manifest)
    return Restored(manifest, tuple(place for place in (keys, database) if place))


def read_backup(folder: Path) -> Manifest:
    """The manifest of a backup that this program and this instance can take."""
    try:
        manifest = Manifest.read(folder)
    except (OSError, ValueError, TypeError, KeyError) as problem:
        raise refusals.not_a_backup(folder) from problem
    if manifest.database != connection.vendor:
        raise refusals.other_database(manifest.database, connection.vendor)
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    unknown = sorted(set(manifest.migrations) - known)
    if unknown:
        raise refusals.newer_program(manifest.program, unknown)
    return manifest


def check_whole(folder: Path, manifest: Manifest) -> None:
    """Compare every byte of a backup with its digest."""
    wrong = [name for name, digest in ((DATABASE[manifest.database], manifest.database_digest),
                                       (LIST, manifest.files_digest))
             if not (folder / name).is_file() or digest_of_file(folder / name) != digest]
    wrong = wrong or list(wrong_files(folder, read_list(folder / LIST)))
    if wrong:
        raise refusals.damaged(folder, wrong)


def _check_place(manifest: Manifest, *, replace: bool) -> None:
    if connection.vendor == "postgresql":
        postgres_copy.check_nobody_else()
    if _tables() and not replace:
        raise refusals.instance_there(Path(settings.DATA))
    here = fingerprints(Path(settings.DATA) / KEYS)
    if not manifest.keys_included and any(here.get(name) != key
                                          for name, key in manifest.keys.items()):
        raise refusals.keys_apart(Path(settings.DATA) / KEYS)


def _tables() -> list[str]:
    if connection.vendor == "sqlite":
        return sqlite_copy.tables_of(_database())
    return postgres_copy.tables()


def _put_files(folder: Path) -> None:
    """What is there already under the same name and size is the same."""
    for name in read_list(folder / LIST):
        target = Path(settings.FILES) / name
        if not target.exists() or target.stat().st_size != (folder / FILES / name).stat().st_size:
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            draft = target.with_name(f".{target.name}.restoring")
            shutil.copy2(folder / FILES / name, draft)
            draft.replace(target)


def _put_keys(folder: Path, manifest: Manifest, stamp: str) -> str:
    """The backup's keys; other ones that were in use are kept beside."""
    here, used = Path(settings.DATA) / KEYS, bool(_tables())
    if not manifest.keys_included or fingerprints(here) == manifest.keys:
        return ""
    aside = Path(settings.DATA) / f"{ASIDE}{stamp}" / KEYS
    if used:
        copy_keys(here, aside)
    copy_keys(folder / KEYS, here)
    return str(aside) if used else ""


def _put_sqlite(folder: Path, stamp: str) -> str:
    """Write beside, then exchange by renaming; the old database keeps its log."""
    connection.close()
    new = _database().with_name(f".restoring-{stamp}")
    shutil.copyfile(folder / DATABASE["sqlite"], new)
    with closing(sqlite3.connect(new)) as copy:
        copy.execute("PRAGMA journal_mode=WAL")
    aside = Path(settings.DATA) / f"{ASIDE}{stamp}"
    there = bool(_tables())
    for suffix in (*sqlite_copy.WAL, ""):
        old = _database().with_name(_database().name + suffix)
        if old.exists() and there:
            aside.mkdir(exist_ok=True, mode=0o700, parents=True)
            old.rename(aside / old.name)
        old.unlink(missing_ok=True)
    new.rename(_database())
    return str(aside / _database().name) if there else ""


def _put_postgres(folder: Path, stamp: str) -> str:
    aside = postgres_copy.put_aside(stamp) if postgres_copy.tables() else ""
    try:
        postgres_copy.load(folder / DATABASE["postgresql"])
    except BaseException:
        if aside:
            postgres_copy.put_back(aside)
        raise
    return aside


def check_same(manifest: Manifest) -> None:
    """Rows of each table and the digest of the whole trail, as the manifest has them."""
    with _asking() as ask:
        counts = figures.counts(ask, manifest.counts)
        same = counts == manifest.counts and figures.trail_of(ask) == manifest.trail
    if not same:
        raise refusals.not_the_same(counts, manifest.counts)


@contextmanager
def _asking() -> Iterator[Ask]:
    if connection.vendor == "sqlite":
        with sqlite_copy.asking(_database()) as ask:
            yield ask
    else:
        yield postgres_copy.asking()


def _database() -> Path:
    return Path(connection.settings_dict["NAME"])
