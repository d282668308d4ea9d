"""What passes by: a disk full or read-only, a database away or locked, a clock that goes back.

While it lasts pages are read and reports are told “later” with 503; afterwards, without any help,
the same keys are taken, nothing that was acknowledged is missing, and the trail proves.
"""

import argparse
import json
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

from .disks import Disk, let_go, own_disk
from .kills import Instance, instance
from .senders import TEXT, Told, ask, compare, counted, drained, sending, signed_in
from .wire import Ask, Line, Ticket

GONE = 60.0  # seconds
LOCKED = 30.0  # seconds; longer than a request waits for a lock
BACK = 7200  # seconds the clock goes back
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


def database_gone(running: Instance, _: Disk | None) -> dict[str, Any]:
    """PostgreSQL is stopped for a minute and started again."""
    if running.database is None:
        raise SystemExit("SQLite has no server to stop: see locked")
    running.database.stop()
    seen = looked_at(running, for_seconds=GONE)
    running.database.start()
    return seen


def locked(running: Instance, _: Disk | None) -> dict[str, Any]:
    """Another program holds SQLite's write lock longer than a request waits."""
    with closing(sqlite3.connect(running.data / "yiwang.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        seen = looked_at(running, for_seconds=LOCKED)
        other.execute("ROLLBACK")
    return seen


def disk_full(running: Instance, disk: Disk | None) -> dict[str, Any]:
    """The disk is filled to its last byte by somebody else's file, which then goes away."""
    ballast = _needed(disk).fill()
    seen = looked_at(running, for_seconds=8.0)
    ballast.unlink()
    return {**seen, **started_where_it_ended(running)}


def read_only(running: Instance, disk: Disk | None) -> dict[str, Any]:
    """The disk fails and takes no more writes; it is stopped, checked, mounted anew, started.

    SQLite's instance is started while the disk may only be read, which then takes writes again.
    """
    failed = _needed(disk)
    failed.fail()
    seen = looked_at(running, for_seconds=8.0)
    ended = running.database is not None and not running.database.alive()
    let_go(running)
    failed.unmount()
    failed.check()
    if running.database is not None:
        failed.mount()
        running.database.start()
        return {**seen, "its server ended": ended}
    failed.mount()
    failed.remount("ro")
    running.up(whatever=True)
    started = looked_at(running, for_seconds=5.0)
    failed.remount("rw")
    return {**seen, "started on it": {what: started[what] for what in ("map", "report")},
            "words kept": sorted({*seen["words kept"], *started["words kept"]})}


def started_where_it_ended(running: Instance) -> dict[str, Any]:
    """Start a server that ended for want of room, as its service manager does."""
    if running.database is None:
        return {}
    ended = not running.database.alive()
    if ended:
        running.database.start()
    return {"its server ended": ended}


def _needed(disk: Disk | None) -> Disk:
    assert disk is not None, "this drill lies on a disk of its own"
    return disk


def clock_back(running: Instance, _: Disk | None) -> dict[str, Any]:
    """The clock of every process goes back two hours, and forward again later."""
    file = Path(os.environ["CLOCK_FILE"])
    file.write_text(str(BACK))
    seen = looked_at(running, for_seconds=8.0)
    file.write_text("0")
    return seen


DRILLS: dict[str, Callable[[Instance, Disk | None], dict[str, Any]]] = {
    "gone": database_gone, "locked": locked, "full": disk_full, "read-only": read_only,
    "clock": clock_back,
}
ON_A_DISK = ("full", "read-only")


def looked_at(running: Instance, *, for_seconds: float) -> dict[str, Any]:
    """What a reader and a reporter see while it lasts: statuses, and the slowest answer.

    ``words kept``: whether a page that says “later” has the words of the report in its form.
    """
    seen: dict[str, Any] = {"map": set(), "report": set(), "words kept": set(), "slowest s": 0.0}
    until, number, ticket = time.monotonic() + for_seconds, 0, running.ticket
    while time.monotonic() < until:
        began = time.monotonic()
        seen["map"].add(Line(running.port).ask(Ask("", "GET", "/m", ""), Ticket()).status)
        reply = ask(running.port, ticket, f"meanwhile-{number}-{began}")
        seen["report"].add(reply.status if reply else 0)
        if reply is not None and reply.status == 503:
            seen["words kept"].add(f'value="{TEXT} meanwhil"'.encode() in reply.body)
        seen["slowest s"] = max(seen["slowest s"], round(time.monotonic() - began, 1))
        number += 1
        time.sleep(0.5)
    return {name: sorted(value) if isinstance(value, set) else value
            for name, value in seen.items()}


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
    with own_disk(running) if name in ON_A_DISK else nullcontext() as disk:
        running.ticket = signed_in(running.port)
        with sending(running.port, told):
            time.sleep(4)
            fault = time.monotonic() - told.began
            seen = {"fault at s": round(fault, 2), **DRILLS[name](running, disk)}
            over = time.monotonic()
            taken_again(running)
            again = time.monotonic() - over
            time.sleep(4)
        emptied = drained_there(running)
    reads = name == "clock" or running.database is None  # the library goes on without its disk
    wrong = compare(told) + judged(name, seen, reads=reads)
    return {**counted(told, wrong), "seconds": round(time.monotonic() - began),
            "more": {**seen, "taken again after s": round(again, 1),
                     "queue empty after s": round(emptied, 1)}}


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


def judged(name: str, seen: dict[str, Any], *, reads: bool) -> list[str]:
    """A report is taken or told “later” with its words, never 500; ``reads``: the map stays."""
    wrong = [f"{what}: {status}" for what in ("map", "report") for status in seen[what]
             if status not in (200, 503)]
    wrong += ["a page told “later” without the words of the report"] * (False in seen["words kept"])
    if reads and seen["map"] != [200]:
        wrong.append(f"the map did not stay readable: {seen['map']}")
    if name != "clock" and 503 not in seen["report"]:
        wrong.append("the fault was not felt")
    return wrong


if __name__ == "__main__":
    main()
