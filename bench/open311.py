"""The real Open311 file in and out again: imported, served, read back by the independent reader.

``python -m bench.open311 [--database sqlite|postgresql] [--form json|xml] [--verify]``. Prints one
line of JSON: rows, seconds and processor seconds of the import, what the reader found. A folder
without the file is said plainly, and nothing is claimed.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from .serving import serving
from .town import ROOT

READER = Path(__file__).with_name("open311_reader.py")
AREA = "330206005"
AIM = 5000  # requests imported a second; the issue "The open net"


def main() -> int:
    """Measure and compare; 1 where the reader found a difference or the import was too slow."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    wanted.add_argument("--form", choices=("json", "xml"), default="json")
    wanted.add_argument("--verify", action="store_true")
    options = wanted.parse_args()
    folder = Path(os.environ.get("YIWANG_SHARED", ROOT.parent / "shared"))
    file = folder / "data" / "events" / "open311_requests.jsonl.gz"
    if not file.is_file():
        print("skipped: there is no data/events/open311_requests.jsonl.gz (YIWANG_SHARED)")
        return 0
    if options.database == "postgresql" and not os.environ.get("YIWANG_DATABASE"):
        return _with_postgres(sys.argv[1:])
    with tempfile.TemporaryDirectory() as data:
        found = prove(file, Path(data), options.form, verify=options.verify)
    print(json.dumps({"database": options.database, **found}))
    reader = found["reader"]
    wrong = reader["missing"] or reader["unknown"] or reader["different"] or reader["doubled"]
    return 1 if wrong or found["rate"] < AIM or found.get("faults") else 0


def _with_postgres(arguments: list[str]) -> int:
    environment = {**os.environ, "POSTGRES_DURABLE": "1", "PYTHON": sys.executable}
    return subprocess.run([str(ROOT / "scripts" / "with_postgres.sh"), sys.executable, "-m",
                           "bench.open311", *arguments], env=environment, cwd=ROOT,
                          check=False).returncode


def prove(file: Path, data: Path, form: str, *, verify: bool) -> dict[str, Any]:
    """Import into an empty instance, serve it, let the reader compare."""
    environment = {**os.environ, "YIWANG_DATA": str(data)}
    _yiwang(environment, "migrate")
    before, began = _children_seconds(), time.monotonic()
    run = json.loads(_yiwang(environment, "import", "open311", str(file), "--source", "BOSTON",
                             "--area", AREA, "--json"))
    seconds, used = time.monotonic() - began, _children_seconds() - before
    key = json.loads(_yiwang(environment, "keys", "make", "reader", "--area", AREA, "--scope",
                             "open311.read", "--hourly", "100000", "--json"))["secret"]
    with serving(data) as server:
        began = time.monotonic()
        said = subprocess.run(
            [sys.executable, str(READER), f"http://127.0.0.1:{server.port}/open311/v2", str(file),
             "--key", key, "--form", form], stdout=subprocess.PIPE, check=False)
        read = time.monotonic() - began
    found = {"run": run, "seconds": round(seconds, 1), "processor": round(used, 1),
             "rate": round(run["added"] / seconds), "read_seconds": round(read, 1),
             "reader": json.loads(said.stdout)}
    if verify:
        found["faults"] = len(json.loads(_yiwang(environment, "verify", "--json"))["faults"])
    return found


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _yiwang(environment: dict[str, str], *words: str) -> str:
    command = [sys.executable, "-c", "import sys; from yiwang.cli import main; sys.exit(main())"]
    return subprocess.run([*command, *words], env=environment, check=True, text=True,
                          stdout=subprocess.PIPE).stdout


if __name__ == "__main__":
    sys.exit(main())
