"""PostgreSQL's own programs: the ones of the server's version or newer, and how they connect."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

INSTALLED = Path("/usr/lib/postgresql")  # where Debian keeps each version's programs
ASKED = {"dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST",
         "port": "PGPORT", "target_session_attrs": "PGTARGETSESSIONATTRS",
         "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT",
         "connect_timeout": "PGCONNECT_TIMEOUT"}


def program(name: str, server: int) -> str:
    """The path of ``pg_dump`` or ``pg_restore`` for a server of that major version."""
    for path in _candidates(name):
        if _major(path) >= server:
            return path
    raise Refusal(
        "no_postgres_program",
        Words("找不到 {name} {server}（或更新的版本），没有它备份不了 PostgreSQL。",
              "{name} {server} or newer was not found; PostgreSQL cannot be kept without it.")
        .filled(name=name, server=server),
        Words("安装 postgresql-client-{server}。", "Install postgresql-client-{server}.").filled(
            server=server))


def _candidates(name: str) -> Iterator[str]:
    yield from sorted((str(path) for path in INSTALLED.glob(f"*/bin/{name}")), reverse=True)
    if found := shutil.which(name):
        yield found


def _major(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)(?:\.\d+)*\s*(?:\(|$)", said)
    return int(found[1]) if found else 0


def run(command: list[str], connection: Mapping[str, Any]) -> None:
    """Run one; the password goes by the environment, where other users do not see it."""
    said = {variable: str(connection[name]) for name, variable in ASKED.items()
            if connection.get(name) not in (None, "")}
    done = subprocess.run(command, env={**os.environ, **said}, capture_output=True, text=True,
                          check=False)
    if done.returncode:
        raise Refusal(
            "postgres_program_failed",
            Words("{name} 没有做成：{said}", "{name} failed: {said}").filled(
                name=Path(command[0]).name, said=done.stderr.strip()[-400:]),
            Words("没有留下半份；照上面说的改好，再来一次。",
                  "Nothing half is left; mend what it says and do it again."))
