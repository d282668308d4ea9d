"""Turns at sending: one worker at a time serves a target, so that order holds and none is doubled.

The target's row has ``busy_until``, ``next_at`` and ``failures``.
"""

import random
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from .rules import PATIENCE, Patience

LEASE = timedelta(minutes=2)  # longer than one call; a worker that died loses its turn after it
TURN = timedelta(seconds=60)  # then the target queues up again behind the others
MOST_REST = timedelta(minutes=5)  # between two calls of a target that keeps failing


def ready(at: datetime) -> Q:
    """Targets nobody serves now and that need not be left alone."""
    rested = Q(next_at__isnull=True) | Q(next_at__lte=at)
    return rested & (Q(busy_until__isnull=True) | Q(busy_until__lt=at))


def claim(target: QuerySet[Any], at: datetime) -> bool:
    """Whether the turn is ours: of two workers one gets it."""
    free = Q(busy_until__isnull=True) | Q(busy_until__lt=at)
    return bool(target.filter(free).update(busy_until=at + LEASE))


def hold_on(target: QuerySet[Any], at: datetime) -> None:
    """The turn goes on."""
    target.update(busy_until=at + LEASE)


def release(target: QuerySet[Any]) -> None:
    """The turn is over."""
    target.update(busy_until=None)


def went_well(target: QuerySet[Any]) -> None:
    """It answered: nothing stands against the next call."""
    target.exclude(failures=0, next_at=None).update(failures=0, next_at=None)


def went_wrong(
    target: QuerySet[Any], failures: int, at: datetime, asked: timedelta | None = None
) -> None:
    """Leave it alone: as long as it asked for, else longer with each failure in a row."""
    pause = min(timedelta(seconds=2 ** min(failures + 1, 20)), MOST_REST)
    target.update(failures=failures + 1, next_at=at + (pause if asked is None else asked))


def next_try(tries: int, at: datetime, patience: Patience = PATIENCE) -> datetime | None:
    """When to try again after so many failures; None: not any more."""
    pause = patience.pause(tries, random.random())  # noqa: S311  (only spreads the load)
    return None if pause is None else at + pause
