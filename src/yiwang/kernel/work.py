"""One round of the background worker: events handed on, clocks looked at, upkeep. Idempotent."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from .cases.retention import blur_words, forget_contacts
from .cases.timers import mark_overdue, recompute_provisional
from .exchange import hearing as exchange
from .exchange.forgetting import forget_bodies
from .keeping.logs import tidy_logs
from .people.rules import SYSTEM
from .places.proposals.actions import forget_proposals
from .practice import practices
from .records.once import forget_answers
from .records.outbox import Listener, deliver
from .records.upkeep import empty_log, is_time, refresh_statistics
from .reports.tasks import make_reports
from .webhooks import listening as webhooks
from .webhooks.forgetting import forget_told


def listeners() -> dict[str, tuple[Listener, ...]]:
    """Who listens to what: practices, other instances, webhooks."""
    gathered: dict[str, tuple[Listener, ...]] = {}
    heard = [practice.listens for practice in practices]
    for listens in (*heard, exchange.listeners(), webhooks.listeners()):
        for name, heard_by in listens.items():
            gathered[name] = gathered.get(name, ()) + heard_by
    return gathered


def keep_house(at: datetime) -> None:
    """What is done once an hour: statistics, and forgetting what is not needed any more."""
    refresh_statistics()
    forget_contacts(at=at)
    blur_words(at=at)
    forget_answers(at=at)
    forget_bodies(at=at)
    forget_told(at=at)
    forget_proposals(by=SYSTEM, at=at)
    tidy_logs(Path(settings.LOGS), days=settings.LOG_DAYS, at=at)
    for practice in practices:
        for task in practice.hourly:
            task(at=at)


def run_once(at: datetime) -> int:
    """Deliver what waits, mark what is overdue; returns how much was done."""
    empty_log()  # first: on a full disk what follows fails, and the log may be what filled it
    if is_time(at):
        keep_house(at)
    return (
        deliver(listeners(), at=at) + mark_overdue(at=at) + recompute_provisional(at=at)
        + make_reports(at=at)
    )
