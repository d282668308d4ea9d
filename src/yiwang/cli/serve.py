"""``yiwang serve``: the web workers and the one background worker, started and stopped together."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

import click

from yiwang.algorithms.words import Words
from yiwang.config import env
from yiwang.kernel.errors import Refusal

GRACE = 10.0  # seconds a child may take to finish what it holds
RESTART_PAUSE = 1.0  # seconds before a child that died is started again
TRIES = 3  # starts of a child within START; a web server that needs more ends the whole
START = 10.0  # seconds


@click.command()
def serve() -> int:
    """启动网页与后台进程 · Serve the pages and do the background work."""
    return serve_until_stopped()


def serve_until_stopped() -> int:
    """Take the port, run everything, come back when asked to stop; returns the exit code."""
    host, port = env.read("YIWANG_HOST"), int(env.read("YIWANG_PORT"))
    listen(host, port).close()
    click.echo(f"http://{host}:{port}/", err=True)
    return supervise(web_command(), work_command())


def listen(host: str, port: int) -> socket.socket:
    """Take the port, so that a busy one is said plainly before anything is started."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise _busy(host, port, error) from error
    listener.listen(512)
    return listener


def _busy(host: str, port: int, error: OSError) -> Refusal:
    what = Words("{host}:{port} 用不了（{why}）。", "{host}:{port} cannot be used ({why}).")
    todo = Words("换一个端口，如 YIWANG_PORT={port}。", "Choose another: YIWANG_PORT={port}, say.")
    return Refusal(
        code="port_busy",
        what=what.filled(host=host, port=port, why=error.strerror),
        todo=todo.filled(port=port + 1),
    )


def web_command() -> list[str]:
    """The web workers, as a process that forks them."""
    return [sys.executable, "-m", "yiwang.cli.web", "yiwang.config.wsgi:application"]


def work_command() -> list[str]:
    """The background worker, as its own process."""
    return [sys.executable, "-m", "yiwang.cli.work"]


def supervise(web: Sequence[str], work: Sequence[str]) -> int:
    """Run both until a signal comes; returns the exit code.

    A child that dies is started again; a web server that will not stay up ends the whole.
    """
    stopping = _Stopping()
    pages, worker = _Child(web), _Child(work)
    while not stopping.asked and pages.stays():
        worker.stays()
        time.sleep(0.1)
    _stop(pages.process, worker.process)
    return 0 if stopping.asked else (pages.process.returncode or 0)


class _Child:
    """A process started again when it ends, ``TRIES`` times in ``START`` seconds at most."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command
        self._starts: list[float] = []
        self.process = self._start()

    def stays(self) -> bool:
        """Whether it runs, started again if need be; not while it was started often just now."""
        if self.process.poll() is None:
            return True
        if sum(time.monotonic() - at < START for at in self._starts) >= TRIES:
            return False
        time.sleep(RESTART_PAUSE)
        self.process = self._start()
        return True

    def _start(self) -> "subprocess.Popen[bytes]":
        self._starts = [*self._starts[1 - TRIES:], time.monotonic()]
        return subprocess.Popen(self._command, start_new_session=True)


def _stop(*children: "subprocess.Popen[bytes]") -> None:
    """Ask every child to finish, then make it."""
    for child in children:
        child.terminate()
    until = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


class _Stopping:
    """Turns true when the process is asked to stop (Ctrl-C, or the system's own signal)."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)
        signal.signal(signal.SIGINT, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
