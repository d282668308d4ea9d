"""The sheet on which a town changes a playbook: its rows, and what was typed read back."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ClockKind
from yiwang.kernel.cases.playbook_edits import (
    MOST_PHOTOS,
    Edit,
    has_own_term,
    may_be_required,
    switched_off,
    whole,
)
from yiwang.kernel.cases.playbooks import ClockSpec, Move, Need, NeedKind, Playbook

KINDS = [(kind.value, kind.label) for kind in ClockKind]
MOST_AMOUNT = 10_000.0
LONGEST = 200  # characters kept of anything typed


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One thing a step asks for. ``fixed``: required by the practice itself, or steering."""

    name: str
    label: Words
    required: bool
    fixed: bool
    photo: bool
    least: str


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A state or a step with its two labels; ``error`` belongs to it."""

    name: str
    was: Words
    zh: str
    en: str
    error: object = ""
    optional: bool = False
    on: bool = True
    needs: tuple[NeedRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ClockRow:
    """A stage's clock; without its own term it is only shown."""

    name: str
    label: Words
    own: bool
    kind: str
    amount: str
    error: object = ""


@dataclass
class Sheet:
    """What is typed, or what stands; and what is wrong with it, by field."""

    current: Playbook
    declared: Playbook
    typed: Mapping[str, str] | None = None
    wrong: dict[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.full = whole(self.current, self.declared)
        self.off = switched_off(self.current, self.declared)
        self.floor = {(m.code, n.name): n for m in self.declared.moves for n in m.needs}

    @property
    def states(self) -> list[LabelRow]:
        """The states, each with its labels."""
        return [LabelRow(f"state-{s.code}", s.label, *self._pair(f"state-{s.code}", s.label),
                         self.wrong.get(f"state-{s.code}", "")) for s in self.full.states]

    @property
    def moves(self) -> list[LabelRow]:
        """The steps by code, with what they ask for."""
        return [self._move(move) for move in self._by_code().values()]

    @property
    def clocks(self) -> list[ClockRow]:
        """The clocks, with kind and amount."""
        return [self._clock(spec) for spec in self.full.clocks]

    @property
    def source(self) -> str:
        """What the change rests on."""
        return self._said("source", "")

    def edit(self) -> Edit:
        """What was typed as a change; what cannot be read is put into ``wrong``."""
        moves = self._by_code()
        return Edit(
            states={s.code: self._label(f"state-{s.code}", s.label) for s in self.full.states},
            moves={code: self._label(f"move-{code}", move.label) for code, move in moves.items()},
            clocks={spec.name: self._term(spec) for spec in self.full.clocks
                    if has_own_term(spec)},
            needs={(code, need.name): self._wish(code, need)
                   for code, move in moves.items() for need in move.needs
                   if may_be_required(need)},
            off=frozenset(code for code, move in moves.items()
                          if move.optional and not self._ticked(f"move-{code}-on", now=True)),
        )

    def _by_code(self) -> dict[str, Move]:
        moves: dict[str, Move] = {}
        for move in self.full.moves:
            moves.setdefault(move.code, move)
        return moves

    def _said(self, name: str, now: str) -> str:
        if self.typed is None:
            return now
        return " ".join(self.typed.get(name, now).replace("\0", "").split())[:LONGEST]

    def _ticked(self, name: str, *, now: bool) -> bool:
        return now if self.typed is None else name in self.typed

    def _pair(self, name: str, now: Words) -> tuple[str, str]:
        return self._said(f"{name}-zh", now.zh), self._said(f"{name}-en", now.en)

    def _label(self, name: str, now: Words) -> Words:
        return Words(*self._pair(name, now))

    def _move(self, move: Move) -> LabelRow:
        name = f"move-{move.code}"
        return LabelRow(
            name, move.label, *self._pair(name, move.label), self.wrong.get(name, ""),
            move.optional, self._ticked(f"{name}-on", now=move.code not in self.off),
            tuple(self._need(move.code, need) for need in move.needs if may_be_required(need)))

    def _need(self, code: str, need: Need) -> NeedRow:
        name = f"need-{code}-{need.name}"
        floor = self.floor.get((code, need.name), need)
        return NeedRow(
            name, need.label, floor.required or self._ticked(name, now=need.required),
            floor.required, need.kind is NeedKind.PHOTO,
            self._said(f"{name}-least", str(need.least)))

    def _wish(self, code: str, need: Need) -> tuple[bool, int]:
        name = f"need-{code}-{need.name}"
        text = self._said(f"{name}-least", str(need.least))
        if not (text.isascii() and text.isdigit() and int(text[:4]) <= MOST_PHOTOS):
            self.wrong[f"move-{code}"] = Words("照片 0 到 {n} 张。", "0 to {n} photos.").filled(
                n=MOST_PHOTOS)
            return need.required, need.least
        return self._ticked(name, now=need.required), int(text)

    def _clock(self, spec: ClockSpec) -> ClockRow:
        name = f"clock-{spec.name}"
        return ClockRow(name, spec.label, has_own_term(spec),
                        self._said(f"{name}-kind", spec.kind),
                        self._said(f"{name}-amount", f"{spec.amount:g}"), self.wrong.get(name, ""))

    def _term(self, spec: ClockSpec) -> tuple[str, float]:
        name = f"clock-{spec.name}"
        kind = self._said(f"{name}-kind", spec.kind)
        amount = _number(self._said(f"{name}-amount", f"{spec.amount:g}"))
        if kind not in dict(KINDS) or amount is None:
            self.wrong[name] = Words("时限要是大于 0 的数。", "A limit is a number above 0.")
            return spec.kind, spec.amount
        return kind, amount


def _number(text: str) -> float | None:
    try:
        amount = float(text)
    except ValueError:
        return None
    return amount if math.isfinite(amount) and 0 < amount <= MOST_AMOUNT else None
