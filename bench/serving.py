"""The server under measurement, started as ``yiwang serve``; what its processes cost."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .aims import WORKERS
from .wire import Ask, Line, Ticket

TICKS = os.sysconf("SC_CLK_TCK")  # of processor time a second
START = 60.0  # seconds a server may take to answer


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, and its processes."""

    port: int
    pid: int

    def masters(self) -> list[int]:
        """The web workers' parent, a child of ``yiwang serve``."""
        return [pid for pid in children(self.pid) if b"yiwang.cli.web" in _command(pid)]

    def workers(self) -> list[int]:
        """The web workers: children of the master."""
        return [worker for master in self.masters() for worker in children(master)]

    def background(self) -> list[int]:
        """The process that delivers events and watches clocks."""
        return [pid for pid in children(self.pid) if b"yiwang.cli.work" in _command(pid)]


@contextmanager
def serving(data: Path) -> Iterator[Server]:
    """A running instance on that data folder; stopped, and waited for, at the end."""
    port = free_port()
    process = start(data, port)
    try:
        await_answer(port, process)
        yield Server(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def start(data: Path, port: int, **more: str) -> "subprocess.Popen[bytes]":
    """``yiwang serve`` on that folder and port; nobody waits for it here."""
    environment = {**os.environ, "YIWANG_DATA": str(data), "YIWANG_PORT": str(port),
                   "YIWANG_WORKERS": str(WORKERS), "YIWANG_SECOND_FACTOR": "offered", **more}
    command = [sys.executable, "-c", "import sys; from yiwang.cli import main; sys.exit(main())",
               "serve"]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def await_answer(port: int, process: "subprocess.Popen[bytes]",
                 statuses: tuple[int, ...] = (200,)) -> None:
    """Wait until the database behind it answers: 200; 503 where it may also be away."""
    until = time.monotonic() + START
    while time.monotonic() < until and process.poll() is None:
        try:
            if Line(port).ask(Ask("", "GET", "/healthz", ""), Ticket()).status in statuses:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def children(pid: int) -> list[int]:
    """The processes whose parent is ``pid``."""
    running = (int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit())
    return sorted(found for found in running if _stat(found)[1:2] == [str(pid)])


def cpu_seconds(pids: list[int]) -> float:
    """Processor time the processes have used so far, in user and system mode."""
    total = 0
    for pid in pids:
        fields = _stat(pid)
        total += sum(int(ticks) for ticks in fields[11:13])
    return total / TICKS


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name: state, parent, …; empty when it has ended."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def memory_mb(pid: int) -> float:
    """Proportional share of memory: pages shared with others count in parts (PSS)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    return 0.0
