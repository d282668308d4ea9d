"""What a town may change in a playbook: labels, stage limits, evidence, optional steps. Pure.

The practice's own playbook is the floor: what it requires stays required. An optional step that
is switched off is left out of the new version, with every stage that only it led to; it comes
back from the practice's playbook when it is switched on again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from yiwang.algorithms.words import Words

from .playbooks import ClockSpec, Move, Need, NeedKind, Playbook, State, edges_of, reached

EVIDENCE = (NeedKind.LINE, NeedKind.TEXT, NeedKind.PHOTO, NeedKind.DATE)
MOST_PHOTOS = 9  # that a step may ask for at least; own choice
_ASKED, _MAY_ASK = "_asked", "may_ask_"  # guards of an answer, and of the question before it


@dataclass(frozen=True)
class Edit:
    """A town's changes, by code; what is not named stays. ``needs`` by (move, need)."""

    states: Mapping[str, Words] = field(default_factory=dict)
    moves: Mapping[str, Words] = field(default_factory=dict)
    clocks: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    needs: Mapping[tuple[str, str], tuple[bool, int]] = field(default_factory=dict)
    off: frozenset[str] = frozenset()


def whole(current: Playbook, declared: Playbook) -> Playbook:
    """What the practice declares, in the town's present words: switched-off steps included."""
    states = {state.code: state for state in current.states}
    clocks = {spec.name: spec for spec in current.clocks}
    moves = {_key(move): move for move in current.moves}
    return replace(
        declared, title=current.title, version=current.version, _by_code={},
        states=tuple(states.get(state.code, state) for state in declared.states),
        clocks=tuple(clocks.get(spec.name, spec) for spec in declared.clocks),
        moves=tuple(_kept(moves.get(_key(move)), move) for move in declared.moves),
    )


def optional_moves(playbook: Playbook) -> tuple[str, ...]:
    """Codes of the moves a town may switch off, in order."""
    return tuple(dict.fromkeys(move.code for move in playbook.moves if move.optional))


def switched_off(current: Playbook, declared: Playbook) -> frozenset[str]:
    """Optional moves that the present version does without."""
    there = {move.code for move in current.moves}
    return frozenset(optional_moves(declared)) - there


def may_be_required(need: Need) -> bool:
    """Whether a town may say if this is asked for: texts, dates and photos, not what steers."""
    return need.kind in EVIDENCE


def edited(full: Playbook, declared: Playbook, edit: Edit, *, source: str) -> Playbook:
    """``full`` (see :func:`whole`) with the changes made; not checked yet."""
    floor = {(move.code, need.name): need for move in declared.moves for need in move.needs}
    changed = replace(
        full, _by_code={},
        states=tuple(_state(state, edit) for state in full.states),
        clocks=tuple(_clock(spec, edit, source) for spec in full.clocks),
        moves=tuple(_move(move, edit, floor) for move in full.moves),
    )
    return without(changed, edit.off & frozenset(optional_moves(declared)))


def without(playbook: Playbook, codes: frozenset[str]) -> Playbook:
    """The playbook without some moves, what answers them, and the stages only they led to."""
    if not codes:
        return playbook
    moves = [move for move in playbook.moves if move.code not in codes]
    asks = {move.when.removeprefix(_MAY_ASK) for move in moves if move.when.startswith(_MAY_ASK)}
    gone = {move.when.removeprefix(_MAY_ASK) for move in playbook.moves
            if move.when.startswith(_MAY_ASK)} - asks
    moves = [move for move in moves if move.when.removesuffix(_ASKED) not in gone]
    return _pruned(replace(playbook, moves=tuple(moves), _by_code={}))


def _pruned(playbook: Playbook) -> Playbook:
    left = reached([playbook.start], edges_of(playbook))
    moves = (replace(move, sources=tuple(code for code in move.sources if code in left))
             for move in playbook.moves)
    return replace(
        playbook, _by_code={},
        states=tuple(state for state in playbook.states if state.code in left),
        moves=tuple(move for move in moves if move.sources),
    )


def _key(move: Move) -> tuple[str, str, str]:
    return move.code, move.when, move.target


def _kept(own: Move | None, declared: Move) -> Move:
    """The town's move with all its sources: some may have gone with a stage switched off."""
    return declared if own is None else replace(
        own, sources=declared.sources, optional=declared.optional)


def _state(state: State, edit: Edit) -> State:
    return replace(state, label=edit.states.get(state.code, state.label))


def _clock(spec: ClockSpec, edit: Edit, source: str) -> ClockSpec:
    kind, amount = edit.clocks.get(spec.name, (spec.kind, spec.amount))
    if not has_own_term(spec) or (kind, amount) == (spec.kind, spec.amount):
        return spec
    return replace(spec, kind=kind, amount=amount, source=source)


def has_own_term(spec: ClockSpec) -> bool:
    """Whether the playbook itself says how long; else the table of limits or a move does."""
    return bool(spec.kind and spec.amount)


def _move(move: Move, edit: Edit, floor: Mapping[tuple[str, str], Need]) -> Move:
    return replace(
        move, label=edit.moves.get(move.code, move.label),
        needs=tuple(_need(need, edit.needs.get((move.code, need.name)),
                          floor.get((move.code, need.name), need)) for need in move.needs),
    )


def _need(need: Need, wish: tuple[bool, int] | None, floor: Need) -> Need:
    if wish is None or not may_be_required(need):
        return need
    required, least = wish
    photos = max(min(least, MOST_PHOTOS), floor.least) if need.kind is NeedKind.PHOTO else 0
    return replace(need, required=required or floor.required or photos > 0, least=photos)
