"""The load: virtual users who live lives, then one reader who turns pages."""

import random
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .aims import PAGE_ASKS, USERS, Page
from .life import STEPS, Ground, Wrong, life
from .serving import Server, cpu_seconds
from .wire import Ask, Line, Reply, Ticket

WARM_UP = 2.0  # seconds lived before anything is counted


@dataclass(slots=True)
class Lived:
    """What came of it: lives completed, milliseconds of each step, errors, processor seconds."""

    seconds: float = 0.0
    lives: int = 0
    steps: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    cpu: dict[str, float] = field(default_factory=dict)


def live_lives(server: Server, tickets: Mapping[str, Ticket], ground: Ground, *, seconds: float,
               panels: bool, database: Sequence[int] = ()) -> Lived:
    """Let ``USERS`` users live for that long; ``database`` are the database's own processes."""
    lived, counting, stop = Lived(), threading.Event(), threading.Event()
    users = [
        threading.Thread(target=_user, args=(number, server.port, tickets, ground, panels, lived,
                                             counting, stop))
        for number in range(USERS)
    ]
    for user in users:
        user.start()
    time.sleep(WARM_UP)
    before, began = _cpu(server, database), time.monotonic()
    counting.set()
    time.sleep(seconds)
    counting.clear()
    lived.seconds = time.monotonic() - began
    after = _cpu(server, database)
    lived.cpu = {name: after[name] - before[name] for name in after}
    stop.set()
    for user in users:
        user.join()
    return lived


def _cpu(server: Server, database: Sequence[int]) -> dict[str, float]:
    return {"web workers": cpu_seconds(server.workers()),
            "background": cpu_seconds(server.background()),
            "database": cpu_seconds(list(database)), "load client": time.process_time()}


def _user(number: int, port: int, tickets: Mapping[str, Ticket], ground: Ground, panels: bool,
          lived: Lived, counting: threading.Event, stop: threading.Event) -> None:
    chance, line = random.Random(f"{number} {time.time()}"), Line(port)
    while not stop.is_set():
        try:
            _live(line, tickets, life(ground, chance, panels=panels), lived, counting)
        except (Wrong, OSError, KeyError, ValueError) as problem:
            lived.errors.append(f"{type(problem).__name__}: {problem}"[:300])
        else:
            lived.lives += counting.is_set()  # counts where it ends: both edges even out
        line.close()  # the next life is other people's; kept, eight lines may all be one worker's


def _live(line: Line, tickets: Mapping[str, Ticket], steps: object, lived: Lived,
          counting: threading.Event) -> None:
    asked = next(steps)  # type: ignore[call-overload]
    while True:
        reply = _timed(line, asked, tickets[asked.who], lived, counting)
        try:
            asked = steps.send(reply)  # type: ignore[attr-defined]
        except StopIteration:
            return


def _timed(line: Line, asked: Ask, ticket: Ticket, lived: Lived,
           counting: threading.Event) -> Reply:
    began = time.perf_counter()
    reply = line.ask(asked, ticket)
    if counting.is_set() and asked.name in STEPS:
        lived.steps[asked.name].append((time.perf_counter() - began) * 1000)
    return reply


def turn_pages(server: Server, tickets: Mapping[str, Ticket], pages: Sequence[Page],
               errors: list[str]) -> dict[str, list[float]]:
    """Each page asked one after the other by one reader; milliseconds of each answer."""
    line, took = Line(server.port), {}
    for page in pages:
        asked = Ask(page.name, "GET", page.path, page.who, fragment=page.fragment)
        for _ in range(4):  # both workers have it in memory
            line.ask(asked, tickets[page.who])
        times = []
        for _ in range(PAGE_ASKS):
            began = time.perf_counter()
            reply = line.ask(asked, tickets[page.who])
            times.append((time.perf_counter() - began) * 1000)
            if reply.status != 200:
                errors.append(f"{page.name}: {reply.status}")
        took[page.name] = times
    line.close()
    return took
