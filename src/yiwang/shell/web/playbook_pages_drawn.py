"""A playbook as a diagram: states in a column by distance from the start, moves as labelled lines.

Every step leaves its state on a line of its own with its name on it, and joins the lane of the
state it leads to; so no label ever lies on another. Pure: sizes in SVG units.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.playbooks import Move, Playbook, State

LEFT, LEAST_BOX, LINE, HEAD, GAP = 4, 104, 26, 30, 16
LANE, WIDE, NARROW, BOLD = 15, 12.5, 7.0, 1.12  # lanes apart; letters of two widths; a heading
TONES = 5  # colours of lanes, after one another


@dataclass(frozen=True, slots=True)
class Box:
    """A state: where it stands."""

    state: State
    top: float
    height: float
    start: bool

    @property
    def middle(self) -> float:
        """Where its name is written."""
        return self.top + self.height / 2 + 4.5

    @property
    def entry(self) -> float:
        """Where what leads to it comes in."""
        return self.top + HEAD / 2


@dataclass(frozen=True, slots=True)
class Step:
    """A move out of a state: its line, and the lane it joins; ``lane`` 0 leads back to itself."""

    label: Words
    y: float
    lane: float
    tone: int
    manner: str

    @property
    def above(self) -> float:
        """Where its name is written."""
        return self.y - 5


@dataclass(frozen=True, slots=True)
class Lane:
    """The line that gathers all steps to one state."""

    x: float
    top: float
    bottom: float
    entry: float
    tone: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """What the template draws."""

    boxes: tuple[Box, ...]
    steps: tuple[Step, ...]
    lanes: tuple[Lane, ...]
    width: float
    height: float
    box: float
    left: float = LEFT

    @property
    def right(self) -> float:
        """Where steps leave the boxes."""
        return self.left + self.box

    @property
    def text(self) -> float:
        """Where the name of a step begins."""
        return self.right + 8

    @property
    def middle(self) -> float:
        """The middle of the boxes."""
        return self.left + self.box / 2

    @property
    def tip(self) -> float:
        """Where an arrow's head begins."""
        return self.right + 8


def drawn(playbook: Playbook) -> Drawing:
    """Lay out the playbook: boxes, then lanes, the shorter nearer to the boxes."""
    states = in_order(playbook)
    leaving = {state.code: _leaving(playbook, state.code) for state in states}
    boxes = _boxes(states, leaving, playbook.start)
    ends = _ends(boxes, leaving)
    box = round(max(LEAST_BOX, *(18 + BOLD * _wide(str(state.label)) for state in states)))
    room = LEFT + box + 34 + round(max(
        (_wide(str(move.label)) for moves in leaving.values() for move in moves), default=0.0))
    order = sorted(ends, key=lambda code: max(ends[code]) - min(ends[code]))
    at = {code: (room + LANE * number, number % TONES) for number, code in enumerate(order)}
    entry = {box.state.code: box.entry for box in boxes}
    lanes = tuple(Lane(at[code][0], min(ends[code]), max(ends[code]), entry[code], at[code][1])
                  for code in order)
    return Drawing(boxes, tuple(_steps(boxes, leaving, at)), lanes,
                   room + LANE * len(order), boxes[-1].top + boxes[-1].height + GAP, box)


def in_order(playbook: Playbook) -> list[State]:
    """States by how many steps the shortest way from the start takes, then as declared."""
    far = {playbook.start: 0}
    queue = [playbook.start]
    for code in queue:
        for move in playbook.moves_from(code):
            if move.target not in far:
                far[move.target] = far[code] + 1
                queue.append(move.target)
    return sorted(playbook.states,
                  key=lambda s: (s.final, far.get(s.code, len(far)), playbook.states.index(s)))


def _leaving(playbook: Playbook, code: str) -> list[Move]:
    """The moves that leave a state, those of one name and target once."""
    moves = {(move.label, move.target): move for move in reversed(playbook.moves_from(code))}
    return list(reversed(moves.values()))


def _boxes(
    states: list[State], leaving: Mapping[str, list[Move]], start: str
) -> tuple[Box, ...]:
    boxes, top = [], float(GAP)
    for state in states:
        height = HEAD + LINE * len(leaving[state.code]) if leaving[state.code] else HEAD
        boxes.append(Box(state, top, height, state.code == start))
        top += height + GAP
    return tuple(boxes)


def _line_of(box: Box, number: int) -> float:
    return box.top + HEAD + LINE * number + LINE * 0.6


def _ends(boxes: tuple[Box, ...], leaving: Mapping[str, list[Move]]) -> dict[str, list[float]]:
    """For each state that others lead to: the heights its lane must reach."""
    ends: dict[str, list[float]] = {}
    entry = {box.state.code: box.entry for box in boxes}
    for box in boxes:
        for number, move in enumerate(leaving[box.state.code]):
            if move.target != box.state.code:
                ends.setdefault(move.target, [entry[move.target]]).append(_line_of(box, number))
    return ends


def _steps(
    boxes: tuple[Box, ...], leaving: Mapping[str, list[Move]],
    lanes: Mapping[str, tuple[float, int]],
) -> list[Step]:
    steps = []
    for box in boxes:
        for number, move in enumerate(leaving[box.state.code]):
            x, tone = (0.0, 0) if move.target == box.state.code else lanes[move.target]
            steps.append(Step(move.label, _line_of(box, number), x, tone, move.tone))
    return steps


def _wide(text: str) -> float:
    return sum(WIDE if unicodedata.east_asian_width(letter) in "WF" else NARROW for letter in text)
