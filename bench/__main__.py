"""``make bench`` measures all into docs/benchmarks.md; ``python -m bench --small`` is a quick look.

What each part finds is kept under ``.cache/bench/found``, so that parts may be run one by one:
``--database``, ``--cases`` and ``--part`` choose some, ``--page`` only writes the page anew.
"""

import argparse
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .curves import draw
from .machine import facts
from .page import page_of
from .table import lives_and_pages
from .town import CACHE, ROOT

SIZES = {"sqlite": (10_000, 200_000, 1_000_000),
         "postgresql": (10_000, 200_000, 1_000_000, 10_000_000)}
VERIFIED = 10_000  # up to this size the trail is proved afterwards
FOUND = CACHE / "found"
DOCS = ROOT / "docs"
# Other parts: what each runs, and whether a server of PostgreSQL is put beside it.
PARTS = {
    "open311-sqlite": ("bench.open311", "--verify"),
    "open311-postgresql": ("bench.open311", "--database", "postgresql", "--form", "xml"),
    "province": ("bench.province",),
    "lake": ("bench.lake",),
}


def main() -> int:
    """Measure what was chosen, keep it, and write the page from all that is kept."""
    options = _options()
    FOUND.mkdir(parents=True, exist_ok=True)
    if options.small:
        stage = _stage("sqlite", 10_000, 5.0)
        print(lives_and_pages([stage]))
        return 1 if stage["errors"] else 0
    wrong = 0 if options.page else _measure(options)
    stages = _stages()
    pictures = draw(stages, DOCS / "images")
    (DOCS / "benchmarks.md").write_text(page_of(stages, _kept_parts(), pictures))
    return wrong


def _options() -> argparse.Namespace:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--small", action="store_true", help="SQLite, 10 thousand cases, 5 s")
    wanted.add_argument("--database", action="append", choices=tuple(SIZES))
    wanted.add_argument("--cases", action="append", type=int)
    wanted.add_argument("--part", action="append", choices=tuple(PARTS))
    wanted.add_argument("--page", action="store_true", help="measure nothing, write the page")
    wanted.add_argument("--seconds", type=float, default=15.0)
    return wanted.parse_args()


def _measure(options: argparse.Namespace) -> int:
    """The stages and parts chosen; all where none is. 1 where anything was wrong."""
    chosen = options.database or options.cases or options.part
    names = options.database or (tuple(SIZES) if not options.part or options.cases else ())
    wrong = 0
    for name in names:
        for cases in options.cases or SIZES[name]:
            stage = _stage(name, cases, options.seconds)
            (FOUND / f"{name}-{cases}.json").write_text(json.dumps(stage))
            wrong |= bool(stage["errors"])
    for part in options.part or (() if chosen else PARTS):
        wrong |= _part(part)
    return int(wrong)


def _stage(database: str, cases: int, seconds: float) -> dict[str, Any]:
    print(f"· {database}, {cases:,} …", file=sys.stderr, flush=True)
    machine, at = facts(), _now()
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
    return {"database": database, "cases": cases, "machine": machine, "at": at, **figures}


def _part(part: str) -> int:
    """Run a part as the command it is; what it says last, as JSON, is kept."""
    print(f"· {part} …", file=sys.stderr, flush=True)
    machine, at = facts(), _now()
    run = subprocess.run([sys.executable, "-m", *PARTS[part]], cwd=ROOT, check=False,
                         stdout=subprocess.PIPE, text=True)
    (FOUND / f"{part}.json").write_text(
        json.dumps({"machine": machine, "at": at, "said": run.stdout, "status": run.returncode}))
    return run.returncode


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _stages() -> list[dict[str, Any]]:
    """What is kept of stages, in the order of the page; only of pages measured now."""
    kept = [FOUND / f"{name}-{cases}.json" for name, sizes in SIZES.items() for cases in sizes]
    return [json.loads(path.read_text()) for path in kept if path.exists()]


def _kept_parts() -> dict[str, dict[str, Any]]:
    return {part: json.loads(path.read_text()) for part in PARTS
            if (path := FOUND / f"{part}.json").exists()}


if __name__ == "__main__":
    sys.exit(main())
