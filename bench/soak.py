"""``make soak``: everything is killed, filled, locked and cut off under load; nothing may be lost.

Each drill runs as a process of its own, has a database of its own, and says what it found. About
an hour in all; ``--only kills`` or ``--only "outages full sqlite"`` runs what is so called and
renews its rows. The seed is printed and can be given again. The status is 1 where anything was
lost, doubled, wrong, or did not come to its end.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from typing import Any

from .machine import facts
from .soak_page import PAGE, line, renewed

MOST = 1800  # seconds a drill may take
BOTH = ("sqlite", "postgresql")


def _drills(module: str, *names: str) -> tuple[tuple[str, ...], ...]:
    return tuple((module, *name.split()) for name in names)


DRILLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "kills": _drills("kills", *BOTH),
    "outages": _drills("outages", "gone postgresql", "locked sqlite", "full sqlite",
                       "full postgresql", "read-only sqlite", "read-only postgresql",
                       "clock sqlite", "clock postgresql"),
    "standby": (("standby", "--synchronous"), ("standby",)),
    "backups": _drills("backups", *(f"{name} {cases}" for name in BOTH
                                    for cases in ("10000 --load", "200000"))),
    "exchange": (("pytest", "bench/test_two_instances.py"),),
    "proxy": (("pytest", "bench/test_proxy.py"),),
    "interfaces": (("open311", "--verify"),
                   ("open311", "--verify", "--database", "postgresql", "--form", "xml"),
                   ("pytest", "tests/fuzz")),
}


def main() -> int:
    """Run them, renew their rows of the page; 1 where anything was wrong."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--only", default="", help="the beginning of what drills are called")
    wanted.add_argument("--seed", type=int, default=int(time.time()))
    options = wanted.parse_args()
    print(f"seed {options.seed}", flush=True)
    machine, failed = facts(), False
    for command in called(options.only):
        figures = run(command, options.seed)
        failed = failed or bool(figures["wrong"])
        row = line(figures, datetime.now(UTC).date(), machine["commit"])
        print(row, flush=True)
        PAGE.write_text(renewed(
            PAGE.read_text() if PAGE.exists() else "", [row], machine, " ".join(command)))
    return 1 if failed else 0


def called(beginning: str) -> list[tuple[str, ...]]:
    """The drills of that kind, or whose words begin so; raises ``SystemExit`` without any."""
    found = [one for kind, drills in DRILLS.items() for one in drills
             if kind == beginning or " ".join(one).startswith(beginning)]
    if not found:
        raise SystemExit(f"no drill is called {beginning}: {', '.join(DRILLS)}")
    return found


def run(command: tuple[str, ...], seed: int) -> dict[str, Any]:
    """One drill; what went wrong with the drill itself counts as wrong."""
    module, *args = command
    began = time.monotonic()
    if module == "kills":
        args += ["--seed", str(seed)]
    try:
        done = subprocess.run(_words(module, args), text=True, capture_output=True, check=False,
                              timeout=MOST, env={**os.environ, "FUZZ": "150"})
        figures = _said(module, done)
    except (subprocess.TimeoutExpired, IndexError, ValueError) as problem:
        said = "" if isinstance(problem, subprocess.TimeoutExpired) else done.stderr[-1500:]
        figures = {"wrong": [f"{problem!r} {said}"]}
    named = {"drill": " ".join(command), "database": "", "seconds": round(time.monotonic() - began)}
    return {**named, **figures}


def _words(module: str, args: list[str]) -> list[str]:
    """A drill of bench/, or tests that take their time."""
    if module == "pytest":
        return [sys.executable, "-m", "pytest", *args, "-q", "-p", "no:cacheprovider", "-p",
                "no:xdist"]
    return [sys.executable, "-m", f"bench.{module}", *args]


def _said(module: str, done: "subprocess.CompletedProcess[str]") -> dict[str, Any]:
    """Drills say JSON at their end; others say how it ended by their status and their last line."""
    if module not in ("pytest", "open311"):
        figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return figures
    last = done.stdout.strip().splitlines()[-1]
    wrong = [f"status {done.returncode}: {done.stdout[-600:]}"] if done.returncode else []
    return {"more": {"said": last.strip("= ")[:400]}, "wrong": wrong,
            "skipped": last.startswith("skipped")}


if __name__ == "__main__":
    sys.exit(main())
