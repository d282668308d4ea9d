"""Events between practices: frozen dataclasses, written with the change, delivered after it."""

import dataclasses
import json
import logging
from collections.abc import Callable, Iterable
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

Listener = Callable[[dict[str, Any]], None]


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
    listeners: dict[str, tuple[Listener, ...]], *, at: datetime, most: int = 500
) -> int:
    """Hand waiting messages to their listeners, oldest first; returns how many were delivered.

    A listener gets the event's body with its ``id`` and ``at``, when it happened. What it writes to
    this database is written once, with the mark of delivery; what it does elsewhere must be
    idempotent by the id, since a worker that dies before the commit delivers again.
    """
    waiting = OutboxMessage.objects.filter(delivered_at__isnull=True)
    # What nobody listens to is marked in one statement, not in a transaction each.
    delivered = waiting.exclude(name__in=listeners).update(delivered_at=at)
    for message in waiting.filter(name__in=listeners).order_by("id")[:most]:
        delivered += _deliver_one(message, listeners.get(message.name, ()), at=at)
    return delivered


def _deliver_one(message: OutboxMessage, listeners: tuple[Listener, ...], *, at: datetime) -> int:
    waiting = OutboxMessage.objects.filter(id=message.id)
    try:
        with transaction.atomic():
            if not waiting.filter(delivered_at__isnull=True).update(delivered_at=at):
                return 0  # another worker was quicker
            for listener in listeners:
                listener({"id": str(message.id), "at": message.at.isoformat(), **message.body})
    except Exception as problem:
        log.exception("event %s was not taken by its listener", message)
        waiting.update(attempts=F("attempts") + 1, last_error=repr(problem)[:400])
        return 0
    return 1
