"""``make bench`` measures all into docs/bench.md; ``python -m bench --small`` has a quick look."""

import argparse
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .machine import facts
from .table import page_of
from .town import CACHE, ROOT

SIZES = (10_000, 200_000)
VERIFIED = 10_000  # up to this size the trail is proved afterwards
PAGE = ROOT / "docs" / "bench.md"


def main() -> int:
    """Measure, print the page, and (unless it was a quick look) write it to the docs."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--small", action="store_true", help="SQLite, 10 thousand cases, 5 s")
    wanted.add_argument("--database", action="append", choices=("sqlite", "postgresql"))
    wanted.add_argument("--cases", action="append", type=int)
    wanted.add_argument("--seconds", type=float, default=15.0)
    options = wanted.parse_args()
    databases = ("sqlite",) if options.small else options.database or ("sqlite", "postgresql")
    sizes = SIZES[:1] if options.small else options.cases or SIZES
    machine, at = facts(), datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    seconds = 5.0 if options.small else options.seconds
    stages = [_stage(name, size, seconds) for name in databases for size in sizes]
    page = page_of(machine, at, stages)
    print(page)
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "last.json").write_text(json.dumps({"machine": machine, "at": at, "stages": stages}))
    if not (options.small or options.database or options.cases):
        PAGE.write_text(page)
    return 1 if any(stage["errors"] for stage in stages) else 0


def _stage(database: str, cases: int, seconds: float) -> dict[str, Any]:
    print(f"· {database}, {cases:,} …", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", "bench.stage", database, str(cases), "--seconds",
               str(seconds), *(["--verify"] if cases <= VERIFIED else [])]
    environment = {**os.environ, "POSTGRES_DURABLE": "1", "PYTHON": sys.executable,
                   "PYTHONPATH": str(ROOT)}
    environment.pop("YIWANG_DATABASE", None)
    if database == "postgresql":
        command.insert(0, str(Path(ROOT, "scripts", "with_postgres.sh")))
    said = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment, cwd=ROOT)
    figures: dict[str, Any] = json.loads(said.stdout)
    for error in dict.fromkeys(figures["errors"][:20]):
        print(f"  error: {error}", file=sys.stderr)
    return {"database": database, "cases": cases, **figures}


if __name__ == "__main__":
    sys.exit(main())
