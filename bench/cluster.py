"""A PostgreSQL of our own to be killed: durable, on a free port, with a standby when asked.

PostgreSQL refuses to run as root: then Debian's own user for it runs it.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .serving import free_port

START = 60.0  # seconds a server may take to recover and answer
CONFIG = """
listen_addresses = '127.0.0.1'
unix_socket_directories = '{folder}'
shared_buffers = 128MB
max_connections = 60
wal_level = replica
hot_standby = on
"""


def programs() -> Path:
    """Where the newest PostgreSQL's programs are."""
    installed = Path("/usr/lib/postgresql").glob("*/bin")
    found = sorted(installed, key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    if initdb is None:
        raise SystemExit("no PostgreSQL server here: install postgresql")
    return Path(initdb).parent


@dataclass
class Cluster:
    """One server: its folder, its port."""

    folder: Path
    port: int

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, name: str = "yiwang") -> str:
        """The address of a database on it."""
        return f"postgresql://yiwang@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start, and wait until it answers; a killed server's last children are waited for."""
        until = time.monotonic() + START
        while True:
            started = owner("pg_ctl", "-D", str(self.data), "-o", f"-p {self.port}", "-l",
                            str(self.folder / "log"), "-w", "-s", "start", check=False)
            if started == 0:
                return
            if time.monotonic() > until:
                raise RuntimeError((self.folder / "log").read_text()[-2000:])
            time.sleep(0.1)

    def kill(self) -> None:
        """SIGKILL to the postmaster: no program can answer it, nothing is put in order."""
        with suppress(ProcessLookupError):
            os.kill(self.postmaster(), signal.SIGKILL)

    def postmaster(self) -> int:
        """The process all others of the server are children of."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def stop(self) -> None:
        """An orderly stop that does not wait for clients."""
        owner("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "-s", "stop", check=False)

    def alive(self) -> bool:
        """Whether the server runs."""
        return owner("pg_ctl", "-D", str(self.data), "-s", "status", check=False) == 0

    def promote(self) -> None:
        """Let a standby become the primary."""
        owner("pg_ctl", "-D", str(self.data), "-w", "-s", "promote")

    def configure(self, *lines: str) -> None:
        """More lines for its configuration, read at the next start or reload."""
        with (self.data / "postgresql.conf").open("a") as file:
            file.write("\n".join(("", *lines, "")))

    def reload(self) -> None:
        """Let it read its configuration again."""
        owner("pg_ctl", "-D", str(self.data), "-s", "reload")

    def ask(self, statement: str) -> list[tuple[object, ...]]:
        """What a statement finds; outside any transaction."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as server:
            done = server.execute(statement)
            return list(done.fetchall()) if done.description else []


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A new durable server with an empty database ``yiwang``."""
    with folder_of_owner() as folder:
        made = Cluster(folder, free_port())
        owner("initdb", "-D", str(made.data), "-U", "yiwang", "-A", "trust", "-E", "UTF8",
              "--locale=C.UTF-8")
        made.configure(CONFIG.format(folder=folder))
        with running(made):
            owner("createdb", "-h", "127.0.0.1", "-p", str(made.port), "-U", "yiwang", "yiwang")
            yield made


@contextmanager
def standby_of(primary: Cluster, name: str = "standby") -> Iterator[Cluster]:
    """A hot standby that streams from ``primary`` and calls itself ``name``."""
    with folder_of_owner() as folder:
        made = Cluster(folder, free_port())
        owner("pg_basebackup", "-D", str(made.data), "-d",
              f"host=127.0.0.1 port={primary.port} user=yiwang application_name={name}",
              "--write-recovery-conf", "--checkpoint=fast", "--wal-method=stream")
        made.configure(f"unix_socket_directories = '{folder}'", "synchronous_standby_names = ''")
        with running(made):
            yield made


@contextmanager
def running(made: Cluster) -> Iterator[Cluster]:
    """Started, and at the end stopped, whatever state it is in."""
    made.start()
    try:
        yield made
    finally:
        made.stop()


@contextmanager
def folder_of_owner() -> Iterator[Path]:
    """A folder that belongs to who runs PostgreSQL."""
    folder = Path(tempfile.mkdtemp(prefix="yiwang-cluster-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def owner(name: str, *args: str, check: bool = True) -> int:
    """Run one of PostgreSQL's programs as its owner; returns its exit code."""
    command = [str(programs() / name), *args]
    if os.getuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    done = subprocess.run(command, check=check, cwd="/", stdin=subprocess.DEVNULL,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode

