"""``python -m bench.lake``: the cockpit's set over a made lake, by DuckDB and by a Spark cluster.

The lake lies in ``.cache/bench/lake`` and is made once; what was found lies beside it, in
``lake.json`` (seconds). Exits with 1 where two counts differ.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from .machine import facts
from .town import CACHE, ROOT

ROWS = 36_000_000
AIM = 3.0  # seconds, DuckDB from the daily sums
SPANS = {"three years": (date(2024, 1, 1), date(2026, 12, 31)),
         "a year": (date(2026, 1, 1), date(2026, 12, 31)),
         "a month": (date(2026, 12, 1), date(2026, 12, 31))}
TIMES = 3  # the middle one counts
RESULT = CACHE / "lake.json"
Counted = dict[str, Any]  # span, days, seconds, cpu, board


def main() -> int:
    """Make the lake where it is missing, measure, print, keep."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--rows", type=int, default=ROWS)
    wanted.add_argument("--spark", action="store_true", help="also on a cluster")
    options = wanted.parse_args()
    folder = CACHE / ("lake" if options.rows == ROWS else f"lake-{options.rows}")
    _open_django()
    made = _made(folder, options.rows)
    machine = facts()
    files = list(folder.glob("**/*.parquet"))
    found = {"machine": machine, "rows": options.rows, "files": len(files),
             "bytes": sum(path.stat().st_size for path in files), **made,
             "spans": _spans(on_duckdb_here(folder), _on_spark(folder) if options.spark else [])}
    RESULT.write_text(json.dumps(found, indent=1))
    print(json.dumps(found, indent=1), table_of(found), sep="\n")
    return 0 if all(span["equal"] for span in found["spans"]) else 1


def table_of(found: Mapping[str, Any]) -> str:
    """What was kept, as a table of the docs."""
    head = ("span", f"DuckDB, s (aim {AIM:.0f})", "… processor s", "from the cases, s",
            "Spark, s", "equal")
    rows = [(span["span"], _missed(span["duckdb"]), f"{span['cpu']:.2f}",
             f"{span['from cases']:.1f}", _seconds(span["spark"]),
             "yes" if span["equal"] else "**no**") for span in found["spans"]]
    lines = ["| " + " | ".join(row) + " |" for row in (head, ("---",) * len(head), *rows)]
    said = (f"{found['rows']:,} cases in {found['files']:,} files, {found['bytes'] / 1e9:.1f} GB; "
            f"load {found['machine']['load before']} before.")
    return "\n".join([said, "", *lines, ""])


def _missed(seconds: float) -> str:
    return f"{seconds:.2f}" if seconds <= AIM else f"**{seconds:.2f}**"


def _seconds(spark: float | None) -> str:
    return "docs/lake.md" if spark is None else f"{spark:.0f}"


def _open_django() -> None:
    os.environ["YIWANG_DATA"] = str(CACHE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    import django

    django.setup()


def _made(folder: Path, rows: int) -> dict[str, float]:
    """Seconds it took to make, where it was made now; one of an older program is made anew."""
    from yiwang.kernel.lake.engines import days_hold

    from .made_lake import AS_OF, make_lake

    if (folder / "lake.json").exists() and days_hold([folder], AS_OF):
        return {}
    begun = time.perf_counter()
    make_lake(folder, rows=rows)
    return {"made in": round(time.perf_counter() - begun, 1)}


def _spans(duckdb: list[Counted], spark: list[Counted]) -> list[dict[str, Any]]:
    """For each span what the engines took, and whether all of them counted the same."""
    return [_span(name, [one for one in duckdb if one["span"] == name],
                  [one for one in spark if one["span"] == name]) for name in SPANS]


def _span(name: str, duckdb: list[Counted], spark: list[Counted]) -> dict[str, Any]:
    by_days = sorted((one for one in duckdb if one["days"]), key=lambda one: one["seconds"])
    middle = by_days[len(by_days) // 2]
    cases = next(one for one in duckdb if not one["days"])
    return {"span": name, "duckdb": middle["seconds"], "cpu": middle["cpu"],
            "from cases": cases["seconds"], "spark": spark[0]["seconds"] if spark else None,
            "equal": all(one["board"] == cases["board"] for one in (*duckdb, *spark))}


def on_duckdb_here(folder: Path) -> list[Counted]:
    """A fresh DuckDB each time: opening the files is part of the time."""
    from yiwang.kernel.lake.engines import on_duckdb

    return [_counted(lambda: on_duckdb([folder]), name, days)
            for name in SPANS for days in (*[True] * TIMES, False)]


def on_spark_here(folder: Path, master: str) -> list[Counted]:
    """One session for all: what stays behind from one span to the next is part of a cluster."""
    _open_django()
    from yiwang.kernel.lake.engines import on_spark

    tables = on_spark([folder], master)
    return [_counted(lambda: tables, name, True) for name in SPANS]


def _counted(tables: Callable[[], Any], name: str, days: bool) -> Counted:
    from yiwang.algorithms.working_time import ZONE
    from yiwang.kernel.lake.answers import board_of_lake
    from yiwang.kernel.practice import practices
    from yiwang.kernel.records.metrics import Period

    from .made_lake import AS_OF

    period = Period(*SPANS[name], AS_OF.astimezone(ZONE))
    wall, cpu = time.perf_counter(), time.process_time()
    board = board_of_lake(tables(), practices["events"], period, days=days).as_plain()
    return {"span": name, "days": days, "seconds": round(time.perf_counter() - wall, 2),
            "cpu": round(time.process_time() - cpu, 2), "board": board}


def _on_spark(folder: Path) -> list[Counted]:
    """In Spark's own environment, beside a cluster of one master and two workers."""
    told = ("import json, os, pathlib, sys; from bench.lake import on_spark_here as count; "
            "print(json.dumps(count(pathlib.Path(sys.argv[1]), os.environ['SPARK_MASTER'])))")
    run = subprocess.run(
        [ROOT / "scripts" / "with_spark.sh", ROOT / ".cache/spark/bin/python", "-c", told, folder],
        check=True, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    said: list[Counted] = json.loads(run.stdout.splitlines()[-1])
    return said


if __name__ == "__main__":
    sys.exit(main())
