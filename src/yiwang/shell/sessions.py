"""Sessions as rows, read by a plain statement: every signed-in request asks for one."""

import json
import logging
from functools import lru_cache
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase, UpdateError
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import DatabaseError
from django.utils.timezone import now

from yiwang.kernel import rows

from .outages import FULL, READ_ONLY, outage_of

logger = logging.getLogger("yiwang.outage")


class SessionStore(db.SessionStore):
    """Django's sessions in the database; how a row is found and unpacked is ours."""

    def _get_session_from_db(self) -> Session | None:
        found = rows.one(Session, session_key=self.session_key)
        if found is None or found.expire_date <= now():
            self._session_key = None
            return None
        return found

    def save(self, must_create: bool = False) -> None:
        """As Django's, which takes a database that is away for a reader who signed out."""
        try:
            super().save(must_create)
        except UpdateError as problem:
            behind = problem.__context__
            if behind is None or outage_of(behind) is None:
                raise
            raise behind from behind.__cause__

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What a row keeps; the same row is unpacked and its signature proved once a worker."""
        try:
            kept: dict[str, Any] = json.loads(_proved(str(session_data), self.key_salt))
        except signing.BadSignature:
            return dict(super().decode(session_data))  # which says so in the log
        return kept


def save_use(session: SessionBase) -> None:
    """Save now that a session was used; while nothing can be written, reading goes on without."""
    try:
        session.save()
    except DatabaseError as problem:
        if outage_of(problem) not in (FULL, READ_ONLY):
            raise
        logger.warning("a session was not brought up to date: %s", problem)
    except UpdateError:
        return  # somebody ended it meanwhile: the end of the request says so
    session.modified = False


class _Raw:
    """Hands on the bytes as they are."""

    def loads(self, data: bytes) -> bytes:
        return data

    def dumps(self, obj: bytes) -> bytes:
        return obj


@lru_cache(maxsize=512)
def _proved(session_data: str, salt: str) -> bytes:
    unpacked: bytes = signing.loads(session_data, salt=salt, serializer=_Raw)
    return unpacked
