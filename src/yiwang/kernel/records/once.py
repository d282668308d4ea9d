"""A write that is sent twice and done once: its answer is kept in the transaction of the change.

Whoever sends the same again while the first is still running waits for it: on PostgreSQL at the
key's row, on SQLite at the one lock of a writer. What fails keeps nothing, its key included.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

from .models import OnceAnswer

KEPT = timedelta(hours=24)  # answers are kept so long at least; own choice, 2026-11
MOST_KEY = 200  # characters of a key a client chooses

_CLAIM = """INSERT INTO kernel_onceanswer (key, asked, status, body, headers, at)
    VALUES (%s, %s, 0, '', '{}', %s) ON CONFLICT (key) DO NOTHING"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: an HTTP status, a body as JSON text, headers worth repeating."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


def once(
    who: str, key: str, asked: str, act: Callable[[], Answer], *, at: datetime
) -> tuple[Answer, bool]:
    """Do ``act`` once for this key of ``who``; the answer, and whether it is a repeated one.

    Raises ``Refusal`` with code ``key_reused`` where the key came with something else before.
    """
    row = OnceAnswer(key=_digest(f"{who}:{key}"), asked=_digest(asked))
    with transaction.atomic():
        if not _claim(row, at):
            return _before(row), True
        answer = act()
        OnceAnswer.objects.filter(key=row.key).update(
            status=answer.status, body=answer.body, headers=answer.headers)
    return answer, False


def forget_answers(*, at: datetime) -> int:
    """Drop the answers that have been kept long enough; returns how many."""
    return OnceAnswer.objects.filter(at__lt=at - KEPT).delete()[0]


def _claim(row: OnceAnswer, at: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [row.key, row.asked, connection.ops.adapt_datetimefield_value(at)])
        claimed: bool = cursor.rowcount == 1
    return claimed


def _before(row: OnceAnswer) -> Answer:
    kept = OnceAnswer.objects.get(key=row.key)
    if kept.asked != row.asked:
        raise Refusal(
            "key_reused",
            Words("这个 Idempotency-Key 已用于另一个请求。",
                  "This Idempotency-Key came with another request before."),
            Words("换一个键；同一个请求重发时键和内容都不变。",
                  "Use another key; to send the same again, change neither key nor body."))
    return Answer(kept.status, kept.body, kept.headers)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
