"""A town's changes to a playbook: what may be changed, what not, and who keeps which version."""

from dataclasses import replace
from typing import Any

import pytest

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import PlaybookVersion
from yiwang.kernel.cases.playbook_actions import change_playbook
from yiwang.kernel.cases.playbook_edits import (
    Edit,
    edited,
    optional_moves,
    switched_off,
    whole,
    without,
)
from yiwang.kernel.cases.playbook_store import current
from yiwang.kernel.cases.playbooks import Playbook, problems
from yiwang.kernel.errors import NotAllowed, Refusal, SomebodyElseDecided
from yiwang.practices.events.states import EVENT

from .town import Town


def change(town: Town, edit: Edit, who: str = "head", **more: Any) -> PlaybookVersion | None:
    given = {"source": "主任办公会", "seen": current("event").version, **more}
    return change_playbook(EVENT, edit, by=town.people[who], at=town.at, **given)


def test_a_town_changes_words_limits_and_evidence(town: Town) -> None:
    made = change(town, Edit(
        states={"reported": Words("待处理", "waiting")}, moves={"assign": Words("派", "send")},
        clocks={"accept": ("working_hours", 1.0)}, needs={("submit", "photo"): (True, 2)}))
    assert made is not None
    assert made.version == 2
    now = current("event")
    assert now.state("reported").label == Words("待处理", "waiting")
    assert (now.clock("accept").amount, now.clock("accept").source) == (1.0, "主任办公会")
    photos = [n for m in now.moves if m.code == "submit" for n in m.needs if n.name == "photo"]
    assert [(need.required, need.least) for need in photos] == [(True, 2)] * len(photos)
    assert change(town, Edit()) is None, "the same again is no new version"


def test_running_cases_keep_the_version_they_began_with(town: Town) -> None:
    old = town.open()
    change(town, Edit(off=frozenset({"hand_up"})))
    new = town.open()
    assert (old.playbook_version, new.playbook_version) == (1, 2)
    town.move(old, "hand_up", "desk", reason="超出权限")
    assert old.state == "county"
    with pytest.raises(Refusal):
        town.move(new, "hand_up", "desk", reason="超出权限")


def test_a_switched_off_step_takes_its_stage_along_and_comes_back(town: Town) -> None:
    change(town, Edit(off=frozenset({"hand_up", "ask_suspension"})))
    now = current("event")
    assert not {"county", "suspended"} & {state.code for state in now.states}
    assert not {"hand_down", "grant_suspension", "resume"} & {move.code for move in now.moves}
    assert switched_off(now, EVENT) == {"hand_up", "ask_suspension"}
    change(town, Edit())
    assert whole(current("event"), EVENT) == current("event")
    assert {m.code for m in current("event").moves} == {m.code for m in EVENT.moves}
    assert {m.sources for m in current("event").moves if m.code == "assign"} == {
        m.sources for m in EVENT.moves if m.code == "assign"}


@pytest.mark.parametrize("code", optional_moves(EVENT))
def test_every_optional_step_can_go_alone(code: str) -> None:
    assert problems(without(EVENT, frozenset({code}))) == []


def test_all_optional_steps_can_go_together() -> None:
    assert problems(without(EVENT, frozenset(optional_moves(EVENT)))) == []


def test_the_practice_is_the_floor() -> None:
    softer = edited(EVENT, EVENT, Edit(
        needs={("submit", "done"): (False, 0), ("assign", "team"): (False, 0)},
        clocks={"handle": ("working_days", 1.0)}, off=frozenset({"assign"})), source="x")
    assert softer == EVENT


@pytest.mark.parametrize(("edit", "field"), [
    (Edit(states={"reported": Words("", "x")}), "state-reported"),
    (Edit(moves={"assign": Words("派" * 61, "x")}), "move-assign"),
    (Edit(clocks={"accept": ("working_days", 0.5)}), "clock-accept"),
    (Edit(clocks={"accept": ("moon_days", 1)}), "clock-accept"),
])
def test_what_cannot_be_is_refused_by_its_field(town: Town, edit: Edit, field: str) -> None:
    with pytest.raises(Refusal) as said:
        change(town, edit)
    assert said.value.field == field
    assert current("event").version == 1


@pytest.mark.parametrize("source", ["", "practice", "x" * 201])
def test_a_version_says_what_it_rests_on(town: Town, source: str) -> None:
    with pytest.raises(Refusal) as said:
        change(town, Edit(clocks={"accept": ("working_hours", 1)}), source=source)
    assert said.value.field == "source"


@pytest.mark.parametrize("who", ["worker", "desk", "leader", "build"])
def test_only_who_may_edit_does(town: Town, who: str) -> None:
    with pytest.raises(NotAllowed):
        change(town, Edit(clocks={"accept": ("working_hours", 1)}), who)


def test_the_second_of_two_is_told(town: Town) -> None:
    change(town, Edit(clocks={"accept": ("working_hours", 1)}))
    with pytest.raises(SomebodyElseDecided):
        change(town, Edit(clocks={"accept": ("working_hours", 3)}), seen=1)


def test_problems_are_said_in_both_languages() -> None:
    broken: Playbook = replace(
        EVENT, moves=tuple(m for m in EVENT.moves if m.code != "hand_up"), _by_code={})
    said = problems(broken)
    assert [(w.zh, w.en) for w in said] == [
        ("没有一步通到“已上报区级”", "nothing leads to 'county'")]
    with pytest.raises(ValueError, match="nothing leads to 'county'"):
        broken.check()
