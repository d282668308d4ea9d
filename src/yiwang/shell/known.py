"""The person behind a session, read by a plain statement: every signed-in request asks."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend

from yiwang.kernel import rows
from yiwang.kernel.people.models import Person


class KnownBackend(BaseBackend):
    """Finds who has signed in already; passwords stay with Django's own backend.

    Sign-in writes this name into the session; Django then checks the session against the
    password as it does with any backend.
    """

    def get_user(self, user_id: Any) -> Person | None:
        """The active person with that key."""
        person = rows.one(Person, id=user_id if isinstance(user_id, UUID) else UUID(str(user_id)))
        return person if person is not None and person.is_active else None
