"""What a clock remembers: its term, its pauses, its extensions, how it ended. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from yiwang.algorithms.working_time import ClockKind


class Pause(NamedTuple):
    """A time a clock stood still. ``until`` is set for 挂账 alone, which ends by then by itself."""

    begins: datetime
    ends: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockRules:
    """How often a limit may be extended or suspended, and for how long."""

    most_extensions: int = 2
    most_suspensions: int = 1
    suspension_years: int = 1
    source: str = (
        "城市管理立案、处置和结案流程要求：延期加一个原时限，至多批准两次，未批准的不计，超期后不批；"
        "挂账至多一次，不超过一年"
    )

    def __post_init__(self) -> None:
        if min(self.most_extensions, self.most_suspensions) < 0:
            raise ValueError("most_extensions and most_suspensions are not negative")
        if not 1 <= self.suspension_years <= 10:
            raise ValueError("suspension_years is 1 to 10")


RULES = ClockRules()


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit that runs. ``amount`` is all it allows now; ``original_amount``, at its start.

    Amounts are hours or whole days as ``kind`` says. After ``due_at`` it is late; in an open pause
    that moment stands as it was, in a suspension it already counts the suspension to its limit.
    ``late``, once true, stays true whatever happens later.
    """

    kind: ClockKind
    amount: float
    started_at: datetime
    due_at: datetime
    provisional: bool
    original_amount: float
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None
    extensions: int = 0
    late: bool = False

    @property
    def open_pause(self) -> Pause | None:
        """The pause or suspension that nobody has ended yet."""
        last = self.pauses[-1] if self.pauses else None
        return last if last is not None and last.ends is None else None

    @property
    def is_running(self) -> bool:
        """Whether ``due_at`` is to be kept: not stopped, and not in a pause without an end."""
        pause = self.open_pause
        return self.stopped_at is None and (pause is None or pause.until is not None)

    def is_paused(self, at: datetime) -> bool:
        """Whether the clock stands still at ``at``; a suspension past its limit no longer does."""
        pause = self.open_pause
        return pause is not None and (pause.until is None or at < pause.until)

    def is_late(self, at: datetime) -> bool:
        """Whether the limit was missed by ``at``. A clock that stands still misses nothing."""
        if self.late or self.stopped_at is not None or self.is_paused(at):
            return self.late
        return at > self.due_at

    @property
    def suspensions(self) -> int:
        """How many times it was suspended."""
        return sum(pause.until is not None for pause in self.pauses)

    def to_json(self) -> dict[str, Any]:
        """Plain data, moments as ISO text: for a JSON column and for the trail."""
        return {
            "kind": self.kind.value,
            "amount": self.amount,
            "original_amount": self.original_amount,
            "started_at": self.started_at.isoformat(),
            "due_at": self.due_at.isoformat(),
            "provisional": self.provisional,
            "pauses": [[_iso(moment) for moment in pause] for pause in self.pauses],
            "stopped_at": _iso(self.stopped_at),
            "extensions": self.extensions,
            "late": self.late,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Clock":
        """Read back :meth:`to_json`, other keys left aside; else ``KeyError``, ``ValueError``."""
        return cls(
            kind=ClockKind(data["kind"]),
            amount=data["amount"],
            original_amount=data["original_amount"],
            started_at=datetime.fromisoformat(data["started_at"]),
            due_at=datetime.fromisoformat(data["due_at"]),
            provisional=data["provisional"],
            pauses=tuple(
                Pause(datetime.fromisoformat(begins), _moment(ends), _moment(until))
                for begins, ends, until in data["pauses"]
            ),
            stopped_at=_moment(data["stopped_at"]),
            extensions=data["extensions"],
            late=data["late"],
        )


def runs(stored: Mapping[str, Any]) -> bool:
    """:attr:`Clock.is_running` of a stored clock, without reading all of it: lists ask it often."""
    if stored["stopped_at"] is not None:
        return False
    pauses = stored["pauses"]
    if not pauses:
        return True
    _, ends, until = pauses[-1]
    return ends is not None or until is not None


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
