"""A playbook as plain data and back, so that each version can be stored and changed by a town."""

from dataclasses import fields
from enum import StrEnum
from typing import Any

from yiwang.algorithms.words import Words

from .playbooks import ClockSpec, Holder, Move, Need, NeedKind, Playbook, Relation, State


def to_json(playbook: Playbook) -> dict[str, Any]:
    """Everything the playbook says, as JSON types; its version is kept beside it, not in it."""
    return {
        "code": playbook.code,
        "title": playbook.title.as_json(),
        "start": playbook.start,
        "states": [_plain(state) for state in playbook.states],
        "moves": [_plain(move) for move in playbook.moves],
        "clocks": [_plain(spec) for spec in playbook.clocks],
    }


def from_json(body: dict[str, Any], *, version: int) -> Playbook:
    """Read a stored playbook; raises ``ValueError`` where it does not hold together."""
    try:
        playbook = Playbook(
            code=body["code"],
            title=Words.from_json(body["title"]),
            start=body["start"],
            states=tuple(_state(item) for item in body["states"]),
            moves=tuple(_move(item) for item in body["moves"]),
            clocks=tuple(_clock(item) for item in body["clocks"]),
            version=version,
        )
    except (KeyError, TypeError) as problem:
        raise ValueError(f"not a playbook: {problem}") from problem
    playbook.check()
    return playbook


def _plain(thing: Any) -> Any:
    if isinstance(thing, Words):
        return thing.as_json()
    if isinstance(thing, StrEnum):
        return thing.value
    if isinstance(thing, tuple):
        return [_plain(item) for item in thing]
    if hasattr(thing, "__dataclass_fields__"):
        return {item.name: _plain(getattr(thing, item.name)) for item in fields(thing)}
    return thing


def _state(item: dict[str, Any]) -> State:
    return State(**{**item, "label": Words.from_json(item["label"]),
                    "holder": Holder(item["holder"])})


def _clock(item: dict[str, Any]) -> ClockSpec:
    return ClockSpec(**{**item, "label": Words.from_json(item["label"])})


def _need(item: dict[str, Any]) -> Need:
    choices = tuple((code, Words.from_json(words)) for code, words in item["choices"])
    return Need(**{**item, "label": Words.from_json(item["label"]), "kind": NeedKind(item["kind"]),
                   "hint": Words.from_json(item["hint"]), "choices": choices})


def _move(item: dict[str, Any]) -> Move:
    tuples = {name: tuple(item[name])
              for name in ("sources", "does", "starts", "stops", "pauses", "resumes")}
    return Move(**{**item, **tuples, "label": Words.from_json(item["label"]),
                   "relation": Relation(item["relation"]),
                   "needs": tuple(_need(need) for need in item["needs"])})
