"""A disk of its own for what is drilled: an ext4 file system in a file, which needs root.

It is filled, and it turns read-only as Linux makes a failing disk turn (``errors=remount-ro``):
at once and for every open file, under load. Such a disk is checked and mounted anew by a person.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .cluster import folder_of_owner
from .kills import Instance

SPARE = {"sqlite": 96, "postgresql": 64}  # MiB left beside the data, for what the logs may take
OVER, JOURNAL = 1.1, 4  # what ext4 itself takes: a share, and MiB


@dataclass(frozen=True, slots=True)
class Disk:
    """The file it lies in, and where it is mounted."""

    image: Path
    folder: Path

    def mount(self) -> None:
        """Mount it, to be read and written."""
        _run("mount", "-o", "loop,errors=remount-ro", str(self.image), str(self.folder))

    def remount(self, mode: str) -> None:
        """``ro``, which it takes while no file of it is open for writing, or ``rw``."""
        _run("mount", "-o", f"remount,{mode}", str(self.folder))

    def unmount(self) -> None:
        """Try until what was stopped has let go of its files."""
        for _ in range(50):
            if not subprocess.run(["umount", str(self.folder)], check=False,
                                  stderr=subprocess.DEVNULL).returncode:
                return
            time.sleep(0.2)
        raise RuntimeError(f"{self.folder} is still in use")

    def fail(self) -> None:
        """The file system meets an error and lets nobody write any more."""
        device = _said("findmnt", "-no", "SOURCE", str(self.folder))
        Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("1")

    def check(self) -> None:
        """Bring an unmounted disk in order; 1 means that there was something to mend."""
        code = subprocess.run(["e2fsck", "-fy", str(self.image)], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        if code > 1:
            raise RuntimeError(f"e2fsck ended with {code}")

    def fill(self) -> Path:
        """Somebody else's file takes what room there is, to the last byte."""
        ballast = self.folder / "ballast"
        with ballast.open("wb", buffering=0) as file:
            for size in (1024 * 1024, 4096):
                while _written(file.fileno(), size):
                    pass
        return ballast


def _written(handle: int, size: int) -> bool:
    try:
        os.write(handle, bytes(size))
        os.fsync(handle)
    except OSError:
        return False
    return True


@contextmanager
def own_disk(running: Instance) -> Iterator[Disk]:
    """What the database writes lies on a small disk meanwhile: SQLite's data folder, or the
    server's; before and after it, where it was."""
    with folder_of_owner() as folder, tempfile.TemporaryDirectory() as beside:
        disk = Disk(Path(beside) / "disk.img", folder)
        home = _home(running)
        let_go(running)
        _make(disk, home, SPARE["postgresql" if running.database else "sqlite"])
        try:
            _move(running, _copied(home, folder / "data"))
            yield disk
        finally:
            let_go(running)
            shutil.rmtree(home)
            _move(running, _copied(folder / "data", home))
            disk.unmount()


def _home(running: Instance) -> Path:
    return running.database.data if running.database else running.data


def let_go(running: Instance) -> None:
    """Stop what writes there: the instance where SQLite is in it, else the server."""
    if running.database is None:
        return running.kill_all()
    return running.database.stop()


def _move(running: Instance, home: Path) -> None:
    """Start again from there."""
    if running.database is None:
        running.data = home
        running.up()
    else:
        running.database.folder = home.parent
        running.database.start()


def _copied(old: Path, new: Path) -> Path:
    _run("cp", "-a", str(old), str(new))  # keeps the owner, which copytree does not
    _run("sync", "-f", str(new))  # a disk that fails a moment later has it
    return new


# SQLite makes room for its index 4 KB at a time: a disk of smaller blocks would break that.
def _make(disk: Disk, home: Path, spare: int) -> None:
    """Large enough for what is there and ``spare`` MiB more."""
    size = sum(path.stat().st_size for path in home.rglob("*") if path.is_file())
    owner = disk.folder.stat()
    with disk.image.open("wb") as file:
        file.truncate(int(size * OVER) + (spare + JOURNAL) * 1024 * 1024)
    _run("mkfs.ext4", "-q", "-F", "-b", "4096", "-m", "0", "-J", f"size={JOURNAL}", "-E",
         f"root_owner={owner.st_uid}:{owner.st_gid}", str(disk.image))
    disk.mount()


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _said(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
