"""Events of cases, for whoever listens: what happened, in ids, never in personal words."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CaseOpened:
    """A case was reported."""

    case: str
    practice: str


@dataclass(frozen=True)
class CaseMoved:
    """A case made a move: ``verb``, from one state to another."""

    case: str
    practice: str
    verb: str
    was: str
    now: str


@dataclass(frozen=True)
class CaseClosed:
    """A case came to an end in ``state`` (closed, rejected, merged, set aside)."""

    case: str
    practice: str
    state: str
