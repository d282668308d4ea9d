"""When a process makes way for one that looks at the disk anew."""

import os
import signal
import sqlite3
import time
from types import SimpleNamespace

import pytest

from yiwang.shell import renewal


def refusal(name: str) -> sqlite3.OperationalError:
    """What SQLite raises, with its own name for it."""
    problem = sqlite3.OperationalError("said by SQLite")
    problem.sqlite_errorname = name
    return problem


@pytest.fixture
def asked_to_end(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Signals this process sends to itself from now on, on SQLite."""
    signals: list[int] = []
    monkeypatch.setattr(os, "kill", lambda process, number: signals.append(number))
    monkeypatch.setattr(renewal, "_state", {})
    monkeypatch.setattr(renewal, "connection", SimpleNamespace(vendor="sqlite"))
    return signals


def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    began = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: began + seconds)


def test_it_ends_where_the_disk_goes_on_refusing(
    asked_to_end: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    renewal.allow()
    renewal.look_at(refusal("SQLITE_READONLY_DBMOVED"))
    assert asked_to_end == [], "a web server gives up where workers end at once"
    later(monkeypatch, renewal.LEAST)
    renewal.look_at(refusal("SQLITE_READONLY"))
    assert asked_to_end == [signal.SIGTERM]


@pytest.mark.parametrize("problem", [
    refusal("SQLITE_FULL"), refusal("SQLITE_BUSY"), ValueError("a mistake of ours"), None,
])
def test_nothing_else_ends_it(
    problem: BaseException | None, asked_to_end: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    renewal.allow()
    renewal.look_at(refusal("SQLITE_READONLY"))
    later(monkeypatch, renewal.LEAST)
    renewal.look_at(problem)
    assert asked_to_end == []


def test_a_process_that_nobody_replaces_stays(
    asked_to_end: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    renewal.look_at(refusal("SQLITE_READONLY"))
    later(monkeypatch, renewal.LEAST)
    renewal.look_at(refusal("SQLITE_READONLY"))
    assert asked_to_end == []


def test_a_server_of_its_own_looks_at_its_disk_itself(
    asked_to_end: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "connection", SimpleNamespace(vendor="postgresql"))
    renewal.allow()
    renewal.look_at(refusal("SQLITE_READONLY"))
    later(monkeypatch, renewal.LEAST)
    renewal.look_at(refusal("SQLITE_READONLY"))
    assert asked_to_end == []
