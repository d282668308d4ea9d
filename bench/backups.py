"""Backup and restore of a filled town: how long, how large; under load, nothing told is missing.

The instance serves all the while. The copy is restored into an empty place of its own and proved
there; what was acknowledged before the backup began must be in it.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .cluster import owner
from .kills import Instance, instance
from .senders import Told, compare, counted, drained, sending
from .town import CACHE

BEFORE = 4.0  # seconds of load before the backup begins, and after it
COMMAND = [sys.executable, "-c", "import sys; from yiwang.cli import main; sys.exit(main())"]
KEYS_THERE = """
import django, json, sys
django.setup()
from yiwang.kernel.cases.models import Case
asked = json.load(sys.stdin)
print(json.dumps(list(Case.objects.filter(once_key__in=asked).values_list("once_key", flat=True))))
"""


@dataclass
class Place:
    """Where the copy goes and where it is put back; the settings of a process that looks there."""

    folder: Path
    database: str
    wrong: list[str] = field(default_factory=list)

    def command(self, *words: str, here: bool = False) -> Any:
        """A command's answer as JSON: of the restored instance, or of the one that serves."""
        done = subprocess.run([*COMMAND, *words, "--json"], text=True, capture_output=True,
                              check=False, env=None if here else self.environment)
        if done.returncode:
            self.wrong.append(f"{words[0]} ended with {done.returncode}: {done.stderr[-300:]}")
        return json.loads(done.stdout.splitlines()[-1])

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "YIWANG_DATA": str(self.folder / "data"),
                "YIWANG_DATABASE": self.database}

    def missing(self, keys: list[str]) -> set[str]:
        """Which of these reports the restored instance does not have."""
        said = subprocess.run([sys.executable, "-c", KEYS_THERE], env=self.environment, text=True,
                              input=json.dumps(keys), capture_output=True, check=True)
        return set(keys) - set(json.loads(said.stdout))


def main() -> None:
    """``python -m bench.backups sqlite 10000 --load``: figures as JSON on standard output."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("database", choices=("sqlite", "postgresql"))
    wanted.add_argument("cases", type=int)
    wanted.add_argument("--load", action="store_true")
    options = wanted.parse_args()
    with instance(options.database, options.cases) as running, \
            tempfile.TemporaryDirectory(dir=CACHE, prefix="backup-") as folder:
        place = Place(Path(folder), _empty_database(running))
        figures = drill(running, place, loaded=options.load)
    name = f"backup of {options.cases:,} cases" + (", under load" if options.load else "")
    print(json.dumps({"drill": name, "database": options.database, **figures},
                     ensure_ascii=False))


def drill(running: Instance, place: Place, *, loaded: bool) -> dict[str, Any]:
    """Back up while it serves, restore elsewhere, look for what was told."""
    told, began = Told(), time.monotonic()
    with sending(running.port, told) if loaded else nullcontext():
        time.sleep(BEFORE if loaded else 0)
        before = list(told.numbers)
        taken = place.command("backup", str(place.folder / "copies"), here=True)
        during = len(told.numbers) - len(before)
        time.sleep(BEFORE if loaded else 0)
    if loaded:
        drained()
    restored = place.command("restore", taken["folder"])
    missing = place.missing(before)
    wrong = compare(told) if loaded else []
    wrong += place.wrong + [f"not in the backup: {key}" for key in missing]
    wrong += [f"after restoring: {fault}" for fault in restored["faults"][:5]]
    return {**counted(told, wrong), "seconds": round(time.monotonic() - began),
            "more": {"cases": taken["cases"], "trail entries": taken["entries"],
                     "database MB": round(_database_size(running) / 1e6),
                     "backup s": taken["seconds"], "backup MB": round(_size(taken) / 1e6),
                     "reports taken meanwhile": during, "restore and proof s": restored["seconds"],
                     "told before and looked for": len(before)}}


def _empty_database(running: Instance) -> str:
    """A second, empty database beside the first; SQLite's is a file of the new folder."""
    if running.database is None:
        return ""
    owner("createdb", "-h", "127.0.0.1", "-p", str(running.database.port), "-U", "yiwang", "again")
    return running.database.url("again")


def _database_size(running: Instance) -> int:
    if running.database is None:
        return (running.data / "yiwang.sqlite3").stat().st_size
    return int(str(running.database.ask("SELECT pg_database_size('yiwang')")[0][0]))


def _size(taken: dict[str, Any]) -> int:
    return sum(path.stat().st_size for path in Path(taken["folder"]).rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
