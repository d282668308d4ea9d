"""``python -m yiwang.cli.web APPLICATION``: the web workers, a child of ``yiwang serve``.

The application is loaded before the workers are forked from this process, so that they share it.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from yiwang.config import env

THREADS = 2  # per web worker: one waits on a phone's slow upload while the other works
BACKLOG = 512  # connections that may wait to be taken
WAITING = 64  # requests that may wait in a worker for one of its threads
GRACE = 8  # seconds a worker may take to finish its requests
RESPAWN_PAUSE = 0.5  # seconds before a worker that died is replaced
LOOK = 2.0  # seconds between two looks whether the parent still runs


def main() -> None:
    """Serve until a signal comes."""
    from granian.constants import Interfaces, RuntimeModes
    from granian.log import LogLevels
    from granian.server import Server

    target = sys.argv[1]
    _application(target)
    Server(
        target, address=env.read("YIWANG_HOST"), port=int(env.read("YIWANG_PORT")),
        interface=Interfaces.WSGI, workers=int(env.read("YIWANG_WORKERS")),
        blocking_threads=THREADS, runtime_mode=RuntimeModes.st, backlog=BACKLOG,
        backpressure=WAITING, websockets=False, log_level=LogLevels.warning,
        respawn_failed_workers=True, respawn_interval=RESPAWN_PAUSE, workers_kill_timeout=GRACE,
    ).serve(target_loader=_in_worker)


def _in_worker(target: str) -> Callable[..., Any]:
    """The application for a worker, which ends with its parent: a lost one would keep the port."""
    from yiwang.shell import renewal

    threading.Thread(target=_follow, args=(os.getppid(),), daemon=True).start()
    renewal.allow()
    return _application(target)


def _follow(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGTERM)


def _application(target: str) -> Callable[..., Any]:
    """What ``module:name`` names; a worker that was forked finds it loaded."""
    module, _, name = target.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


if __name__ == "__main__":
    main()
