"""A moment as seconds, in the database's own arithmetic: Django's on SQLite calls Python a row."""

from typing import Any

from django.db.models import BigIntegerField, Func


class Seconds(Func):
    """Whole seconds since 1970, what is beyond a second cut off: sums agree on every engine."""

    arity = 1
    output_field = BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        # Cut before it is read: SQLite rounds to the millisecond, which may reach the next second.
        return self.as_sql(
            compiler, connection,
            template="CAST(strftime('%%%%s', substr(%(expressions)s, 1, 19)) AS INTEGER)", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection,
                           template="floor(extract(epoch FROM %(expressions)s))::bigint", **more)
