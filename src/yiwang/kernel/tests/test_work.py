"""A round of background work on a disk that is full."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from yiwang.kernel import work
from yiwang.kernel.records.models import Counter


def in_file() -> bool:
    """Whether the bell stands in the database's own file; PostgreSQL sees to its log itself."""
    if connection.vendor == "postgresql":
        return True
    return b"the-bell-of-a-full-disk" in Path(connection.settings_dict["NAME"]).read_bytes()


@pytest.mark.django_db(transaction=True)
def test_a_round_that_fails_has_moved_the_log_into_the_file(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a log that filled the disk would stay there: each round fails before it gets to it."""
    def full(*_: Any, **__: Any) -> int:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(work, "deliver", full)
    monkeypatch.setattr(work, "is_time", lambda at: False)
    Counter.objects.create(name="the-bell-of-a-full-disk", last=1)
    with pytest.raises(OperationalError):
        work.run_once(at)
    assert in_file()
