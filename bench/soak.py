"""``make soak``: everything is killed, filled, locked and cut off under load; nothing may be lost.

Each drill runs as a process of its own, has a database of its own, and says what it found. About
ten minutes in all; ``--only kills`` runs one kind. The seed is printed and can be given again.
"""

import argparse
import json
import subprocess
import sys
import time
from typing import Any

DRILLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "kills": (("kills", "sqlite"), ("kills", "postgresql")),
    "outages": (("outages", "gone", "postgresql"), ("outages", "locked", "sqlite"),
                ("outages", "full", "sqlite"), ("outages", "read-only", "sqlite"),
                ("outages", "clock", "sqlite"), ("outages", "clock", "postgresql")),
    "standby": (("standby", "--synchronous"), ("standby",)),
}
MOST = 900  # seconds a drill may take
SHOWN = ("acknowledged", "no answer", "later", "longest wait s", "seconds")


def main() -> int:
    """Run them, print the table; 1 where anything was lost, doubled or did not come back."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--only", choices=tuple(DRILLS))
    wanted.add_argument("--seed", type=int, default=int(time.time()))
    options = wanted.parse_args()
    print(f"seed {options.seed}\n\n| drill | database | {' | '.join(SHOWN)} | more | wrong |\n"
          f"|{'---|' * (len(SHOWN) + 4)}", flush=True)
    wrong = 0
    for kind in [options.only] if options.only else DRILLS:
        for command in DRILLS[kind]:
            more = ("--seed", str(options.seed)) if kind == "kills" else ()
            wrong += told(run((*command, *more)))
    return 1 if wrong else 0


def run(command: tuple[str, ...]) -> dict[str, Any]:
    """One drill; what went wrong with the drill itself counts as wrong."""
    module, *args = command
    try:
        done = subprocess.run([sys.executable, "-m", f"bench.{module}", *args], text=True,
                              capture_output=True, check=False, timeout=MOST)
        figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (subprocess.TimeoutExpired, IndexError, ValueError) as problem:
        said = "" if isinstance(problem, subprocess.TimeoutExpired) else done.stderr[-1500:]
        return {"drill": " ".join(command), "database": "", "wrong": [f"{problem!r} {said}"]}
    return figures


def told(figures: dict[str, Any]) -> int:
    """Print a drill's line; how much was wrong."""
    cells = [str(figures.get(name, "—")) for name in ("drill", "database", *SHOWN)]
    more = "; ".join(f"{name}: {value}" for name, value in figures.get("more", {}).items())
    wrong = figures["wrong"]
    print(f"| {' | '.join(cells)} | {more} | {'; '.join(map(str, wrong)) or '0'} |", flush=True)
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
