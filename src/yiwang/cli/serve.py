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
RESTART_PAUSE = 1.0  # seconds before a background worker that died is started again
THREADS = 2  # per web worker: one waits on a phone's slow upload while the other works


@click.command()
def serve() -> int:
    """启动网页与后台进程 · Serve the pages and do the background work."""
    return serve_until_stopped()


def serve_until_stopped() -> int:
    """Take the port, run everything, come back when asked to stop; returns the exit code."""
    host, port = env.read("YIWANG_HOST"), int(env.read("YIWANG_PORT"))
    with listen(host, port) as listener:
        click.echo(f"http://{host}:{port}/", err=True)
        return supervise(web_command(listener.fileno()), work_command(), listener)


def listen(host: str, port: int) -> socket.socket:
    """Take the port now, so that a busy one is said plainly before anything is started."""
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


def web_command(listener: int) -> list[str]:
    """Gunicorn on a socket already taken; the application is loaded once and shared by forking."""
    return [
        sys.executable, "-m", "gunicorn", "yiwang.config.wsgi:application", "--preload",
        "--bind", f"fd://{listener}", "--workers", env.read("YIWANG_WORKERS"),
        "--worker-class", "gthread", "--threads", str(THREADS), "--timeout", "60",
        "--graceful-timeout", str(int(GRACE) - 2), "--no-control-socket",
        "--log-level", "warning",
    ]  # fmt: skip


def work_command() -> list[str]:
    """The background worker, as its own process."""
    return [sys.executable, "-m", "yiwang.cli.work"]


def supervise(web: Sequence[str], work: Sequence[str], listener: socket.socket) -> int:
    """Run both until a signal comes or the web server ends; returns the exit code.

    A background worker that dies is started again; a web server that dies ends the whole.
    """
    stopping = _Stopping()
    pages = subprocess.Popen(web, pass_fds=[listener.fileno()], start_new_session=True)
    worker = subprocess.Popen(work, start_new_session=True)
    while not stopping.asked and pages.poll() is None:
        if worker.poll() is not None:
            time.sleep(RESTART_PAUSE)
            worker = subprocess.Popen(work, start_new_session=True)
        time.sleep(0.1)
    ended_by_itself = pages.poll()
    _stop(pages, worker)
    return 0 if stopping.asked else (ended_by_itself or 0)


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
