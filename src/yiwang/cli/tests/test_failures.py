"""What is no mistake of the program is told in words, with what to do; a mistake is shown whole."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, ProgrammingError

from yiwang.algorithms.words import reading_in
from yiwang.cli.failures import NO_INSTANCE, failure_of

ASKING = (["status"], ["keys", "list"], ["metrics"], ["backup", "kept"])


def caused(problem: Exception, cause: Exception) -> Exception:
    problem.__cause__ = cause
    return problem


@pytest.mark.parametrize(("problem", "code"), [
    (caused(OperationalError(), sqlite3.OperationalError("no such table: x")), "no_instance"),
    (caused(ProgrammingError(), psycopg.errors.UndefinedTable("x")), "no_instance"),
    (caused(OperationalError(), psycopg.OperationalError("refused")), "gone"),
    (OSError(28, "No space left on device"), "full"),
    (FileNotFoundError(2, "No such file", "a.pdf"), "file"),
    (PermissionError(13, "x", "a"), "file"),
])
def test_what_stands_in_the_way_is_told(problem: Exception, code: str) -> None:
    told = failure_of(problem)
    assert told is not None
    assert told.code == code


@pytest.mark.parametrize("problem", [ValueError("x"), OperationalError("near x: syntax error"),
                                     OSError(2, "No such file")])
def test_a_mistake_of_ours_is_not_hidden(problem: Exception) -> None:
    assert failure_of(problem) is None


def test_an_empty_folder_is_met_with_the_way_to_begin(tmp_path: Path) -> None:
    env = os.environ | {"YIWANG_DATA": str(tmp_path), "YIWANG_DATABASE": "", "YIWANG_LANG": "en",
                        "DJANGO_SETTINGS_MODULE": "yiwang.config.settings"}
    script = ("from yiwang.cli import main\n"
              f"for args in {ASKING!r}:\n"
              "    try: main(args)\n"
              "    except SystemExit as end: print(args[0], end.code)\n")
    ran = subprocess.run([sys.executable, "-c", script], env=env, cwd=tmp_path,
                         capture_output=True, text=True, check=True)
    assert ran.stdout.split("\n")[:-1] == [f"{args[0]} 1" for args in ASKING]
    assert ran.stderr.count("There is no instance here yet. Run yiwang migrate") == len(ASKING)


def test_a_chinese_sentence_is_followed_by_no_gap_and_an_english_one_is() -> None:
    with reading_in("zh"):
        assert str(NO_INSTANCE).startswith("这里还没有一网的数据。先运行")
    with reading_in("en"):
        assert str(NO_INSTANCE).startswith("There is no instance here yet. Run")
