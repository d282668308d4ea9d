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

from .machine import facts
from .town import ROOT

DRILLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "kills": (("kills", "sqlite"), ("kills", "postgresql")),
    "outages": (("outages", "gone", "postgresql"), ("outages", "locked", "sqlite"),
                ("outages", "full", "sqlite"), ("outages", "clock", "sqlite"),
                ("outages", "clock", "postgresql")),
    "standby": (("standby", "--synchronous"), ("standby",)),
}
MOST = 900  # seconds a drill may take
PAGE = ROOT / "docs" / "soak.md"
INTRODUCTION = """# Faults survived

`make soak` writes this page. Four senders report all the time and send again under the same key
until they are answered, as the phone does. **wrong** counts what was acknowledged and is lost or
doubled, events not delivered or delivered twice, trails that do not prove, answers other than
“taken” (200) and “later” (503). *no answer*: the line was cut; *later*: 503; *longest wait*: from
the first sending of a report to its number.
"""
SHOWN = ("acknowledged", "no answer", "later", "longest wait s", "seconds")


def main() -> int:
    """Run them, print the table; 1 where anything was lost, doubled or did not come back."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--only", choices=tuple(DRILLS))
    wanted.add_argument("--seed", type=int, default=int(time.time()))
    options = wanted.parse_args()
    print(f"seed {options.seed}", flush=True)
    figures = []
    for kind in [options.only] if options.only else DRILLS:
        for command in DRILLS[kind]:
            more = ("--seed", str(options.seed)) if kind == "kills" else ()
            figures.append(run((*command, *more)))
            print(line(figures[-1]), flush=True)
    if not options.only:
        PAGE.write_text(page_of(figures, facts()))
    return 1 if any(drill["wrong"] for drill in figures) else 0


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


def line(figures: dict[str, Any]) -> str:
    """A drill's row of the table."""
    cells = [str(figures.get(name, "—")) for name in ("drill", "database", *SHOWN)]
    more = "; ".join(f"{name}: {value}" for name, value in figures.get("more", {}).items())
    wrong = "; ".join(map(str, figures["wrong"])) or "0"
    return f"| {' | '.join(cells)} | {more} | {wrong} |"


def page_of(figures: list[dict[str, Any]], machine: dict[str, str]) -> str:
    """docs/soak.md: the machine, what the columns mean, a row for each drill."""
    head = f"| drill | database | {' | '.join(SHOWN)} | more | wrong |"
    facts_of = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    rows = "\n".join(line(drill) for drill in figures)
    return f"{INTRODUCTION}\n{facts_of}\n\n{head}\n|{'---|' * (len(SHOWN) + 4)}\n{rows}\n"


if __name__ == "__main__":
    sys.exit(main())
