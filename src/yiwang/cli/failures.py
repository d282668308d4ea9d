"""What stands in the way of a command and is no mistake of ours: no tables yet, outages, files."""

import sqlite3

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

NO_INSTANCE = Refusal(
    "no_instance", Words("这里还没有一网的数据。", "There is no instance here yet."),
    Words("先运行 yiwang migrate 或 yiwang demo；数据文件夹由 YIWANG_DATA 指定。",
          "Run yiwang migrate or yiwang demo; YIWANG_DATA names the data folder."))
MISSING = ("no such table", "UndefinedTable")  # SQLite's message; psycopg's class


def failure_of(problem: Exception) -> Refusal | None:
    """What to tell of it; None where the error is ours and its traceback is wanted."""
    from django.db import DatabaseError

    from yiwang.shell.outages import outage_of

    if isinstance(problem, DatabaseError | sqlite3.Error) and _lacks_tables(problem):
        return NO_INSTANCE
    if (outage := outage_of(problem)) is not None:
        return Refusal(outage.code, outage.what, outage.todo)
    return _of_file(problem) if isinstance(problem, OSError) and problem.filename else None


def _lacks_tables(problem: Exception) -> bool:
    cause = problem.__cause__ or problem
    return any(sign in f"{type(cause).__name__} {cause}" for sign in MISSING)


def _of_file(problem: OSError) -> Refusal:
    why = {
        FileNotFoundError: Words("没有这个文件或文件夹", "there is no such file or folder"),
        PermissionError: Words("没有权限", "permission denied"),
        IsADirectoryError: Words("这是一个文件夹", "it is a folder"),
    }.get(type(problem), Words(str(problem.strerror), str(problem.strerror)))
    return Refusal("file", Words("{file}：{why}。", "{file}: {why}.").filled(
        file=str(problem.filename), why=why))
