"""Open cases around a point: squares of the globe, each read newest first by one index range."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, FloatField, Func, Index, Q
from django.db.models.sql.compiler import SQLCompiler

from yiwang.algorithms.coordinates import Point, metres_per_degree

PER_DEGREE = 500  # squares to a degree: 222 m from south to north, 190 m from west to east at 31°
MOST_OF_A_SQUARE = 40  # open cases of one square that are looked at, the newest


class Step(Func):
    """The row or column of a coordinate; the template holds no value, or no index would match."""

    template = f"floor((%(expressions)s + 180) * {PER_DEGREE})"
    output_field = FloatField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra_context: Any
    ) -> tuple[str, tuple[str | int, ...]]:
        """SQLite keeps no floor of its own; both are the same above zero."""
        whole = f"CAST((%(expressions)s + 180) * {PER_DEGREE} AS INTEGER)"
        return self.as_sql(compiler, connection, template=whole)


BY_SQUARE = Index(Step(F("latitude")), Step(F("longitude")), F("opened_at").desc(),
                  name="case_open_square", condition=Q(is_open=True, longitude__isnull=False))


def open_around(point: Point, metres: float, *, since: datetime) -> list[UUID]:
    """Open cases of all practices in the squares that a circle touches; some lie outside it.

    At most ``MOST_OF_A_SQUARE`` of each square, however many there are.
    """
    squares = list(squares_around(point, metres))
    moment = connection.ops.adapt_datetimefield_value(since)
    given = [value for square in squares for value in (*square, moment)]
    with connection.cursor() as cursor:
        cursor.execute(statement(len(squares)), given)
        return [found if isinstance(found, UUID) else UUID(found)
                for found, in cursor.fetchall()]


def statement(squares: int) -> str:
    """The SQL for so many squares; each takes row, column and the first moment."""
    row, column = (_step(name) for name in ("latitude", "longitude"))
    one = (  # names and numbers of this module, nothing that was given
        "SELECT id FROM (SELECT id FROM kernel_case "  # noqa: S608
        f"WHERE is_open AND longitude IS NOT NULL AND {row} = %s AND {column} = %s "
        f"AND opened_at >= %s ORDER BY opened_at DESC LIMIT {MOST_OF_A_SQUARE}) AS square"
    )
    return " UNION ALL ".join([one] * squares)


def _step(column: str) -> str:
    if connection.vendor == "sqlite":
        return f"CAST(({column} + 180) * {PER_DEGREE} AS INTEGER)"
    return f"floor(({column} + 180) * {PER_DEGREE})"


def squares_around(point: Point, metres: float) -> Iterator[tuple[int, int]]:
    """(row, column) of the squares that the box around the circle touches."""
    lon, lat = point
    east, north = metres_per_degree(lat)
    rows = _steps(lat, metres / north)
    columns = _steps(lon, metres / east)
    return ((row, column) for row in rows for column in columns)


def _steps(degrees: float, reach: float) -> range:
    low, high = (int((edge + 180) * PER_DEGREE) for edge in (degrees - reach, degrees + reach))
    return range(low, high + 1)
