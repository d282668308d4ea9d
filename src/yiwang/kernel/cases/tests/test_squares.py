"""Open cases around a point are found by one index, and only so many are looked at."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as some

from yiwang.algorithms.coordinates import metres_per_degree
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.squares import (
    MOST_OF_A_SQUARE,
    open_around,
    squares_around,
    statement,
)
from yiwang.kernel.ids import new_id

HERE = (121.8651, 29.8951)


def lay(at: datetime, places: list[tuple[float, float]], **columns: object) -> list[Case]:
    """Cases at those points, one a minute, written straight into the table."""
    return Case.objects.bulk_create([
        Case(id=(key := new_id()), number=str(key)[-24:], follow_code=str(key)[-16:],
             practice="events", playbook="event", playbook_version=1, kind="GB2021/E.01.10",
             title="x", channel="resident", area="330206005200", state="reported",
             longitude=lon, latitude=lat, opened_by="test",
             opened_at=at - timedelta(minutes=place), **columns)
        for place, (lon, lat) in enumerate(places)])


@pytest.mark.django_db
def test_open_ones_near_and_not_old_are_found(at: datetime) -> None:
    near, _far = lay(at, [HERE, (121.90, 29.95)])
    lay(at, [HERE], is_open=False)
    lay(at - timedelta(days=90), [HERE])
    assert open_around(HERE, 150, since=at - timedelta(days=60)) == [near.id]


@pytest.mark.django_db
def test_a_crowded_square_costs_no_more_and_gives_the_newest(at: datetime) -> None:
    newest = lay(at, [HERE] * (MOST_OF_A_SQUARE + 30))[:MOST_OF_A_SQUARE]
    found = open_around(HERE, 10, since=at - timedelta(days=60))
    assert found == [case.id for case in newest]


@pytest.mark.django_db
def test_every_square_is_a_range_of_the_index(at: datetime) -> None:
    lay(at, [(121.7 + n % 60 / 500, 29.8 + n // 60 / 500) for n in range(3_000)])
    squares = list(squares_around(HERE, 150))
    moment = connection.ops.adapt_datetimefield_value(at - timedelta(days=60))
    given = [value for square in squares for value in (*square, moment)]
    how = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("ANALYZE kernel_case")
        cursor.execute(how + statement(len(squares)), given)
        plan = " ".join(str(row) for row in cursor.fetchall())
    assert plan.count("case_open_square") == len(squares) <= 9
    assert "SCAN kernel_case" not in plan
    assert "Seq Scan" not in plan


@given(some.floats(-180, 180), some.floats(-80, 80), some.floats(-150, 150), some.floats(-150, 150))
def test_whatever_lies_within_reach_lies_in_a_square(
    lon: float, lat: float, east: float, north: float
) -> None:
    wide, high = metres_per_degree(lat)
    there = (lon + east / wide, lat + north / high)
    assert set(squares_around(there, 0)) <= set(squares_around((lon, lat), 150.001))
