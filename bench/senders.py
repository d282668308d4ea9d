"""Who reports while things break, and what they were told; a silence is answered by sending again.

A sender behaves as the phone's outbox does: the same key until somebody answers, 5xx is “later”.
"""

import json
import os
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from .wire import Ask, Line, Reply, Ticket, sign_in

SENDERS = 4
WHO = "wangge3"  # a grid worker: residents are held to a pace
PASSWORD = "yiwang-demo-2026"  # noqa: S105  (the demo's)
PLACE = {"kind": "GB2021/E.01.10", "anywhere": "1", "datum": "wgs84"}
TEXT = "桶满溢出"
PATIENCE = 90.0  # seconds a key is sent again after the end


@dataclass
class Told:
    """What the server acknowledged, by key; how often it gave no answer, or one that said later.

    ``moments``: seconds from the beginning to the acknowledgement.
    """

    numbers: dict[str, str] = field(default_factory=dict)
    moments: dict[str, float] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)
    contradictions: list[str] = field(default_factory=list)
    unanswered: int = 0
    later: int = 0
    refused: dict[int, int] = field(default_factory=dict)
    longest: float = 0.0  # seconds from the first sending of a key to its acknowledgement


@contextmanager
def sending(port: int, told: Told) -> Iterator[None]:
    """Reports come in until the end; each that was begun is answered before that."""
    stop, ticket = threading.Event(), signed_in(port)
    senders = [threading.Thread(target=_send_until, args=(port, ticket, told, stop), daemon=True)
               for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    try:
        yield
    finally:
        stop.set()
        for sender in senders:
            sender.join(PATIENCE)


def _send_until(port: int, ticket: Ticket, told: Told, stop: threading.Event) -> None:
    while not stop.is_set():
        send(port, ticket, str(uuid.uuid4()), told)


def signed_in(port: int) -> Ticket:
    """A worker's ticket, asked for until it is given."""
    while True:
        with suppress(OSError, RuntimeError):
            return sign_in(port, WHO, PASSWORD)
        time.sleep(0.2)


def send(port: int, ticket: Ticket, key: str, told: Told) -> None:
    """One report under one key, until it is answered for good."""
    began = time.monotonic()
    while time.monotonic() < began + PATIENCE:
        reply = ask(port, ticket, key)
        if reply is not None and reply.status < 500:
            told.longest = max(told.longest, time.monotonic() - began)
            return _note(told, key, reply)
        told.unanswered += reply is None
        told.later += reply is not None
        time.sleep(0.1)
    told.contradictions.append(f"never answered: {key}")
    return None


def ask(port: int, ticket: Ticket, key: str) -> Reply | None:
    """Send one report once; None for a silence."""
    form = {**PLACE, "once_key": key, "text": f"{TEXT} {key[:8]}"}
    try:
        return Line(port).ask(Ask("", "POST", "/r/send", WHO, form), ticket)
    except OSError:
        return None


def _note(told: Told, key: str, reply: Reply) -> None:
    """Remember the number a key was given; a second, different one is a contradiction."""
    if reply.status != 200:
        told.refused[reply.status] = told.refused.get(reply.status, 0) + 1
        return
    number = json.loads(reply.body)["number"]
    told.moments.setdefault(key, time.monotonic() - told.began)
    if told.numbers.setdefault(key, number) != number:
        told.contradictions.append(f"{key}: {told.numbers[key]} and {number}")


def resend(port: int, told: Told) -> None:
    """Some keys once more, after everything died: the same numbers must come back."""
    ticket = signed_in(port)
    for key in list(told.numbers)[:50]:
        send(port, ticket, key, told)


def compare(told: Told) -> list[str]:
    """What was told against what is there: lost, doubled, half delivered, or not proved."""
    from yiwang.kernel.cases.models import Case
    from yiwang.kernel.cases.replay import prove
    from yiwang.kernel.records.models import OutboxMessage

    rows = list(Case.objects.filter(once_key__in=told.numbers).values_list("once_key", "number",
                                                                           "id"))
    there = {key: number for key, number, _ in rows}
    wrong = [f"lost: {number}, told at {told.moments[key]:.2f} s"
             for key, number in told.numbers.items() if there.get(key) != number]
    wrong += [f"doubled: {number}" for number in doubled(rows)]
    waiting = OutboxMessage.objects.filter(delivered_at__isnull=True).count()
    wrong += [f"{waiting} events were not delivered"] if waiting else []
    wrong += deliveries([id_ for *_, id_ in rows])
    faults = [f"{fault.stream}: {fault.what}" for fault in prove().faults]
    return [*told.contradictions, *(f"refused: {status}" for status in told.refused), *wrong,
            *faults]


def counted(told: Told, wrong: list[str]) -> dict[str, Any]:
    """What every drill's row says of the reports; ``wrong`` as ``compare`` and others found it."""
    return {"acknowledged": len(told.numbers),
            "lost": sum(line.startswith("lost: ") for line in wrong),
            "doubled": sum(line.startswith("doubled: ") for line in wrong),
            "no answer": told.unanswered, "later": told.later,
            "longest wait s": round(told.longest, 1), "wrong": wrong[:20]}


def doubled(rows: list[Any]) -> list[str]:
    """Numbers of cases that share a key with another."""
    seen: set[str] = set()
    return [number for key, number, _ in rows if key in seen or seen.add(key)]  # type: ignore[func-returns-value]


def deliveries(cases: list[Any]) -> list[str]:
    """Each report is dispatched by its listener, as the rules here say, and once."""
    from collections import Counter

    from yiwang.kernel.records.models import TrailEntry

    streams = [f"case/{id_}" for id_ in cases]
    done = Counter(TrailEntry.objects.filter(stream__in=streams, verb="assign")
                   .values_list("stream", flat=True))
    return [f"dispatched {done[stream]} times: {stream}" for stream in streams if done[stream] != 1]


def open_django(data: Any) -> None:
    """Let this process read the instance of that folder."""
    os.environ["YIWANG_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    import django

    django.setup()


def dispatch_by_itself() -> None:
    """Every rule of the demo dispatches by itself, so that a delivery leaves its mark."""
    from yiwang.kernel.cases.models import DispatchRule

    DispatchRule.objects.update(automatic=True)


def drained(seconds: float = 300.0) -> float:
    """Wait until nothing is left in the outbox; how long that took."""
    from django.db import connection

    from yiwang.kernel.records.models import OutboxMessage

    began = time.monotonic()
    while time.monotonic() < began + seconds:
        connection.close()  # it may have been opened before the server was killed
        if not OutboxMessage.objects.filter(delivered_at__isnull=True).exists():
            break
        time.sleep(0.5)
    return time.monotonic() - began
