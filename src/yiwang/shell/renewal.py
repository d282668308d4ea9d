"""A process that met a read-only disk makes way for a fresh one, which looks at the disk anew.

SQLite keeps what it learned of a disk while any connection of the process is open, and every thread
has its own. So a process would go on refusing long after the disk takes writes again.
"""

import os
import signal
import time

from django.db import connection

from .outages import READ_ONLY, outage_of

LEAST = 15.0  # seconds from the first refusal on; a web server gives up where workers end sooner
_state: dict[str, float] = {}


def allow() -> None:
    """Said by a process that its parent replaces when it ends."""
    _state["allowed"] = time.monotonic()


def look_at(problem: BaseException | None) -> None:
    """End after what is under way, where the disk took no write and that did not begin just now."""
    if connection.vendor != "sqlite" or outage_of(problem) is not READ_ONLY:
        return
    first = _state.setdefault("first", time.monotonic())
    if "allowed" in _state and time.monotonic() - first >= LEAST:
        os.kill(os.getpid(), signal.SIGTERM)
