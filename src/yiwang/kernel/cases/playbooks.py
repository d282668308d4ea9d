"""A playbook: states and moves as data, validated before use and drawn from what it says. Pure.

A practice declares its playbook in ``states.py``. A town may change labels, limits, required
evidence and optional stages as a new version; a running case keeps the version it began with.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from yiwang.algorithms.words import Words


class Holder(StrEnum):
    """Who has the ball after a move."""

    DESK = "desk"  # the command room of the case's area
    HANDLER = "handler"  # the team it was dispatched to
    COUNTY = "county"  # above us: our own clocks wait
    PEER = "peer"  # another town's or county's system
    NOBODY = "nobody"  # finished


class Relation(StrEnum):
    """What the mover must be to the case, beyond holding the capability in its area."""

    ANYBODY = "anybody"
    HOLDER = "holder"  # a member of the team that has the ball
    HANDLER = "handler"  # a member of the team that handled it
    REPORTER = "reporter"  # whoever knows the follow code


class NeedKind(StrEnum):
    """How a need is asked for in a form and checked when given."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    TEAM = "team"
    OTHER_TEAM = "other_team"  # any but the one that has the case now
    CASE = "case"
    DATE = "date"
    STARS = "stars"
    PHOTO = "photo"
    PEER = "peer"  # another instance, by its name

    @property
    def names_team(self) -> bool:
        """Whether a team is named, whichever."""
        return self in (NeedKind.TEAM, NeedKind.OTHER_TEAM)


@dataclass(frozen=True)
class Need:
    """One thing a move asks for. ``choices`` are (code, words); ``least`` is a count of photos."""

    name: str
    label: Words
    kind: NeedKind
    required: bool = True
    choices: tuple[tuple[str, Words], ...] = ()
    hint: Words = Words("", "")
    least: int = 0


@dataclass(frozen=True)
class State:
    """A place a case can be in. ``clock`` names the stage clock that runs while it is there."""

    code: str
    label: Words
    holder: Holder
    clock: str = ""
    final: bool = False


@dataclass(frozen=True)
class Move:
    """One lawful step: from where to where, by whom, with what, and what it does.

    ``when`` names a guard and ``does`` names effects (kernel/cases/guards.py, effects.py);
    ``starts``, ``stops``, ``pauses``, ``resumes`` name clocks; ``not_by`` names the fact that
    holds an earlier signer who may not sign this as well. What only ``optional`` moves lead to is
    an optional stage.
    """

    code: str
    label: Words
    sources: tuple[str, ...]
    target: str
    who: str
    relation: Relation = Relation.ANYBODY
    needs: tuple[Need, ...] = ()
    when: str = ""
    does: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    pauses: tuple[str, ...] = ()
    resumes: tuple[str, ...] = ()
    not_by: str = ""
    tone: str = "plain"  # main | plain | back
    key: str = ""
    optional: bool = False  # a town may switch it off


@dataclass(frozen=True)
class ClockSpec:
    """A named clock. No ``kind``: term by kind of case, from the table of limits; then it belongs
    to no stage. ``amount`` 0 with a kind: an effect of the move gives the term."""

    name: str
    label: Words
    kind: str
    amount: float
    source: str


@dataclass(frozen=True)
class Playbook:
    """All of it under one code. ``start`` is the state a new case is in."""

    code: str
    title: Words
    start: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    clocks: tuple[ClockSpec, ...] = ()
    version: int = 1
    _by_code: dict[str, State] = field(default_factory=dict, compare=False, repr=False)

    def __post_init__(self) -> None:
        self._by_code.update({state.code: state for state in self.states})

    def state(self, code: str) -> State:
        """The state of that code; ``KeyError`` where the playbook has none."""
        return self._by_code[code]

    def clock(self, name: str) -> ClockSpec:
        """The clock of that name; ``KeyError`` where the playbook has none."""
        return next(spec for spec in self.clocks if spec.name == name)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        """Moves that leave ``state``, in the order they were declared."""
        return tuple(move for move in self.moves if state in move.sources)

    def check(self) -> None:
        """Raise ``ValueError`` listing everything wrong with the playbook."""
        if wrong := problems(self):
            raise ValueError(f"playbook {self.code}: " + "; ".join(word.en for word in wrong))


def problems(playbook: Playbook) -> list[Words]:
    """What is wrong: unknown names, unreachable states, dead ends, waiting without a clock."""
    return [
        *_unknown_names(playbook),
        *_unreachable(playbook),
        *_dead_ends(playbook),
        *_waits_without_clock(playbook),
        *_ambiguous(playbook),
    ]


def _unknown_names(playbook: Playbook) -> list[Words]:
    states = {state.code for state in playbook.states}
    clocks = {spec.name for spec in playbook.clocks}
    named_states = {playbook.start} | {
        name for move in playbook.moves for name in (*move.sources, move.target)
    }
    named_clocks = {state.clock for state in playbook.states if state.clock} | {
        name
        for move in playbook.moves
        for name in (*move.starts, *move.stops, *move.pauses, *move.resumes)
    }
    no_state = Words("没有“{name}”这个状态", "no state {name!r}")
    no_clock = Words("没有“{name}”这个时钟", "no clock {name!r}")
    return [no_state.filled(name=name) for name in sorted(named_states - states)] + [
        no_clock.filled(name=name) for name in sorted(named_clocks - clocks)
    ]


def reached(start: Iterable[str], edges: set[tuple[str, str]]) -> set[str]:
    """Every state that ``edges`` (from, to) lead to from ``start``, which is among them."""
    found = set(start)
    while True:
        further = {target for source, target in edges if source in found} - found
        if not further:
            return found
        found |= further


def edges_of(playbook: Playbook) -> set[tuple[str, str]]:
    """The moves as plain pairs (from, to)."""
    return {(source, move.target) for move in playbook.moves for source in move.sources}


def _unreachable(playbook: Playbook) -> list[Words]:
    found = reached([playbook.start], edges_of(playbook))
    return [_about(s, "没有一步通到“{label}”", "nothing leads to {code!r}")
            for s in playbook.states if s.code not in found]


def _dead_ends(playbook: Playbook) -> list[Words]:
    backwards = {(target, source) for source, target in edges_of(playbook)}
    finals = [state.code for state in playbook.states if state.final]
    ending = reached(finals, backwards)
    return [_about(s, "到了“{label}”就再也结束不了", "{code!r} never comes to an end")
            for s in playbook.states if s.code not in ending]


def _waits_without_clock(playbook: Playbook) -> list[Words]:
    return [
        _about(state, "“{label}”在等，却没有时钟", "{code!r} waits without a clock")
        for state in playbook.states
        if not state.final and not state.clock
    ]


def _about(state: State, zh: str, en: str) -> Words:
    """A problem of one state: by its label in Chinese, by its code in English."""
    return Words(zh.format(label=state.label.zh, code=state.code),
                 en.format(label=state.label.en, code=state.code))


def _ambiguous(playbook: Playbook) -> list[Words]:
    seen: set[tuple[str, str, str]] = set()
    doubles: list[Words] = []
    for move in playbook.moves:
        for source in move.sources:
            key = (move.code, source, move.when)
            if key in seen:
                doubles.append(Words(
                    "“{label}”从“{source}”出发写了两次",
                    "move {code!r} is declared twice from {source!r}",
                ).filled(label=move.label.zh, code=move.code, source=source))
            seen.add(key)
    return doubles


def diagram(playbook: Playbook) -> str:
    """The playbook as a Mermaid state diagram, Chinese labels; printed in docs/map.md."""
    lines = ["stateDiagram-v2", f"  [*] --> {playbook.start}"]
    lines += [f"  {state.code}: {state.label.zh}" for state in playbook.states]
    lines += [
        f"  {source} --> {move.target}: {move.label.zh}"
        for move in playbook.moves
        for source in move.sources
    ]
    lines += [f"  {state.code} --> [*]" for state in playbook.states if state.final]
    return "\n".join(dict.fromkeys(lines))
