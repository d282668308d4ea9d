"""Events between practices: frozen dataclasses, written with the change, delivered after it."""

import dataclasses
import json
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from yiwang.kernel import rows
from yiwang.kernel.ids import new_id
from yiwang.kernel.many import insert_many

from .models import OutboxMessage
from .trail import plain

log = logging.getLogger(__name__)

Write = Callable[[], object]
Listener = Callable[[dict[str, Any]], Write | None]
NOT_TAKEN = "event %s was not taken by its listener"
TOGETHER = 10  # messages written in one transaction; more keep pages waiting on SQLite


def publish(event: Any, *, at: datetime) -> OutboxMessage:
    """Put ``event`` (a frozen dataclass) into the outbox of the transaction under way."""
    body = plain(dataclasses.asdict(event))
    message = OutboxMessage(name=type(event).__name__, body=body, at=at)
    rows.insert(message)
    return message


def publish_many(events: Iterable[Any], *, at: datetime) -> None:
    """The same for many events at once."""
    insert_many(OutboxMessage, ("id", "name", "body", "at"), [
        (new_id(), type(event).__name__, json.dumps(plain(dataclasses.asdict(event))), at)
        for event in events])


def deliver(
    listeners: Mapping[str, Sequence[Listener]], *, at: datetime, most: int = 500
) -> int:
    """Hand waiting messages to their listeners, oldest first; returns how many were delivered.

    A listener gets the event's body with its ``id`` and ``at``, when it happened. It looks, and
    returns what it will write, or None. What it writes to this database is written once, with the
    mark of delivery; what it does elsewhere must be idempotent by the id, since a worker that dies
    before the commit delivers again.
    """
    waiting = OutboxMessage.objects.filter(delivered_at__isnull=True)
    # What nobody listens to is marked in one statement, not in a transaction each.
    delivered = waiting.exclude(name__in=listeners).update(delivered_at=at)
    messages = list(waiting.filter(name__in=listeners).order_by("id")[:most])
    for start in range(0, len(messages), TOGETHER):
        delivered += _deliver(messages[start : start + TOGETHER], listeners, at)
    return delivered


def _deliver(
    messages: Sequence[OutboxMessage], listeners: Mapping[str, Sequence[Listener]], at: datetime
) -> int:
    """Let all be heard first: on SQLite whoever writes keeps every other writer waiting."""
    heard = [(message, _heard(message, listeners[message.name])) for message in messages]
    silent = [message.id for message, writes in heard if writes == []]
    with transaction.atomic():
        marked = OutboxMessage.objects.filter(
            id__in=silent, delivered_at__isnull=True).update(delivered_at=at)
        return marked + sum(_write(message, writes, at) for message, writes in heard if writes)


def _heard(message: OutboxMessage, listeners: Sequence[Listener]) -> list[Write] | None:
    """What the listeners will write; None where one of them failed."""
    body = {"id": str(message.id), "at": message.at.isoformat(), **message.body}
    try:
        return [write for listener in listeners if (write := listener(body)) is not None]
    except Exception as problem:  # whatever it is, the next event is not held up
        log.exception(NOT_TAKEN, message)
        _note_failure(message, problem)
        return None


def _write(message: OutboxMessage, writes: Sequence[Write], at: datetime) -> int:
    waiting = OutboxMessage.objects.filter(id=message.id, delivered_at__isnull=True)
    try:
        with transaction.atomic():
            if not waiting.update(delivered_at=at):
                return 0  # another worker was quicker
            for write in writes:
                write()
    except Exception as problem:
        log.exception(NOT_TAKEN, message)
        _note_failure(message, problem)
        return 0
    return 1


def _note_failure(message: OutboxMessage, problem: Exception) -> None:
    OutboxMessage.objects.filter(id=message.id).update(
        attempts=F("attempts") + 1, last_error=repr(problem)[:400])
