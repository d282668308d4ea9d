"""Serials: no gaps, no doubles, with many asking at once and some changing their minds."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from yiwang.kernel.records.numbers import next_serial


def ask(turn: int) -> int | None:
    """A serial, or None where the work around it was undone."""
    try:
        with transaction.atomic():
            serial = next_serial("XP-2026")
            if turn % 5 == 0:
                raise ZeroDivisionError
            return serial
    except ZeroDivisionError:
        return None
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_neither_gaps_nor_doubles() -> None:
    next_serial("XP-2026")
    with ThreadPoolExecutor(8) as pool:
        given = [serial for serial in pool.map(ask, range(60)) if serial is not None]
    assert sorted(given) == list(range(2, len(given) + 2))


@pytest.mark.django_db
def test_each_name_counts_for_itself() -> None:
    assert [next_serial("a"), next_serial("b"), next_serial("a")] == [1, 1, 2]
