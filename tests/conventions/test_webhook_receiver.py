"""The receiver in docs/webhooks.md, run as it is printed, takes what we send and nothing else."""

import os
import re
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.conventions.source import ROOT

from yiwang.kernel.ids import new_id
from yiwang.kernel.outgoing.call import call
from yiwang.kernel.webhooks.envelope import Event, new_secret, schema, signatures, written
from yiwang.kernel.webhooks.rules import TYPES, full_type

PAGE = ROOT / "docs" / "webhooks.md"
DATA = {"number": "XP-2026-000001", "practice": "events", "kind": "GB2021/E.01.10",
        "area": "330206005", "state": "closed"}


@pytest.fixture
def code() -> str:
    found = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


def test_the_printed_receiver_takes_each_event_once(
    code: str, tmp_path: Path, settings: Any
) -> None:
    settings.OUTGOING_HOSTS = ["127.0.0.1"]
    secret, port = new_secret(), str(_free_port())
    script = tmp_path / "receiver.py"
    script.write_text(code, encoding="utf-8")
    with subprocess.Popen([sys.executable, str(script), port], text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL,
                          env={**os.environ, "WEBHOOK_SECRET": secret}) as process:
        try:
            assert _sent(secret, port, tries=50) == [204, 204, 401]
        finally:
            process.terminate()
        said = process.stdout.read() if process.stdout else ""
    assert said.count("cn.yiwang.case.closed.v1") == 1
    assert "XP-2026-000001" in said


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _sent(secret: str, port: str, *, tries: int) -> list[int]:
    """An event, the same again, and one that another key has signed."""
    at = datetime.now(UTC)
    event = Event(new_id(), 1, "case.closed", new_id(), at, dict(DATA), "https://xiapu.example")
    body, headers = written(event, "structured")
    url, found = f"http://127.0.0.1:{port}/", []
    for key in (secret, secret, new_secret()):
        signed = {**headers, **signatures([key], event.id, at, body)}
        while (answer := call(url, headers=signed, body=body)).status == 0 and tries:
            tries -= 1
            time.sleep(0.1)
        found.append(answer.status)
    return found


def test_the_page_names_every_type_and_every_field() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert not [full_type(one) for one in TYPES if full_type(one) not in text]
    assert not [name for name in schema()["properties"] if f"`{name}`" not in text]
