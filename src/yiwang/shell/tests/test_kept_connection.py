"""A kept connection of PostgreSQL is used again while it stands, and let go once it was ended."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.mark.django_db(transaction=True)
def test_an_ended_connection_is_no_more_used_and_a_standing_one_is_not_asked() -> None:
    if connection.vendor != "postgresql":
        return  # SQLite's file does not go away
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    with CaptureQueriesContext(connection) as asked:
        assert connection.is_usable()
    assert len(asked) == 0
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [own])
    other.close()
    assert not connection.is_usable()
    connection.close()
