"""Rows do not cross a network in clear: which connection strings are taken."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from yiwang.config.database import checked, postgresql
from yiwang.kernel.errors import Refusal

HERE = [
    "postgresql://yiwang@/yiwang?host=/var/run/postgresql", "postgresql:///yiwang",
    "postgresql://u:p@localhost:5432/y", "postgresql://u:p@127.0.0.1/y", "postgresql://u@[::1]:5/y",
    "postgresql://u:p@%2Fvar%2Frun%2Fpostgresql/y", "postgresql://u@127.0.0.1:1,localhost:2/y",
]
AWAY = [
    "postgresql://u:p@db.town.example/y", "postgresql://u:p@10.0.0.5:5432/y",
    "postgresql://u:p@[fd00::5]:5432/y", "postgresql://u@localhost:1,10.0.0.5:2/y",
    "postgresql://u@/y?host=10.0.0.5", "postgresql://u@/y?hostaddr=10.0.0.5",
    "postgresql://u@localhost/y?host=db.town.example",
    "postgresql://u@/y?host=localhost&hostaddr=10.0.0.5", "postgresql://u@/y?service=far",
    "postgresql://u@127.town.example/y",
]


@pytest.mark.parametrize("url", HERE)
def test_on_this_machine_nothing_is_asked_for(url: str) -> None:
    assert checked(url) == url


@pytest.mark.parametrize("url", AWAY)
@pytest.mark.parametrize("mode", ["", "prefer", "allow", "disable"])
def test_elsewhere_encryption_must_be_asked_for(url: str, mode: str) -> None:
    with pytest.raises(Refusal) as refused:
        postgresql(url + (f"{'&' if '?' in url else '?'}sslmode={mode}" if mode else ""))
    assert refused.value.code == "database_in_clear"
    assert "p@" not in str(refused.value), "no password in the words"


@pytest.mark.parametrize("url", AWAY)
@pytest.mark.parametrize("mode", ["require", "verify-ca", "verify-full"])
def test_elsewhere_encrypted_it_is_taken(url: str, mode: str) -> None:
    described = postgresql(f"{url}{'&' if '?' in url else '?'}sslmode={mode}")
    assert described["OPTIONS"]["sslmode"] == mode  # type: ignore[index]


@pytest.mark.parametrize("name", ["YIWANG_DATABASE", "YIWANG_DATABASE_REPLICA"])
def test_an_instance_says_so_and_does_not_start(tmp_path: Path, name: str) -> None:
    env = {**os.environ, "YIWANG_DATA": str(tmp_path), name: AWAY[0], "YIWANG_LANG": "en"}
    done = subprocess.run([sys.executable, "-c", "from yiwang.cli import main; main()", "status"],
                          env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "sslmode=verify-full" in done.stderr
    assert "Traceback" not in done.stderr
