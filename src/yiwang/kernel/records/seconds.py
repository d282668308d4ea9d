"""A moment as seconds, in the database's own arithmetic: Django's on SQLite calls Python a row."""

from typing import Any

from django.db.models import FloatField, Func


class Seconds(Func):
    """Seconds since some fixed day; only differences mean anything. To the millisecond."""

    arity = 1
    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="(julianday(%(expressions)s) * 86400.0)",
                           **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection,
                           template="extract(epoch FROM %(expressions)s)::float8", **more)
