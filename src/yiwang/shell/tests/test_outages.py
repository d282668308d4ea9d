"""Which errors are the machine's, and which are ours."""

import sqlite3

import psycopg
import pytest
from django.db import DatabaseError, InterfaceError
from psycopg.pq import DiagnosticField

from yiwang.shell.outages import BUSY, FULL, GONE, READ_ONLY, Outage, outage_of


def of_sqlite(name: str) -> sqlite3.OperationalError:
    problem = sqlite3.OperationalError(name)
    problem.sqlite_errorname = name
    return problem


def denied(source_file: str) -> psycopg.Error:
    """What PostgreSQL says of a file it may not write, and of a table a role may not read."""
    told: dict[int, bytes | None] = {DiagnosticField.SOURCE_FILE.value: source_file.encode()}
    return psycopg.errors.InsufficientPrivilege("said by PostgreSQL", info=told)


@pytest.mark.parametrize(("problem", "kind"), [
    (denied("md.c"), READ_ONLY), (denied("aclchk.c"), None),
    (of_sqlite("SQLITE_BUSY_SNAPSHOT"), BUSY), (of_sqlite("SQLITE_FULL"), FULL),
    (of_sqlite("SQLITE_READONLY_DBMOVED"), READ_ONLY), (of_sqlite("SQLITE_CANTOPEN"), GONE),
    (of_sqlite("SQLITE_ERROR"), None), (psycopg.OperationalError("refused"), GONE),
    (psycopg.errors.AdminShutdown(), GONE), (psycopg.errors.DiskFull(), FULL),
    (psycopg.errors.ReadOnlySqlTransaction(), READ_ONLY), (psycopg.errors.DeadlockDetected(), BUSY),
    (psycopg.errors.UndefinedTable(), None), (psycopg.errors.TooManyConnections(), BUSY),
    (OSError(28, "No space left on device"), FULL), (OSError(2, "No such file"), None),
    (InterfaceError("x"), None), (ValueError(), None), (None, None),
])
def test_what_lies_behind_an_error(problem: BaseException | None, kind: Outage | None) -> None:
    assert outage_of(problem) is kind


def test_a_cause_is_found_below_what_wraps_it() -> None:
    wrapped = DatabaseError("x")
    wrapped.__cause__ = of_sqlite("SQLITE_FULL")
    assert outage_of(wrapped) is FULL


def test_a_mistake_of_ours_that_follows_an_outage_is_ours() -> None:
    mistake = ValueError("x")
    mistake.__context__ = of_sqlite("SQLITE_FULL")
    assert outage_of(mistake) is None
