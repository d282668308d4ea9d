"""A backup taken under load is whole, goes back whole, and is refused where it is not."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection

from yiwang.algorithms.words import Words
from yiwang.cli.migrate import migrate_tables
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.tests.town import Town
from yiwang.kernel.errors import Refusal
from yiwang.kernel.keeping import disk
from yiwang.kernel.keeping.backup import LOCK, STREAM, take_backup
from yiwang.kernel.keeping.keys import copy_keys
from yiwang.kernel.keeping.manifest import FILES, KEYS, Manifest, backups_in
from yiwang.kernel.keeping.restore import restore_backup
from yiwang.kernel.people.models import ApiKey
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records.files import path_of
from yiwang.kernel.records.models import TrailEntry

from .ground import Place

WRITERS = 2


@contextmanager
def writing(town: Town) -> Iterator[list[str]]:
    """Cases are opened and moved on until the end; the numbers that were given out."""
    stop, given = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            case = town.assigned()
            given.append(case.number)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    try:
        yield given
    finally:
        stop.set()
        for writer in writers:
            writer.join()


def test_what_was_acknowledged_before_a_backup_under_load_comes_back_whole(
    town: Town, photo: Callable[[], Any], tmp_path: Path, elsewhere: Place
) -> None:
    pictures = [photo() for _ in range(3)]
    with writing(town) as given:
        while len(given) < 10:
            threading.Event().wait(0.01)
        before = list(given)
        taken = take_backup(tmp_path / "kept", by=SYSTEM, at=town.at)
        during = len(given)
        while len(given) < during + 5:
            threading.Event().wait(0.01)
    assert not taken.manifest.missing
    assert not taken.manifest.damaged
    said = elsewhere.says("restore", str(taken.folder))
    there = elsewhere.column("SELECT number FROM kernel_case")
    assert set(before) <= set(there) < {*given, *there}
    assert said["faults"] == []
    assert said["cases"] == len(there) == taken.manifest.counts["kernel_case"]
    assert elsewhere.says("verify")["faults"] == []
    for picture in pictures:
        name = path_of(picture.stored_digest).relative_to(django_settings.FILES)
        assert (elsewhere.data / FILES / name).read_bytes() == (
            path_of(picture.stored_digest).read_bytes())
    assert (elsewhere.data / KEYS / "signing").read_text() == (
        Path(django_settings.DATA) / KEYS / "signing").read_text()


def test_it_is_refused_where_an_instance_is_and_put_aside_when_asked(
    town: Town, tmp_path: Path, go_elsewhere: Callable[[], None]
) -> None:
    town.open()
    one = take_backup(tmp_path / "kept", by=SYSTEM, at=town.at).folder
    town.open()
    two = take_backup(tmp_path / "kept", by=SYSTEM, at=town.at + timedelta(hours=1)).folder
    go_elsewhere()
    assert restore_backup(one, at=town.at).aside == ()
    assert refusal_of(two, town) == "instance_there"
    assert Case.objects.count() == 1
    connection.close()
    assert len(restore_backup(two, replace=True, at=town.at).aside) == 1
    assert Case.objects.count() == 2
    connection.close()
    disk.say_running(django_settings.DATA)
    assert refusal_of(one, town, replace=True) == "instance_running"
    assert Case.objects.count() == 2


def refusal_of(folder: Path, town: Town, *, replace: bool = False) -> str:
    with pytest.raises(Refusal) as refused:
        restore_backup(folder, replace=replace, at=town.at)
    return refused.value.code


@pytest.mark.parametrize("harm", ["database.*", "files/*/*/*", "files.sha256"])
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    town: Town, photo: Callable[[], Any], tmp_path: Path, go_elsewhere: Callable[[], None],
    harm: str,
) -> None:
    photo()
    folder = take_backup(tmp_path / "kept", by=SYSTEM, at=town.at).folder
    path = next(folder.glob(harm))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    go_elsewhere()
    assert refusal_of(folder, town) == "backup_damaged"
    assert [found.name for found in django_settings.DATA.iterdir()] == [disk.RUNNING]


def test_keys_kept_apart_must_be_there_first(
    town: Town, tmp_path: Path, go_elsewhere: Callable[[], None]
) -> None:
    town.open()
    taken = take_backup(tmp_path / "kept", with_keys=False, by=SYSTEM, at=town.at)
    assert not (taken.folder / KEYS).exists()
    apart = Path(django_settings.DATA) / KEYS
    go_elsewhere()
    assert refusal_of(taken.folder, town) == "keys_apart"
    copy_keys(apart, django_settings.DATA / KEYS)
    restore_backup(taken.folder, at=town.at)
    assert Case.objects.count() == 1


def test_a_newer_programs_backup_is_refused(town: Town, tmp_path: Path) -> None:
    folder = take_backup(tmp_path / "kept", by=SYSTEM, at=town.at).folder
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text.replace('"kernel.0001_initial"',
                                                       '"kernel.9999_of_tomorrow"'))
    assert refusal_of(folder, town, replace=True) == "newer_program"
    (folder / "manifest.json").write_text("{}")
    assert refusal_of(folder, town, replace=True) == "not_a_backup"


def test_an_older_programs_backup_is_brought_up_to_date(
    town: Town, tmp_path: Path, go_elsewhere: Callable[[], None]
) -> None:
    number = town.open().number
    call_command("migrate", "kernel", "0003", verbosity=0)
    folder = take_backup(tmp_path / "kept", by=SYSTEM, at=town.at).folder
    go_elsewhere()
    restore_backup(folder, at=town.at)
    assert ApiKey._meta.db_table not in connection.introspection.table_names()
    migrate_tables()
    assert ApiKey.objects.count() == 0
    assert [case.number for case in Case.objects.all()] == [number]


def test_a_missing_picture_is_said_and_the_rest_is_kept(
    town: Town, photo: Callable[[], Any], tmp_path: Path
) -> None:
    gone, stays = photo().stored_digest, photo().stored_digest
    path_of(gone).unlink()
    taken = take_backup(tmp_path / "kept", by=SYSTEM, at=town.at)
    assert taken.manifest.missing == [gone]
    assert Manifest.read(taken.folder) == taken.manifest
    assert list(taken.folder.rglob(f"{stays}.jpg"))


def test_old_ones_go_and_half_ones_too(town: Town, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    (kept / ".making-yiwang-x").mkdir(parents=True)
    moments = [town.at + timedelta(days=number) for number in range(10)]
    instance = ""
    for at in moments:
        instance = take_backup(kept, by=SYSTEM, at=at).manifest.instance
    assert [one.at for one in backups_in(kept, instance)] == moments[:2:-1]
    assert not list(kept.glob(".making-*"))
    assert TrailEntry.objects.filter(stream=STREAM, verb="backup").count() == len(moments)


def busy() -> Refusal:
    return Refusal("busy", Words("忙", "busy"))


def test_no_room_and_two_at_once_are_refused_and_nothing_is_left(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept"
    with disk.alone(kept / LOCK, busy()), pytest.raises(Refusal) as other:
        take_backup(kept, by=SYSTEM, at=town.at)
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    with pytest.raises(Refusal) as full:
        take_backup(kept, by=SYSTEM, at=town.at)
    assert (other.value.code, full.value.code) == ("backup_under_way", "no_room")
    assert [path.name for path in kept.iterdir()] == [LOCK]


def test_a_disk_that_fills_up_meanwhile_leaves_nothing_half(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, turn: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("yiwang.kernel.keeping.backup.copy_files", full)
    with pytest.raises(Refusal) as refused:
        take_backup(tmp_path / "kept", by=SYSTEM, at=town.at)
    assert refused.value.code == "cannot_write"
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [LOCK]
    assert not TrailEntry.objects.filter(stream=STREAM).exists()
