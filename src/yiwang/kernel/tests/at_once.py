"""Several at the same moment, each with a connection of its own, in committed data."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection, connections
from django.test import Client


def together(times: int, ask: Callable[[Client], Any]) -> list[Any]:
    """The answers of that many threads that ask at the same moment."""
    begin, answers = threading.Barrier(times), []

    def run() -> None:
        begin.wait()
        answers.append(ask(Client()))
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def empty_trail() -> None:
    """What was committed goes; SQLite lets the trail be emptied only without its trigger."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_words")
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'trail_no_delete'")
            (trigger,) = cursor.fetchone()
            cursor.execute("DROP TRIGGER trail_no_delete")
            cursor.execute("DELETE FROM kernel_trailentry")
            cursor.execute(trigger)
