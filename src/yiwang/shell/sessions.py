"""Sessions as rows, read by a plain statement: every signed-in request asks for one."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils.timezone import now

from yiwang.kernel import rows


class SessionStore(db.SessionStore):
    """Django's sessions in the database; only how a row is found is ours."""

    def _get_session_from_db(self) -> Session | None:
        found = rows.one(Session, session_key=self.session_key)
        if found is None or found.expire_date <= now():
            self._session_key = None
            return None
        return found
