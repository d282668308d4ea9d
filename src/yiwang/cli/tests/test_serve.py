"""Serving: both children run, stop together, and a busy port is said plainly."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from yiwang.cli import serve, work
from yiwang.kernel.errors import Refusal

RUN = """
import sys
from yiwang.cli import serve
listener = serve.listen("127.0.0.1", 0)
print(listener.getsockname()[1], flush=True)
web = [{app!r} if part == "yiwang.config.wsgi:application" else part
       for part in serve.web_command(listener.fileno())]
sys.exit(serve.supervise(web, {work!r}, listener))
"""
APP = """
def application(environ, start):
    start("200 OK", [("Content-Length", "2")])
    return [b"ok"]
"""


@pytest.fixture
def running(tmp_path: Path) -> "Iterator[tuple[subprocess.Popen[str], int]]":
    (tmp_path / "small.py").write_text(APP)
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    script = RUN.format(app="small:application", work=sleeper)
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path), "YIWANG_WORKERS": "1"},
    )
    assert process.stdout is not None
    with process.stdout:
        yield process, int(process.stdout.readline())
        process.kill()
        process.wait()


def answered(port: int) -> bytes:
    """The first answer of the server; waits for it to come up."""
    until = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=2) as answer:
                return bytes(answer.read())
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_stops_cleanly(
    running: "tuple[subprocess.Popen[str], int]", number: signal.Signals
) -> None:
    process, port = running
    assert answered(port) == b"ok"
    process.send_signal(number)
    assert process.wait(timeout=15) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_busy_port_is_refused_with_a_way_out() -> None:
    with serve.listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refusal) as refused:
            serve.listen("127.0.0.1", port)
    assert refused.value.code == "port_busy"
    assert f"YIWANG_PORT={port + 1}" in refused.value.todo.en


@pytest.mark.django_db
def test_the_worker_goes_on_after_an_error_and_stops_at_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(work, "PAUSE", 0.01)
    stop, rounds = threading.Event(), []

    def run_once(at: datetime) -> None:
        rounds.append(at)
        if len(rounds) == 1:
            raise RuntimeError("the disk is full")
        stop.set()

    work.work_until(stop, run_once)
    assert len(rounds) == 2
    assert "the disk is full" in caplog.text
