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
from django.db import connection

from yiwang.cli import serve, work
from yiwang.kernel.errors import Refusal
from yiwang.kernel.records.models import Counter

RUN = """
import sys
from yiwang.cli import serve
web = [{app!r} if part == "yiwang.config.wsgi:application" else part
       for part in serve.web_command()]
sys.exit(serve.supervise(web, {work!r}))
"""
APP = """
import os

def application(environ, start):
    start("200 OK", [])
    return [b"ok" if environ["PATH_INFO"] == "/" else str(os.getpid()).encode()]
"""


@pytest.fixture
def running(tmp_path: Path) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    (tmp_path / "small.py").write_text(APP)
    with serve.listen("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    script = RUN.format(app="small:application", work=sleeper)
    process = subprocess.Popen(
        [sys.executable, "-c", script], env={
            **os.environ, "PYTHONPATH": str(tmp_path), "YIWANG_WORKERS": "1",
            "YIWANG_PORT": str(port)},
    )
    yield process, port
    process.terminate()
    process.wait()


def answered(port: int, path: str = "/") -> bytes:
    """The first answer of the server; waits for it to come up."""
    until = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2) as answer:
                return bytes(answer.read())
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_stops_cleanly(
    running: "tuple[subprocess.Popen[bytes], int]", number: signal.Signals
) -> None:
    process, port = running
    assert answered(port) == b"ok"
    process.send_signal(number)
    assert process.wait(timeout=15) == 0
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


@pytest.mark.parametrize("killed", ["worker", "parent"])
def test_what_is_killed_is_started_again(
    running: "tuple[subprocess.Popen[bytes], int]", killed: str
) -> None:
    process, port = running
    worker = int(answered(port, "/pid"))
    os.kill(worker if killed == "worker" else parent_of(worker), signal.SIGKILL)
    until = time.monotonic() + 20
    while int(answered(port, "/pid")) == worker:
        assert time.monotonic() < until
        time.sleep(0.2)
    assert process.poll() is None


def test_a_web_server_that_will_not_start_ends_the_whole() -> None:
    broken = [sys.executable, "-c", "raise SystemExit(3)"]
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    script = f"""
import sys
from yiwang.cli import serve
serve.RESTART_PAUSE = 0.01
sys.exit(serve.supervise({broken!r}, {sleeper!r}))
"""
    assert subprocess.run([sys.executable, "-c", script], timeout=20, check=False).returncode == 3


def test_a_busy_port_is_refused_with_a_way_out() -> None:
    with serve.listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refusal) as refused:
            serve.listen("127.0.0.1", port)
    assert refused.value.code == "port_busy"
    assert f"YIWANG_PORT={port + 1}" in refused.value.todo.en


@pytest.mark.django_db(transaction=True)
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


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_met_a_read_only_disk_writes_again_when_it_has_passed(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection opened while nothing could be written stays so: the next round has another."""
    monkeypatch.setattr(work, "PAUSE", 0.01)
    stop = threading.Event()
    written: list[int] = []
    only_reading = {"sqlite": "PRAGMA query_only=1",
                    "postgresql": "SET default_transaction_read_only=on"}[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(only_reading)

    def run_once(at: datetime) -> None:
        if len(written) > 3:
            stop.set()
        written.append(0)
        Counter.objects.create(name="bell", last=1)
        written[-1] = 1
        stop.set()

    work.work_until(stop, run_once)
    assert written == [0, 1]
