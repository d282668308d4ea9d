"""A primary with a hot standby: pages read there, the primary is killed, the standby takes over.

The instance knows both addresses (``target_session_attrs=read-write``) and is not touched. For the
last seconds before the primary dies the line to the standby stands still, as a slow or cut network
would make it. With synchronous commits no acknowledged report may be missing. Without, what was
acknowledged in these seconds is: it is counted, and nothing older may be among it.
"""

import argparse
import json
import os
import shutil
import signal
import time
from pathlib import Path
from typing import Any

from .cluster import Cluster, cluster, standby_of
from .kills import CASES, Instance
from .senders import (
    Told,
    compare,
    counted,
    dispatch_by_itself,
    drained,
    open_django,
    resend,
    sending,
    signed_in,
)
from .serving import free_port
from .town import prepare
from .wire import Ask, Line, Ticket

LOAD = 10.0  # seconds of reports before the primary is killed, and after
READS = 20
STILL = 3.0  # seconds for which nothing reaches the standby before the primary dies
LATE = 0.5  # seconds until the last answer of a dead primary has been read
CAUGHT_UP = 1.0  # seconds in which a standby whose line stands open has everything


def main() -> None:
    """``python -m bench.standby --synchronous``: figures as JSON on standard output."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--synchronous", action="store_true")
    options = wanted.parse_args()
    with cluster() as primary:
        os.environ["YIWANG_DATABASE"] = primary.url()
        data = prepare("postgresql", CASES)
        open_django(data)
        dispatch_by_itself()
        _close()
        with standby_of(primary) as standby:
            if options.synchronous:
                primary.configure("synchronous_standby_names = 'standby'")
                primary.reload()
            try:
                figures = drill(primary, standby, data, synchronous=options.synchronous)
            finally:
                shutil.rmtree(data)
    print(json.dumps(figures, ensure_ascii=False))


def drill(primary: Cluster, standby: Cluster, data: Path, *, synchronous: bool) -> dict[str, Any]:
    """Load, kill, promote, load; then everything told is looked for on the new primary."""
    both = (f"postgresql://yiwang@127.0.0.1:{primary.port},127.0.0.1:{standby.port}/yiwang"
            "?target_session_attrs=read-write")
    os.environ |= {"YIWANG_DATABASE": both, "YIWANG_DATABASE_REPLICA": standby.url()}
    running, told = Instance(data, free_port(), None), Told()
    running.up()
    try:
        with sending(running.port, told):
            time.sleep(LOAD)
            read = reads_on(standby, running.port)
            killed, safe, meanwhile = dies_out_of_reach(primary, told)
            before = set(told.numbers)
            standby.promote()
            away = away_for(running.port, killed)
            time.sleep(LOAD)
        _point_here(standby)
        emptied = drained()
        missing = lost(told, before)
        if synchronous:
            resend(running.port, told)
        wrong = _judged(told, missing, safe, synchronous=synchronous)
    finally:
        running.kill_all()
    wrong += [] if read else ["no page was read from the standby"]
    name = "fail-over, synchronous" if synchronous else "fail-over, asynchronous"
    return {"drill": name, "database": "postgresql", **counted(told, wrong), "lost": len(missing),
            "seconds": round(2 * LOAD + STILL),
            "more": {"line stood still s": STILL, "acknowledged meanwhile": meanwhile,
                     "numbers given twice": len(told.numbers) - len(set(told.numbers.values())),
                     "reports stood still s": round(away, 1),
                     "pages read on the standby": read, "queue empty after s": round(emptied, 1)}}


def dies_out_of_reach(primary: Cluster, told: Told) -> tuple[float, set[str], int]:
    """Nothing reaches the standby any more, then the primary is killed.

    When that was, the keys acknowledged while the line was open, and how many since it was not.
    """
    senders = [int(str(pid)) for (pid,) in primary.ask("SELECT pid FROM pg_stat_replication")]
    safe = set(told.numbers)
    time.sleep(CAUGHT_UP)
    for sender in senders:
        os.kill(sender, signal.SIGSTOP)
    still = len(told.numbers)
    time.sleep(STILL)
    primary.kill()
    killed = time.monotonic()
    for sender in senders:
        os.kill(sender, signal.SIGKILL)
    time.sleep(LATE)
    return killed, safe, len(told.numbers) - still


def reads_on(standby: Cluster, port: int) -> int:
    """Ask the public map; how many of its reads the standby has answered."""
    before = _scans(standby)
    for _ in range(READS):
        Line(port).ask(Ask("", "GET", "/m", ""), Ticket())
    time.sleep(1.5)  # a server tells its counts once a second
    return max(0, _scans(standby) - before)


def _scans(server: Cluster) -> int:
    found = server.ask("SELECT coalesce(sum(idx_scan + seq_scan), 0)::bigint "
                       "FROM pg_stat_user_tables WHERE relname = 'kernel_case'")
    return int(str(found[0][0]))


def away_for(port: int, since: float) -> float:
    """Seconds from the kill until a report is taken again."""
    from .senders import ask

    ticket = signed_in(port)
    while True:
        reply = ask(port, ticket, f"after-{since}-{time.monotonic()}")
        if reply is not None and reply.status < 500:
            return time.monotonic() - since
        time.sleep(0.1)


def lost(told: Told, before: set[str]) -> list[str]:
    """Keys acknowledged before the kill that the new primary does not have."""
    from yiwang.kernel.cases.models import Case

    there = set(Case.objects.filter(once_key__in=before).values_list("once_key", flat=True))
    return sorted(before - there)


def _judged(told: Told, missing: list[str], safe: set[str], *, synchronous: bool) -> list[str]:
    """Asynchronous: what the standby had not got is lost, as was chosen; all else must hold."""
    wrong = compare(told)
    if synchronous:
        return wrong
    chosen = {f"lost: {told.numbers[key]}" for key in missing if key not in safe}
    wrong = [line for line in wrong if line not in chosen]
    return wrong if missing else [*wrong, "nothing was lost: the drill did not show what can be"]


def _point_here(server: Cluster) -> None:
    """Let this process read the promoted server."""
    from django.db import connection

    _close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT=str(server.port))


def _close() -> None:
    from django.db import connection

    connection.close()


if __name__ == "__main__":
    main()
