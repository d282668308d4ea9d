"""Filled databases, made once and kept under .cache/bench: what is measured is a copy."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from .multiply import BASE

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "bench"
MADE_OF = ("src/yiwang/practices/events/demo/*.py", "src/yiwang/practices/events/states.py",
           "bench/fill.py")


def prepare(database: str, cases: int) -> Path:
    """A data folder of its own with that many cases; for PostgreSQL, the tables go into the server.

    ``YIWANG_DATABASE`` names the server and is empty for SQLite.
    """
    lived = BASE if database == "postgresql" and cases > BASE else cases
    kept = CACHE / f"{database}-{lived}-{_stamp()}"
    made_now = not kept.exists()
    if made_now:
        _make(kept, database, lived)
    used = CACHE / f"run-{os.getpid()}"
    shutil.copytree(kept, used)
    if database == "postgresql" and not made_now:  # else the server holds it already
        _pg("pg_restore", "--no-owner", "--dbname", os.environ["YIWANG_DATABASE"],
            str(used / "town.dump"))
    if not made_now:  # what was filled before a newer migration is migrated, as a town's would be
        _here(used, "from yiwang.cli.migrate import bring_up_to_date; bring_up_to_date()")
    if cases > lived:
        _here(used, f"import bench.town; bench.town.multiply_here({cases // lived})")
    _here(used, "import bench.town; bench.town.tell_here()")
    if database == "postgresql":
        _pg("psql", "--quiet", "--command", "VACUUM ANALYZE", os.environ["YIWANG_DATABASE"])
    return used


def _stamp() -> str:
    """Changes with whatever the tables or their content are made of."""
    digest = hashlib.sha256()
    for pattern in MADE_OF:
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _forget_old(database: str, cases: int) -> None:
    for old in CACHE.glob(f"{database}-{cases}-*"):
        shutil.rmtree(old)


def _make(kept: Path, database: str, cases: int) -> None:
    """Fill a folder of this process's own, and give it its name when it is whole."""
    folder = CACHE / f"making-{os.getpid()}"
    folder.mkdir(parents=True)
    try:
        _fill(folder, database, cases)
        _forget_old(database, cases)
        folder.rename(kept)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fill(folder: Path, database: str, cases: int) -> None:
    _here(folder, f"import bench.town; bench.town.fill_here({cases})")
    if database == "postgresql":
        _pg("pg_dump", "--format=custom", "--compress=1", "--no-owner", "--file",
            str(folder / "town.dump"), os.environ["YIWANG_DATABASE"])


def _here(folder: Path, told: str) -> None:
    """Run statements in a process of its own over a data folder."""
    subprocess.run([sys.executable, "-c", told], check=True, cwd=ROOT,
                   env={**os.environ, "YIWANG_DATA": str(folder)}, stdout=sys.stderr)


def fill_here(cases: int) -> None:
    """Make the demo town in this process's data folder and fill it."""
    from yiwang.cli.demo import make_town
    from yiwang.cli.migrate import bring_up_to_date

    bring_up_to_date()
    make_town()
    from django.db import connection
    from django.utils import timezone

    from .fill import fill

    fill(cases, at=timezone.now())
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def multiply_here(times: int) -> None:
    """Copy the finished cases of this process's database."""
    _open_django()
    from .multiply import multiply

    multiply(times)


def tell_here() -> None:
    """What the filling did is told already: nothing is measured beside ten thousand deliveries."""
    _open_django()
    from django.utils.timezone import now

    from yiwang.kernel.records.models import OutboxMessage

    OutboxMessage.objects.filter(delivered_at__isnull=True).update(delivered_at=now())


def _open_django() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    django.setup()


def _pg(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
