"""The recipe of CONTRIBUTING.md works: a folder and a line make a practice."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.conventions.source import ROOT

from yiwang.kernel.practice import Practice, Registry
from yiwang.practices.events.practice import EVENTS


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What came of working one case of the added practice, in a process with its own settings."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("add_a_practice.py"))],
        capture_output=True, text=True, check=False, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "YIWANG_DATABASE": "",
             "YIWANG_DATA": str(tmp_path_factory.mktemp("lamps")),
             "DJANGO_SETTINGS_MODULE": "tests.conventions.lamps_settings"},
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_its_page_answers_and_shows_the_case(answer: dict[str, Any]) -> None:
    assert answer["status"] == 200
    assert answer["number"] in answer["page"]


def test_it_stands_in_the_menu(answer: dict[str, Any]) -> None:
    assert 'href="/lamps/"' in answer["page"]


def test_its_playbook_runs_with_a_clock_and_ends(answer: dict[str, Any]) -> None:
    assert answer["due"]
    assert (answer["state"], answer["is_open"]) == ("lit", False)


def test_every_step_is_in_the_trail(answer: dict[str, Any]) -> None:
    assert answer["verbs"] == ["open", "mend"]
    assert not answer["broken"]


def test_a_fresh_registry_checks_what_it_is_given() -> None:
    registry = Registry()
    registry.add(EVENTS)
    assert "events" in registry
    with pytest.raises(ValueError, match="two practices"):
        registry.add(EVENTS)
    with pytest.raises(ValueError, match="identifier"):
        registry.add(Practice(code="No Code", title=EVENTS.title, urls=""))
