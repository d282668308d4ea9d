"""Lines handed to the machine's log service: they arrive whole, and nobody waits for it."""

import json
import logging
import logging.config
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from yiwang.config.logs import logging_of
from yiwang.kernel.records.day_files import LOGS, JsonLine
from yiwang.kernel.records.system_log import SystemLog


@pytest.fixture
def service(tmp_path: Path) -> Iterator[socket.socket]:
    """What a log service listens with."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "log"))
        listening.settimeout(5)
        yield listening


def handler(path: Path) -> SystemLog:
    made = SystemLog(path)
    made.setFormatter(JsonLine())
    return made


def record(level: int = logging.INFO) -> logging.LogRecord:
    made = logging.LogRecord("x", level, "", 0, "signed_in", None, None)
    made.fields = {"by": "person/1", "said": "一行\n两行"}
    return made


@pytest.mark.parametrize(("level", "priority"), [(logging.INFO, 86), (logging.WARNING, 84),
                                                 (logging.ERROR, 83)])
def test_a_line_arrives_whole(
    service: socket.socket, tmp_path: Path, level: int, priority: int
) -> None:
    one = handler(tmp_path / "log")
    one.emit(record(level))
    one.close()
    said = re.fullmatch(rf"<{priority}>yiwang\[\d+\]: (.+)", service.recv(9000).decode())
    assert said, "one line, whatever the words hold"
    assert json.loads(said[1])["said"] == "一行\n两行"


def test_a_service_that_is_away_is_told_once_and_found_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = handler(tmp_path / "log")
    for _ in range(3):
        one.emit(record())
    assert capsys.readouterr().err.count("not sent") == 1
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as back:
        back.bind(str(tmp_path / "log"))
        one.emit(record())
        assert b"signed_in" in back.recv(9000)
    one.close()


def test_a_service_that_reads_nothing_keeps_nobody_waiting(
    service: socket.socket, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = handler(tmp_path / "log")
    for _ in range(5000):
        one.emit(record())
    one.close()
    assert capsys.readouterr().err.count("not sent") == 1


def test_both_logs_go_there_and_to_their_files(tmp_path: Path) -> None:
    with_it = logging_of(tmp_path, "/dev/log")
    for log in LOGS:
        assert with_it["loggers"][f"yiwang.log.{log}"]["handlers"] == [log, "service"]
    assert with_it["handlers"]["service"]["path"] == "/dev/log"
    without = logging_of(tmp_path)
    assert "service" not in without["handlers"]
    assert all(without["loggers"][f"yiwang.log.{log}"]["handlers"] == [log] for log in LOGS)
