"""Reads that may be a little behind go to a hot standby; who has written reads their own writing.

After a write the browser gets the primary's place in the log as a cookie. Until the standby has
replayed that far, this browser reads from the primary. A standby that is away, promoted, or cut
off from its primary is not asked. Without ``YIWANG_DATABASE_REPLICA`` nothing of this happens.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase

ALIAS = "replica"
COOKIE = f"{settings.HOST_ONLY}written"
COOKIE_AGE = 300  # seconds; a standby further behind than this is an outage of its own
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
PLACE = "SELECT pg_current_wal_insert_lsn()::text"
FOLLOWS = (  # in recovery, replayed so far, and a line to the primary is open
    "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn "
    "AND EXISTS (SELECT FROM pg_stat_wal_receiver)")
_LSN = re.compile(r"[0-9A-F]{1,8}/[0-9A-F]{1,8}")
_reading: ContextVar[str] = ContextVar("reading_from", default=DEFAULT_DB_ALIAS)

View = Callable[..., HttpResponseBase]


class Reads:
    """Django's router: reads go where the request under way may read; writes to the primary."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        """The alias of the database that is read from now."""
        del model, hints
        return _reading.get()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        """Always the primary."""
        del model, hints
        return DEFAULT_DB_ALIAS

    def allow_relation(self, *_: Any, **__: Any) -> bool:
        """Rows of both belong together: they are the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **_: Any) -> bool:
        """Tables are made on the primary; the standby follows."""
        del app_label
        return db == DEFAULT_DB_ALIAS


def may_lag(view: View) -> View:
    """Mark a page whose reads may be some moments old: maps, figures, search."""

    @wraps(view)
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with reading_from(chosen(request)):
            return view(request, *args, **kwargs)

    return reading


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    """Read from that database in here."""
    token = _reading.set(alias)
    try:
        yield
    finally:
        _reading.reset(token)


def chosen(request: HttpRequest) -> str:
    """The standby where it has replayed what this browser wrote; else the primary."""
    if not has_standby() or request.method not in SAFE:
        return DEFAULT_DB_ALIAS
    written = request.COOKIES.get(COOKIE, "")
    return ALIAS if follows(written if _LSN.fullmatch(written) else "0/0") else DEFAULT_DB_ALIAS


def has_standby() -> bool:
    """Whether this instance was given one."""
    return ALIAS in settings.DATABASES


def follows(place: str) -> bool:
    """Whether the standby is there, follows its primary, and has replayed up to ``place``."""
    try:
        with connections[ALIAS].cursor() as cursor:
            cursor.execute(FOLLOWS, [place])
            return bool(cursor.fetchone()[0])
    except DatabaseError:
        connections[ALIAS].close()
        return False


class WrittenMiddleware:
    """Gives the browser the place in the log that its writing has reached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.method not in SAFE and answer.status_code < 400 and has_standby():
            answer.set_cookie(COOKIE, _place(), max_age=COOKIE_AGE, httponly=True, samesite="Lax",
                              secure=settings.SESSION_COOKIE_SECURE)
        return answer


def _place() -> str:
    """How far the primary's log reaches now; where it cannot say, further than any standby is."""
    try:
        with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute(PLACE)
            return str(cursor.fetchone()[0])
    except DatabaseError:
        return "FFFFFFFF/FFFFFFFF"
