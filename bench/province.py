"""``python -m bench.province``: locating in a province of cells, by one process and by the next."""

import json
import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

from .machine import facts
from .town import CACHE, ROOT

ACROSS, UP = 750, 600  # micro-grids
POINTS, SINGLES = 1_000_000, 20_000
DAY = date(2026, 1, 1)


def main() -> int:
    """Make the province once, then measure it in two processes, one after the other."""
    folder = CACHE / f"province-{ACROSS}x{UP}"
    environment = {**os.environ, "YIWANG_DATA": str(folder), "PYTHONPATH": str(ROOT)}
    environment.pop("YIWANG_DATABASE", None)
    if not (folder / "made").exists():
        _run("make()", environment)
        (folder / "made").touch()
    for old in (folder / "cells").glob("*/*"):
        old.unlink()
    for old in (folder / "cells").glob("*/"):
        old.rmdir()
    first, second = (json.loads(_run("measure()", environment)) for _ in range(2))
    found = {"machine": facts(), "first": first, "second": second}
    (CACHE / "province.json").write_text(json.dumps(found, indent=1))
    print(json.dumps(found, indent=1))
    return 0


def _run(told: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-c", f"from bench.province import *; open_django(); {told}"]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment, cwd=ROOT,
                          text=True).stdout


def open_django() -> None:
    """Over the folder that ``YIWANG_DATA`` names."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    import django

    django.setup()


def make() -> None:
    """Tables, and all cells with their shapes."""
    from itertools import islice

    from yiwang.cli.migrate import migrate_tables
    from yiwang.kernel.places.models import Cell, CellShape, Layer

    from .made_province import cells

    migrate_tables()
    layer, _ = Layer.objects.get_or_create(code="governance", defaults={"name": "治理网格"})
    made = cells(ACROSS, UP)
    while rows := list(islice(made, 5_000)):
        Cell.objects.bulk_create(
            Cell(code=code, layer=layer, name=code, since=DAY) for code, _ in rows)
        CellShape.objects.bulk_create(
            CellShape(cell_id=code, since=DAY, datum="wgs84",
                      geometry={"type": "Polygon", "coordinates": [ring]}) for code, ring in rows)


def measure() -> None:
    """Seconds until the first answer, points a second, microseconds a point, memory."""
    import numpy as np

    from yiwang.kernel.places.locate import locate, locate_all

    from .made_province import SOUTH, STEP, WEST

    rng = np.random.default_rng(1)
    lons = (WEST + STEP * rng.uniform(1, ACROSS - 1, POINTS)).tolist()
    lats = (SOUTH + STEP * rng.uniform(1, UP - 1, POINTS)).tolist()
    before, start = memory(), time.perf_counter()
    locate(lons[0], lats[0], on=DAY)
    ready = time.perf_counter()
    for lon, lat in zip(lons[:SINGLES], lats[:SINGLES], strict=True):
        locate(lon, lat, on=DAY)
    singly = time.perf_counter()
    found = locate_all(lons, lats, on=DAY)
    end = time.perf_counter()
    print(json.dumps({
        "ready_s": ready - start, "microseconds": (singly - ready) / SINGLES * 1e6,
        "points_a_second": POINTS / (end - singly), "in_a_micro_grid": sum(
            bool(each.micro) for each in found), "memory_before_mb": before, **memory_now()}))


def memory() -> float:
    """Resident megabytes of this process."""
    return _status("VmRSS")


def memory_now() -> dict[str, Any]:
    """Resident, highest, and the part no other process can share, in megabytes."""
    rollup = Path("/proc/self/smaps_rollup").read_text()
    own = sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Private_D"))
    folder = Path(os.environ["YIWANG_DATA"], "cells")
    saved = sum(path.stat().st_size for path in folder.rglob("*.npy"))
    return {"memory_mb": memory(), "highest_mb": _status("VmHWM"), "own_mb": own / 1024,
            "index_mb": saved / 1e6}


def _status(name: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024


if __name__ == "__main__":
    sys.exit(main())
