"""Which failures are the machine's and pass by: what happened, what to do, when to ask again.

Codes: SQLite's own result names (sqlite.org/rescode.html); PostgreSQL's SQLSTATE (appendix A).
"""

import errno
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import Error

from yiwang.algorithms.words import Words


@dataclass(frozen=True, slots=True)
class Outage:
    """A kind of failure: its words, and seconds after which it is worth asking again."""

    code: str
    what: Words
    todo: Words
    again: int = 30


GONE = Outage(
    "gone", Words("数据库暂时连不上。", "The database cannot be reached just now."),
    Words("通常一分钟内自己恢复。请稍后再试；超过五分钟请告诉管理员。",
          "It usually comes back by itself within a minute. Try again then; after five minutes "
          "tell the administrator."))
BUSY = Outage(
    "busy", Words("系统一时忙不过来。", "There is too much to do at this moment."),
    Words("请稍等几秒再试。", "Wait some seconds and try again."), again=5)
FULL = Outage(
    "full", Words("服务器的磁盘满了，现在只能看，存不下新的。",
                  "The server's disk is full: everything can be read, nothing can be saved."),
    Words("请告诉管理员腾出地方；腾出后直接再试，不用重填。",
          "Tell the administrator to make room; then just try again, nothing is to be retyped."))
READ_ONLY = Outage(
    "read_only", Words("系统眼下只能看，不能存。",
                       "At the moment everything can be read and nothing can be saved."),
    Words("请稍后再试；超过五分钟请告诉管理员：磁盘只读，或数据库在切换主备。",
          "Try again in a while; after five minutes tell the administrator: the disk is read-only "
          "or the database is changing over."))
KEPT = Words("这一步没有存下；以前存下的都在。",
             "This step was not saved; all that was saved before is there.")

_SQLITE = {"SQLITE_BUSY": BUSY, "SQLITE_LOCKED": BUSY, "SQLITE_FULL": FULL,
           "SQLITE_READONLY": READ_ONLY, "SQLITE_CANTOPEN": GONE, "SQLITE_IOERR": GONE}
_POSTGRES = {"25006": READ_ONLY, "53100": FULL, "53": BUSY, "40": BUSY, "55P03": BUSY,
             "57P": GONE, "08": GONE, "58": GONE}
# PostgreSQL says “insufficient privilege” of a file on a read-only disk, too (in its elog.c,
# errcode_for_file_access); what a role may not do is said by one file of its source.
DENIED, ROLES = "42501", "aclchk.c"
_SYSTEM = {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: READ_ONLY}


def outage_of(problem: BaseException | None) -> Outage | None:
    """What kind of outage lies behind an error; None where the error is our own."""
    for cause in _causes(problem):
        found = _known(cause)
        if found is not None:
            return found
    return None


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while problem is not None and id(problem) not in seen:
        seen.add(id(problem))
        yield problem
        problem = problem.__cause__  # not its context: a mistake of ours may follow an outage


def _known(problem: BaseException) -> Outage | None:
    if isinstance(problem, sqlite3.Error):
        name = getattr(problem, "sqlite_errorname", "")
        return next((kind for code, kind in _SQLITE.items() if name.startswith(code)), None)
    if isinstance(problem, Error):
        return None  # Django's wrapping; what it wraps comes next
    if hasattr(problem, "sqlstate"):
        return _by_state(problem)
    return _SYSTEM.get(problem.errno or 0) if isinstance(problem, OSError) else None


def _by_state(problem: BaseException) -> Outage | None:
    """psycopg's: no state at all means that the line to the server was cut."""
    state = getattr(problem, "sqlstate", None)
    if state is None:
        return GONE if type(problem).__name__ in ("OperationalError", "InterfaceError") else None
    if state == DENIED:
        return None if problem.diag.source_file == ROLES else READ_ONLY  # type: ignore[attr-defined]
    return next((kind for code, kind in _POSTGRES.items() if state.startswith(code)), None)
