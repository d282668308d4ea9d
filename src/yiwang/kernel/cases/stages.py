"""What entering and leaving a state does to the clocks, and what of it is queried. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from yiwang.algorithms.working_time import Calendar

from . import clocks as timing
from .clocks import Clock
from .limits import Limit
from .playbooks import Move, Playbook

Stored = dict[str, Any]


def enter_state(
    clocks: Mapping[str, Stored], playbook: Playbook, state: str, *, at: datetime,
    calendar: Calendar,
) -> dict[str, Stored]:
    """``clocks`` with the stage clock of ``state`` started, unless an effect gives its term."""
    name = playbook.state(state).clock
    if not name or not playbook.clock(name).amount:
        return dict(clocks)
    spec = playbook.clock(name)
    started = timing.start(spec.kind, spec.amount, at=at, calendar=calendar)
    return {**clocks, name: started.to_json()}


def leave_state(
    clocks: Mapping[str, Stored], playbook: Playbook, state: str, *, at: datetime
) -> dict[str, Stored]:
    """``clocks`` with the stage clock of ``state`` stopped; the one by kind of case goes on."""
    name = playbook.state(state).clock
    if name not in clocks or not playbook.clock(name).kind:
        return dict(clocks)
    return _change(dict(clocks), name, lambda clock: timing.stop(clock, at=at))


def run_clocks(
    clocks: Mapping[str, Stored], playbook: Playbook, move: Move, came_from: str, *,
    at: datetime, calendar: Calendar, limit: Limit | None = None,
) -> dict[str, Stored]:
    """All that a move does to clocks: the stage it leaves, its own effects, the stage entered."""
    running = dict(clocks)
    handed_on = move.target != came_from or bool(move.starts)
    if handed_on:
        running = leave_state(running, playbook, came_from, at=at)
    for name in move.pauses:
        running = _change(running, name, lambda clock: _paused(clock, at))
    for name in move.resumes:
        running = _change(running, name, lambda clock: _resumed(clock, at, calendar))
    for name in move.starts:
        running = _start(running, name, limit, at=at, calendar=calendar)
    for name in _stopped(playbook, move, running):
        running = _change(running, name, lambda clock: timing.stop(clock, at=at))
    if handed_on:
        running = enter_state(running, playbook, move.target, at=at, calendar=calendar)
    return running


def _stopped(playbook: Playbook, move: Move, running: Mapping[str, Stored]) -> tuple[str, ...]:
    """A move into a final state stops every clock."""
    return tuple(running) if playbook.state(move.target).final else move.stops


def _change(
    running: dict[str, Stored], name: str, change: Callable[[Clock], Clock]
) -> dict[str, Stored]:
    """Apply ``change`` to a clock that is still going; one that was never started stays absent."""
    if name not in running or running[name].get("stopped_at"):
        return running
    return {**running, name: {**running[name], **change(Clock.from_json(running[name])).to_json()}}


def _paused(clock: Clock, at: datetime) -> Clock:
    """Pausing what stands still already changes nothing: the first pause is the one that counts."""
    return clock if clock.open_pause else timing.pause(clock, at=at)


def _resumed(clock: Clock, at: datetime, calendar: Calendar) -> Clock:
    return timing.resume(clock, at=at, calendar=calendar) if clock.open_pause else clock


def _start(
    running: dict[str, Stored], name: str, limit: Limit | None, *, at: datetime,
    calendar: Calendar,
) -> dict[str, Stored]:
    """Start a clock by kind once: handing a case on does not give it a fresh term."""
    if limit is None or (name in running and not running[name].get("stopped_at")):
        return running
    clock = timing.start(limit.clock, float(limit.amount), at=at, calendar=calendar)
    return {**running, name: {**clock.to_json(), "source": limit.source}}


def due_columns(clocks: Mapping[str, Stored]) -> dict[str, Any]:
    """The queried columns: the earliest end among the running clocks, and whether it may move."""
    found = first_to_end(clocks)
    if found is None:
        return {"due_at": None, "due_provisional": False}
    return {"due_at": found[1].due_at, "due_provisional": found[1].provisional}


def first_to_end(clocks: Mapping[str, Mapping[str, Any]]) -> tuple[str, Clock] | None:
    """The running clock that ends first, with its name; None where all stand still."""
    ends = [(datetime.fromisoformat(stored["due_at"]), place, name)
            for place, (name, stored) in enumerate(clocks.items()) if timing.runs(stored)]
    if not ends:
        return None
    name = min(ends)[2]
    return name, Clock.from_json(clocks[name])


def is_late(clocks: Mapping[str, Stored], *, at: datetime) -> bool:
    """Whether the handling term is missed at ``at``; the mark, once set, is never unset."""
    stored = clocks.get("handle")
    return stored is not None and Clock.from_json(stored).is_late(at)
