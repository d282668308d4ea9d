"""Playbooks: validated when loaded, kept as data, drawn; running cases keep their version."""

from dataclasses import replace
from datetime import datetime

import pytest

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.effects import EFFECTS
from yiwang.kernel.cases.guards import GUARDS
from yiwang.kernel.cases.playbook_json import from_json, to_json
from yiwang.kernel.cases.playbook_store import current, publish_playbook
from yiwang.kernel.cases.playbooks import (
    ClockSpec,
    Holder,
    Move,
    Playbook,
    State,
    diagram,
    problems,
)
from yiwang.kernel.people.rules import CAPABILITIES, SYSTEM
from yiwang.practices.events.states import EVENT

from .town import Town

NAME = Words("名", "name")
A = State("a", NAME, Holder.DESK, clock="c")
B = State("b", NAME, Holder.NOBODY, final=True)
GO = Move("go", NAME, ("a",), "b", "case.triage")
CLOCK = ClockSpec("c", NAME, "working_days", 1, "test")
SOUND = Playbook("p", NAME, "a", (A, B), (GO,), (CLOCK,))


def test_a_sound_playbook_has_no_problems() -> None:
    assert problems(SOUND) == []


@pytest.mark.parametrize("broken", [
    replace(SOUND, start="z"),
    replace(SOUND, moves=(replace(GO, target="z"),)),
    replace(SOUND, states=(A, B, State("island", NAME, Holder.NOBODY, final=True))),
    replace(SOUND, states=(replace(A, clock=""), B)),
    replace(SOUND, clocks=()),
    replace(SOUND, moves=(GO, GO)),
    replace(SOUND, states=(A, replace(B, final=False, clock="c"))),
    replace(SOUND, moves=(replace(GO, starts=("other",)),)),
])
def test_each_fault_is_found_when_it_is_loaded(broken: Playbook) -> None:
    with pytest.raises(ValueError, match="playbook p"):
        broken.check()
    with pytest.raises(ValueError, match="playbook"):
        from_json(to_json(broken), version=1)


def test_a_playbook_survives_being_stored() -> None:
    assert from_json(to_json(EVENT), version=1) == EVENT


def test_the_event_playbook_uses_only_what_there_is() -> None:
    EVENT.check()
    assert {move.when for move in EVENT.moves} - {""} <= set(GUARDS)
    assert {effect for move in EVENT.moves for effect in move.does} <= set(EFFECTS)
    assert {move.who for move in EVENT.moves} - {""} <= set(CAPABILITIES)


def test_the_drawing_shows_every_state_and_move() -> None:
    drawing = diagram(EVENT)
    assert all(state.label.zh in drawing for state in EVENT.states)
    assert all(move.label.zh in drawing for move in EVENT.moves)


def test_a_running_case_keeps_the_version_it_began_with(town: Town, at: datetime) -> None:
    case = town.assigned()
    without_refusal = tuple(move for move in EVENT.moves if move.code != "appeal")
    changed = replace(EVENT, moves=without_refusal)
    assert publish_playbook(changed, by=SYSTEM, at=at, source="town") is not None
    assert publish_playbook(changed, by=SYSTEM, at=at, source="town") is None
    assert (case.playbook_version, current("event").version, town.open().playbook_version) == (
        1, 2, 2)
    town.move(case, "accept", "build")
    assert case.playbook_version == 1
