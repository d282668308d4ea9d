"""One measurement: a database, a number of cases → figures as plain data, on standard output."""

import argparse
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from .aims import USERS, Page
from .serving import Server, memory_mb, serving
from .town import prepare


def main() -> None:
    """``python -m bench.stage sqlite 10000 --seconds 15``; ``YIWANG_DATABASE`` names a server."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("database", choices=("sqlite", "postgresql"))
    wanted.add_argument("cases", type=int)
    wanted.add_argument("--seconds", type=float, default=15.0)
    wanted.add_argument("--verify", action="store_true")
    options = wanted.parse_args()
    data = prepare(options.database, options.cases)
    try:
        _open_django(data)
        figures = measure(data, options.seconds)
        if options.verify:
            figures["proof"] = _proof()
    finally:
        shutil.rmtree(data)
    json.dump(figures, sys.stdout)


def _open_django(data: Path) -> None:
    os.environ["YIWANG_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    import django

    django.setup()


def measure(data: Path, seconds: float) -> dict[str, Any]:
    """Serve the folder, live and read; then count queries inside this process."""
    from django.db import connection

    from .fill import ground
    from .inside import pages_of
    from .load import live_lives, turn_pages

    known, pages = ground(), pages_of()
    backend = _postmaster()
    with serving(data) as server:
        tickets = _tickets(server, [account for account, _ in known.offices])
        errors: list[str] = []
        read = turn_pages(server, tickets, pages, errors)
        lives = {}
        for name, panels in (("plain", False), ("panels", True)):
            lived = live_lives(server, tickets, known, seconds=seconds, panels=panels,
                               database=_backends(backend))
            errors += lived.errors
            lives[name] = {"users": USERS, "seconds": lived.seconds, "lives": lived.lives,
                           "steps": lived.steps, "cpu": lived.cpu}
        memory = [memory_mb(pid) for pid in server.workers()]
    connection.close()
    return {"lives": lives, "pages": read, "errors": errors, "memory_mb": memory,
            "queries": _queries(pages), "version": _version()}


def _tickets(server: Server, offices: list[str]) -> dict[str, Any]:
    from yiwang.practices.events.demo.people import PASSWORD

    from .inside import ACCOUNTS
    from .wire import sign_in, visitor

    accounts = ACCOUNTS | {account: account for account in offices}
    signed = {who: sign_in(server.port, account, PASSWORD) for who, account in accounts.items()}
    return {**signed, "resident": visitor(server.port)}


def _queries(pages: list[Page]) -> dict[str, int]:
    from .inside import Inside
    from .wire import Ask

    inside = Inside()
    for page in pages:
        for _ in range(3):
            inside.ask(Ask(page.name, "GET", page.path, page.who, fragment=page.fragment))
    return {name: len(asked) for name, asked in inside.queries.items()}


def _proof() -> dict[str, int]:
    """What ``yiwang verify`` finds after all that was lived."""
    from yiwang.kernel.cases.replay import prove

    proof = prove()
    return {"entries": proof.entries, "cases": proof.cases, "faults": len(proof.faults)}


def _version() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sqlite_version()")
            return f"SQLite {cursor.fetchone()[0]}, WAL, synchronous=FULL"
        cursor.execute("SELECT current_setting('server_version'), current_setting('fsync'), "
                       "current_setting('synchronous_commit')")
        version, fsync, commit = cursor.fetchone()
        return f"PostgreSQL {version}, fsync={fsync}, synchronous_commit={commit}"


def _postmaster() -> int:
    """The process all of PostgreSQL's are children of; 0 for SQLite, which has none."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = cursor.fetchone()[0]
    return int(Path(f"/proc/{own}/stat").read_text().rpartition(")")[2].split()[1])


def _backends(postmaster: int) -> list[int]:
    from .serving import children

    return children(postmaster) if postmaster else []


if __name__ == "__main__":
    main()
