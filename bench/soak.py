"""``make soak``: web workers are killed while reports come in; nothing acknowledged may be lost.

A minute of reporting with four senders; every two seconds one worker gets SIGKILL, which no program
can answer. A sender that hears nothing sends again with the same key, as the phone does. At the end
the whole server is killed and started anew: every number that was ever told must exist, each key
exactly once, and the trail must prove.
"""

import json
import os
import random
import shutil
import signal
import sys
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from .serving import Server, serving
from .town import prepare
from .wire import Ask, Line, Ticket, sign_in

SECONDS = 60.0
SENDERS = 4
BETWEEN_KILLS = 2.0
CASES = 10_000
WHO = "wangge3"  # a grid worker: residents are held to a pace
PASSWORD = "yiwang-demo-2026"  # noqa: S105  (the demo's)
PLACE = {"kind": "GB2021/E.01.10", "anywhere": "1", "datum": "wgs84"}


@dataclass
class Told:
    """What the server acknowledged, by key; and how often it was hit or gave no answer."""

    numbers: dict[str, str] = field(default_factory=dict)
    contradictions: list[str] = field(default_factory=list)
    unanswered: int = 0
    kills: int = 0
    refused: dict[int, int] = field(default_factory=dict)


def main() -> int:
    """Run it and print what was told, what is there, and what is wrong."""
    data = prepare("sqlite", CASES)
    try:
        told = Told()
        with serving(data) as server:
            send_and_kill(server, told)
            for worker in server.workers():
                os.kill(worker, signal.SIGKILL)
        with serving(data) as server:
            resend(server, told)
        wrong = compare(data, told)
    finally:
        shutil.rmtree(data)
    print(json.dumps({
        "acknowledged": len(told.numbers), "kills": told.kills, "unanswered": told.unanswered,
        "refused": told.refused, "wrong": wrong[:20],
    }, ensure_ascii=False))
    return 1 if wrong or not told.numbers else 0


def send_and_kill(server: Server, told: Told) -> None:
    """Senders at work while workers die under them."""
    until = time.monotonic() + SECONDS
    senders = [threading.Thread(target=send_until, args=(server, told, until))
               for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    while time.monotonic() < until:
        time.sleep(BETWEEN_KILLS)
        with suppress(ProcessLookupError, IndexError):
            os.kill(random.choice(server.workers()), signal.SIGKILL)
            told.kills += 1
    for sender in senders:
        sender.join()


def send_until(server: Server, told: Told, until: float) -> None:
    """New reports one after the other, each sent until it is answered."""
    ticket = _ticket(server)
    while time.monotonic() < until:
        send(server, ticket, str(uuid.uuid4()), told, until)


def _ticket(server: Server) -> Ticket:
    while True:
        with suppress(OSError, RuntimeError):
            return sign_in(server.port, WHO, PASSWORD)
        time.sleep(0.2)


def send(server: Server, ticket: Ticket, key: str, told: Told, until: float) -> None:
    """One report under one key: a silence is answered by sending it again."""
    form = {**PLACE, "once_key": key, "text": f"桶满溢出 {key[:8]}"}
    while time.monotonic() < until + 5:
        try:
            reply = Line(server.port).ask(Ask("", "POST", "/r/send", WHO, form), ticket)
        except OSError:
            told.unanswered += 1
            time.sleep(0.1)
            continue
        if reply.status == 200:
            note(told, key, json.loads(reply.body)["number"])
        else:
            told.refused[reply.status] = told.refused.get(reply.status, 0) + 1
        return


def note(told: Told, key: str, number: str) -> None:
    """Remember the number a key was given; a second, different one is a contradiction."""
    if told.numbers.setdefault(key, number) != number:
        told.contradictions.append(f"{key}: {told.numbers[key]} and {number}")


def resend(server: Server, told: Told) -> None:
    """Some keys once more, after everything died: the same numbers must come back."""
    ticket = _ticket(server)
    for key in list(told.numbers)[:50]:
        send(server, ticket, key, told, time.monotonic() + 5)


def compare(data: Path, told: Told) -> list[str]:
    """What was told against what is there, and the proof of the trail."""
    os.environ["YIWANG_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    import django

    django.setup()
    from yiwang.kernel.cases.models import Case
    from yiwang.kernel.cases.replay import prove

    there = dict(Case.objects.filter(once_key__in=told.numbers).values_list("once_key", "number"))
    lost = [f"lost: {number}" for key, number in told.numbers.items() if there.get(key) != number]
    faults = [f"{fault.stream}: {fault.what}" for fault in prove().faults]
    return [*told.contradictions, *lost, *faults]


if __name__ == "__main__":
    sys.exit(main())
