"""Django's own, but for how a kept connection is looked at before it is used again."""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import ConnStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that waits between two requests says nothing, unless its server has gone."""

    def is_usable(self) -> Any:
        """Whether the next request may use it: asked of the server only where something came in.

        A server that ends a connection says so on it; one that vanished without a word is noticed
        by the next statement, as it would be by a question.
        """
        pgconn = self.connection.pgconn if self.connection is not None else None
        if pgconn is None or pgconn.status != ConnStatus.OK:
            return False
        if not select.select([pgconn.socket], [], [], 0)[0]:
            return True
        return super().is_usable()
