"""``python -m bench.lake``: the cockpit's set over a made lake, by DuckDB and by a Spark cluster.

The lake lies in ``.cache/bench/lake`` and is made once. Exits with 1 where two counts differ.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

from .machine import facts
from .town import CACHE, ROOT

ROWS = 36_000_000
SPANS = {"three years": (date(2024, 1, 1), date(2026, 12, 31)),
         "a year": (date(2026, 1, 1), date(2026, 12, 31)),
         "a month": (date(2026, 12, 1), date(2026, 12, 31))}
TIMES = 3  # the middle one counts


def main() -> int:
    """Make the lake where it is missing, measure, print."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--rows", type=int, default=ROWS)
    wanted.add_argument("--spark", action="store_true", help="also on a cluster")
    options = wanted.parse_args()
    os.environ["YIWANG_DATA"] = str(CACHE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    import django

    django.setup()
    folder = CACHE / ("lake" if options.rows == ROWS else f"lake-{options.rows}")
    if not (folder / "lake.json").exists():
        from .made_lake import make_lake

        make_lake(folder, rows=options.rows)
    size = sum(path.stat().st_size for path in folder.glob("**/*.parquet"))
    print(json.dumps({**facts(), "rows": options.rows, "bytes": size}))
    same = [_span(folder, name, *days, options.spark) for name, days in SPANS.items()]
    return 0 if all(same) else 1


def _span(folder: Path, name: str, since: date, until: date, spark: bool) -> bool:
    from .made_lake import AS_OF

    at = AS_OF.astimezone()
    by_days, boards = [], []
    for days in (*[True] * TIMES, False):
        begun = time.perf_counter()
        boards.append(_duckdb(folder, since, until, days))
        by_days.append(round(time.perf_counter() - begun, 2))
    said: dict[str, Any] = {"span": name, "duckdb": sorted(by_days[:TIMES])[TIMES // 2],
                            "duckdb, from the cases": by_days[-1],
                            "equal": boards[0] == boards[-1]}
    if spark:
        found = _spark(folder, since, until, at)
        said |= {"spark": found["seconds"],
                 "spark equal": found["practices"]["events"] == boards[0]}
    print(json.dumps(said), flush=True)
    return bool(said["equal"] and said.get("spark equal", True))


def _duckdb(folder: Path, since: date, until: date, days: bool) -> dict[str, Any]:
    """A fresh DuckDB each time: opening the files is part of the time."""
    from yiwang.algorithms.working_time import ZONE
    from yiwang.kernel.lake.answers import board_of_lake
    from yiwang.kernel.lake.engines import on_duckdb
    from yiwang.kernel.practice import practices
    from yiwang.kernel.records.metrics import Period

    from .made_lake import AS_OF

    period = Period(since, until, AS_OF.astimezone(ZONE))
    return board_of_lake(on_duckdb([folder]), practices["events"], period, days=days).as_plain()


def _spark(folder: Path, since: date, until: date, at: datetime) -> dict[str, Any]:
    """The command as an operator runs it, from Spark's own environment."""
    from yiwang.algorithms.working_time import ZONE

    command = [str(ROOT / "scripts" / "with_spark.sh"), str(ROOT / ".cache/spark/bin/yiwang"),
               "metrics", "--lake", str(folder), "--engine", "spark", "--json",
               "--since", str(since), "--until", str(until),
               "--as-of", at.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M:%S")]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    said: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return said


if __name__ == "__main__":
    sys.exit(main())
