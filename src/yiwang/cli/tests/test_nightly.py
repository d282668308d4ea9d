"""The nightly backup: once a night, not twice at once, again an hour after it failed."""

import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from yiwang.cli.nightly import Nightly

NIGHT = datetime(2026, 3, 10, 3, tzinfo=ZoneInfo("Asia/Shanghai"))
FAILS = (sys.executable, "-c", "import sys; sys.exit(1)")
WAITS = (sys.executable, "-c", "import time; time.sleep(60)")


def test_nothing_is_started_where_no_folder_is_set() -> None:
    nightly = Nightly(None, FAILS)
    nightly.look(NIGHT)
    assert nightly.process is None


def test_one_at_a_time(tmp_path: Path) -> None:
    nightly = Nightly(tmp_path, WAITS)
    nightly.look(NIGHT)
    first = nightly.process
    assert first is not None
    nightly.look(NIGHT + timedelta(hours=5))
    assert nightly.process is first
    first.kill()
    first.wait()


def test_one_that_failed_is_said_and_tried_again_after_an_hour(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    nightly = Nightly(tmp_path, FAILS)
    nightly.look(NIGHT)
    assert ended(nightly)
    nightly.look(NIGHT + timedelta(minutes=59))
    assert not ended(nightly)
    assert "ended with code 1" in caplog.text
    nightly.look(NIGHT + timedelta(minutes=60))
    assert ended(nightly)


def ended(nightly: Nightly) -> bool:
    """Whether one was started; then it is waited for."""
    if nightly.process is None:
        return False
    nightly.process.wait()
    return True
