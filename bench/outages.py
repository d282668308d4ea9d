"""What passes by: a full disk, a database that is away or locked, a clock that goes back.

While it lasts pages are read and reports are told “later” with 503; afterwards, without any help,
the same keys are taken, nothing that was acknowledged is missing, and the trail proves.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from .kills import Instance, instance
from .senders import Told, ask, compare, drained, sending, signed_in
from .wire import Ask, Line, Ticket

GONE = 60.0  # seconds
LOCKED = 30.0  # seconds; longer than a request waits for a lock
BACK = 7200  # seconds the clock goes back
SPARE = 6 * 1024 * 1024  # bytes left on the small disk
CLOCK = """
import os, datetime
from django.utils import timezone
_now = timezone.now
def now():
    try:
        return _now() - datetime.timedelta(seconds=float(open(os.environ["CLOCK_FILE"]).read()))
    except (OSError, ValueError):
        return _now()
timezone.now = now
"""


def database_gone(running: Instance) -> dict[str, Any]:
    """PostgreSQL is stopped for a minute and started again."""
    if running.database is None:
        raise SystemExit("SQLite has no server to stop: see locked")
    running.database.stop()
    seen = looked_at(running, for_seconds=GONE)
    running.database.start()
    return seen


def locked(running: Instance) -> dict[str, Any]:
    """Another program holds SQLite's write lock longer than a request waits."""
    with closing(sqlite3.connect(running.data / "yiwang.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        seen = looked_at(running, for_seconds=LOCKED)
        other.execute("ROLLBACK")
    return seen


def disk_full(running: Instance) -> dict[str, Any]:
    """The disk is filled to its last byte by somebody else's file, which then goes away."""
    ballast = running.data / "ballast"
    with ballast.open("wb") as file:
        try:
            while True:
                file.write(bytes(65536))
                file.flush()
        except OSError:
            pass
    seen = looked_at(running, for_seconds=8.0)
    ballast.unlink()
    return seen


def clock_back(running: Instance) -> dict[str, Any]:
    """The clock of every process goes back two hours, and forward again later."""
    file = Path(os.environ["CLOCK_FILE"])
    file.write_text(str(BACK))
    seen = looked_at(running, for_seconds=8.0)
    file.write_text("0")
    return seen


DRILLS: dict[str, Callable[[Instance], dict[str, Any]]] = {
    "gone": database_gone, "locked": locked, "full": disk_full, "clock": clock_back,
}


def looked_at(running: Instance, *, for_seconds: float) -> dict[str, Any]:
    """What a reader and a reporter see while it lasts: statuses, and the slowest answer."""
    seen: dict[str, Any] = {"map": set(), "report": set(), "slowest s": 0.0}
    until, number, ticket = time.monotonic() + for_seconds, 0, running.ticket
    while time.monotonic() < until:
        began = time.monotonic()
        seen["map"].add(Line(running.port).ask(Ask("", "GET", "/m", ""), Ticket()).status)
        reply = ask(running.port, ticket, f"meanwhile-{number}-{began}")
        seen["report"].add(reply.status if reply else 0)
        seen["slowest s"] = max(seen["slowest s"], round(time.monotonic() - began, 1))
        number += 1
        time.sleep(0.5)
    return {name: sorted(value) if isinstance(value, set) else value
            for name, value in seen.items()}


@contextmanager
def small_disk(running: Instance) -> Iterator[None]:
    """Move the instance onto a disk of its own that has little room left; needs root."""
    folder = Path(tempfile.mkdtemp(prefix="yiwang-small-"))
    size = sum(path.stat().st_size for path in running.data.rglob("*") if path.is_file())
    running.kill_all()
    _until_free("mount", "-t", "tmpfs", "-o", f"size={size + SPARE}", "tmpfs", str(folder))
    old, running.data = running.data, folder / "data"
    try:
        shutil.copytree(old, running.data)
        running.up()
        yield
    finally:
        running.kill_all()
        running.data = Path(shutil.copytree(running.data, old, dirs_exist_ok=True))
        _until_free("umount", str(folder))
        folder.rmdir()
        running.up()


def _until_free(*command: str) -> None:
    """Try until what was killed has let go of its files."""
    for _ in range(50):
        if subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == 0:
            return
        time.sleep(0.2)
    raise RuntimeError(f"{command} did not come through")


def main() -> None:
    """``python -m bench.outages full sqlite``: figures as JSON on standard output."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("drill", choices=tuple(DRILLS))
    wanted.add_argument("database", choices=("sqlite", "postgresql"))
    options = wanted.parse_args()
    with tempfile.TemporaryDirectory() as clock:
        (Path(clock) / "sitecustomize.py").write_text(CLOCK)
        os.environ |= {"PYTHONPATH": clock, "CLOCK_FILE": f"{clock}/offset"}
        with instance(options.database) as running:
            figures = drill(options.drill, running)
    print(json.dumps({"drill": options.drill, "database": options.database, **figures},
                     ensure_ascii=False))


def drill(name: str, running: Instance) -> dict[str, Any]:
    """Load before, the fault, load after; then what was told is looked for."""
    told, began = Told(), time.monotonic()
    with small_disk(running) if name == "full" else nullcontext():
        running.ticket = signed_in(running.port)
        with sending(running.port, told):
            time.sleep(4)
            seen = DRILLS[name](running)
            over = time.monotonic()
            taken_again(running)
            again = time.monotonic() - over
            time.sleep(4)
        emptied = drained_there(running)
    wrong = compare(told) + judged(name, seen)
    return {"acknowledged": len(told.numbers), "no answer": told.unanswered, "later": told.later,
            "longest wait s": round(told.longest, 1), "seconds": round(time.monotonic() - began),
            "more": {**seen, "taken again after s": round(again, 1),
                     "queue empty after s": round(emptied, 1)}, "wrong": wrong[:20]}


def taken_again(running: Instance) -> None:
    """Wait until a report is taken."""
    while True:
        reply = ask(running.port, running.ticket, f"again-{time.monotonic()}")
        if reply is not None and reply.status == 200:
            return
        time.sleep(0.2)


def drained_there(running: Instance) -> float:
    """The same wait, on the disk where the instance is now."""
    from django.db import connection

    usual = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        connection.settings_dict["NAME"] = running.data / "yiwang.sqlite3"
    took = drained()
    connection.close()
    connection.settings_dict["NAME"] = usual
    return took


def judged(name: str, seen: dict[str, Any]) -> list[str]:
    """Reading goes on unless the database is away; a report is taken or told “later”, never 500."""
    wrong = [f"{what}: {status}" for what in ("map", "report") for status in seen[what]
             if status not in (200, 503)]
    if name != "gone" and seen["map"] != [200]:
        wrong.append(f"the map did not stay readable: {seen['map']}")
    if name != "clock" and 503 not in seen["report"]:
        wrong.append("the fault was not felt")
    return wrong


if __name__ == "__main__":
    main()
