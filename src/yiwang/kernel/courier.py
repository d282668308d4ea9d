"""The courier: sends what waits for other systems, each target in a thread of its own.

A target that is slow holds up nobody else, and never the rounds of the background worker.
"""

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.db import connections

from .exchange import sending as exchange
from .webhooks import sending as webhooks

Clock = Callable[[], datetime]
THREADS = 8  # targets served at once
PAUSE = 1.0  # seconds between two looks at what waits

log = logging.getLogger(__name__)


def waiting(at: datetime) -> Iterator[tuple[Callable[[Any, Clock], int], Any]]:
    """Whom there is something for, with the way to serve them."""
    for peer in exchange.due(at):
        yield exchange.serve, peer
    for hook in webhooks.due(at):
        yield webhooks.serve, hook


def send_all(clock: Clock) -> int:
    """One turn for everybody, one after the other; returns how much was taken."""
    return sum(serve(target, clock) for serve, target in waiting(clock()))


class Courier:
    """Rounds of sending; a target is in one thread at most."""

    def __init__(self, clock: Clock, *, threads: int = THREADS) -> None:
        self._clock = clock
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="courier")
        self._underway: set[Any] = set()

    def run_until(self, stop: threading.Event) -> None:
        """Rounds until ``stop``; an error is logged and tried again."""
        while not stop.is_set():
            try:
                self.round()
            except Exception:  # a database away for a minute must not end the courier
                log.exception("a round of sending failed; it is tried again")
            connections.close_all()  # an open one keeps a process on what SQLite knew of its disk
            stop.wait(PAUSE)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Wait for the turns under way."""
        self._pool.shutdown(wait=True)

    def round(self) -> int:
        """Start a turn for everybody who has none; returns how many were started."""
        started = 0
        for serve, target in waiting(self._clock()):
            if target.pk not in self._underway:
                self._underway.add(target.pk)
                self._pool.submit(self._serve, serve, target)
                started += 1
        return started

    def _serve(self, serve: Callable[[Any, Clock], int], target: Any) -> None:
        try:
            serve(target, self._clock)
        except Exception:  # the rows still wait; the next round takes them up
            log.exception("sending to %s failed; it is tried again", target)
        finally:
            self._underway.discard(target.pk)
            connections.close_all()
