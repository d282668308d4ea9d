"""Fifty times something is SIGKILLed while reports come in: web or background worker, database.

For SQLite the database is the whole group of processes: its library lives in each of them.
"""

import argparse
import json
import os
import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .cluster import Cluster, cluster
from .senders import (
    Told,
    compare,
    counted,
    dispatch_by_itself,
    drained,
    open_django,
    resend,
    sending,
)
from .serving import Server, await_answer, free_port, start
from .town import prepare
from .wire import Ticket

KILLS = 50
CASES = 2_000
REST = (0.2, 1.6)  # seconds between two kills, drawn evenly
WHAT = {"web worker": 0.6, "background worker": 0.2, "database": 0.2}


@dataclass
class Instance:
    """A running ``yiwang serve`` that is started again on the same port whenever it was killed."""

    data: Path
    port: int
    database: Cluster | None
    process: Any = None
    ticket: Ticket = field(default_factory=Ticket)

    @property
    def server(self) -> Server:
        return Server(self.port, self.process.pid)

    def up(self, *, whatever: bool = False) -> None:
        """Start it and wait until it answers; ``whatever``: that it cannot is an answer too."""
        self.process = start(self.data, self.port)
        await_answer(self.port, self.process, (200, 503) if whatever else (200,))

    def kill(self, what: str) -> None:
        """SIGKILL to one of that kind; what a machine's supervisor would start again, we do."""
        if what == "database":
            return self.kill_database()
        there = self.server.workers() if what == "web worker" else self.server.background()
        return _kill(random.sample(there, min(1, len(there))))

    def kill_database(self) -> None:
        """The postmaster; or, where the database is a library, every process at once."""
        if self.database is not None:
            self.database.kill()
            self.database.start()
            return
        self.kill_all()
        self.up()

    def kill_all(self) -> None:
        """Supervisor, master, workers: nothing of the instance is left."""
        masters = self.server.masters()
        _kill([self.process.pid, *masters, *self.server.workers(), *self.server.background()])
        self.process.wait()


def _kill(pids: list[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextmanager
def instance(name: str, cases: int = CASES) -> Iterator[Instance]:
    """An instance under test on SQLite or on a PostgreSQL of its own, with rules that dispatch."""
    with cluster() if name == "postgresql" else nullcontext() as server:
        os.environ["YIWANG_DATABASE"] = server.url() if server else ""
        data = prepare(name, cases)
        open_django(data)
        dispatch_by_itself()
        made = Instance(data, free_port(), server)
        made.up()
        try:
            yield made
        finally:
            made.kill_all()
            shutil.rmtree(data)


def main() -> None:
    """``python -m bench.kills sqlite --seed 1``: figures as JSON on standard output."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("database", choices=("sqlite", "postgresql"))
    wanted.add_argument("--seed", type=int, default=20261123)
    wanted.add_argument("--kills", type=int, default=KILLS)
    options = wanted.parse_args()
    random.seed(options.seed)
    told, killed, began = Told(), Counter[str](), time.monotonic()
    with instance(options.database) as running:
        with sending(running.port, told):
            for _ in range(options.kills):
                time.sleep(random.uniform(*REST))
                what = random.choices(list(WHAT), list(WHAT.values()))[0]
                running.kill(what)
                killed[what] += 1
        emptied = drained()
        running.kill_all()
        if running.database is not None:
            running.database.kill()
            running.database.start()
        running.up()
        resend(running.port, told)
        drained()
        wrong = compare(told)
    wrong += [] if told.numbers else ["nothing was acknowledged"]
    print(json.dumps({
        "drill": f"{options.kills} kills", "database": options.database, **counted(told, wrong),
        "seconds": round(time.monotonic() - began),
        "more": {**killed, "queue empty after s": round(emptied, 1)},
    }, ensure_ascii=False))


if __name__ == "__main__":
    main()
