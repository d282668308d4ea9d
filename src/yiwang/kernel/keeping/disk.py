"""Locks, room and drafts on a disk."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .rules import KEEPING

RUNNING = ".running"  # held by every process that serves or works for an instance
_held: list[int] = []


def say_running(data: Path) -> None:
    """Hold the sign of a running instance until this process and its children have ended."""
    with suppress(OSError):  # a disk that takes nothing any more still serves what it has
        handle = os.open(data / RUNNING, os.O_CREAT | os.O_RDWR, 0o600)
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
        _held.append(handle)


@contextmanager
def alone(path: Path, busy: Refusal) -> Iterator[None]:
    """Hold ``path`` against everybody else; raises ``busy`` where somebody has it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise busy from None
        yield
    finally:
        os.close(handle)


def check_room(folder: Path, needed: int) -> None:
    """Raise ``Refusal`` where the disk of ``folder`` has less than ``needed`` bytes and a spare."""
    free = shutil.disk_usage(folder).free
    wanted = int(needed * KEEPING.spare)
    if free < wanted:
        raise Refusal(
            "no_room",
            Words("{folder} 只剩 {free} MB，要 {wanted} MB。",
                  "{folder} has {free} MB left and {wanted} MB are needed.").filled(
                folder=str(folder), free=free // 1024**2, wanted=wanted // 1024**2 + 1),
            Words("腾出地方，或换一个文件夹。", "Make room, or choose another folder."))


@contextmanager
def draft_of(folder: Path) -> Iterator[Path]:
    """A folder to write into that becomes ``folder`` when all went well, and is gone otherwise."""
    draft = folder.with_name(f".making-{folder.name}")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    try:
        yield draft
        os.sync()
        draft.rename(folder)
        os.sync()
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS):
            raise cannot_write(folder, problem.strerror or "") from problem
        raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def cannot_write(folder: Path, why: str) -> Refusal:
    """The disk took no more; nothing half is left."""
    return Refusal(
        "cannot_write",
        Words("{folder} 写不下去（{why}），没有留下半份。",
              "{folder} cannot be written ({why}); nothing half is left.").filled(
            folder=str(folder.parent), why=why),
        Words("腾出地方或换一个文件夹，再来一次。",
              "Make room or choose another folder, then do it again."))
