"""Another instance than the one under test: in a folder of its own, driven by its commands."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CLI = ("-c", "from yiwang.cli import main; main()")


@dataclass(frozen=True)
class Place:
    """Where another instance lives: its folder, its database ('' is SQLite in the folder)."""

    data: Path
    database: str = ""

    def yiwang(self, *args: str, **env: str) -> "subprocess.CompletedProcess[str]":
        """Run a command on it, in English."""
        here = {**os.environ, "YIWANG_DATA": str(self.data), "YIWANG_DATABASE": self.database,
                "YIWANG_LANG": "en", **env}
        return subprocess.run([sys.executable, *CLI, *args], env=here, capture_output=True,
                              text=True, check=False)

    def says(self, *args: str) -> Any:
        """What a command answers with ``--json``; it must go well."""
        done = self.yiwang(*args, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def column(self, statement: str) -> list[Any]:
        """The first column of what a plain statement finds."""
        if not self.database:
            with sqlite3.connect(self.data / "yiwang.sqlite3") as there:
                return [row[0] for row in there.execute(statement)]
        import psycopg

        with psycopg.connect(self.database) as server:
            return [row[0] for row in server.execute(statement)]
