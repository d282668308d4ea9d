"""How a case's time stands: what is left in the clock's own unit, the lamp, the share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import OFFICE_HOURS, Calendar, ClockKind
from yiwang.kernel.cases.clock_words import explain
from yiwang.kernel.cases.clocks import Clock, remaining
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.playbooks import Playbook
from yiwang.kernel.cases.stages import first_to_end
from yiwang.shell.says import lasting

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WORKDAY = timedelta(microseconds=OFFICE_HOURS.day)


@dataclass(frozen=True, slots=True)
class LampRules:
    """When a lamp changes; own choice, tried on a day's queue. Shares of the time allowed."""

    warn_share: float = 0.5
    bad_share: float = 0.85
    bad_left: timedelta = timedelta(minutes=30)  # the answer time of a whistle, docs/field.md

    def __post_init__(self) -> None:
        if not 0 < self.warn_share <= self.bad_share <= 1:
            raise ValueError("0 < warn_share <= bad_share <= 1")


RULES = LampRules()
NO_TIME = Words("", "")
PAUSED = Words("计时暂停", "clock paused")


@dataclass(frozen=True, slots=True)
class Standing:
    """``lamp`` is ok, warn, bad or idle; ``share`` of the time used, 0 to 1; words may be empty."""

    lamp: str
    share: float
    says: Callable[[], Words]
    kind: ClockKind | None = None
    name: str = ""

    @property
    def words(self) -> Words:
        """What is left, said only where it is asked for: a map of lamps has no use for it."""
        return self.says()


def standing(
    clocks: Mapping[str, Mapping[str, Any]], *, at: datetime, calendar: Calendar
) -> Standing:
    """How the clock that ends first stands at ``at``; nothing to say where none is going."""
    first = first_to_end(clocks)
    if first is None:
        paused = any(not stored.get("stopped_at") for stored in clocks.values())
        return Standing("idle", 0.0, lambda: PAUSED if paused else NO_TIME)
    name, clock = first
    left = remaining(clock, at, calendar=calendar)
    share = used_share(clock, left, at)
    return Standing(lamp_of(clock.kind, left, share), share,
                    partial(left_words, clock, left, at), clock.kind, name)


def case_lamp(case: Case, *, at: datetime, calendar: Calendar) -> str:
    """The lamp of a case wherever it is shown: that of its clock that ends first."""
    if not case.is_open:
        return "idle"
    return standing(case.clocks, at=at, calendar=calendar).lamp


def used_share(clock: Clock, left: timedelta, at: datetime) -> float:
    """The share of the time allowed that is used: own hours for hours, the wall's for days."""
    if clock.kind.in_days:
        whole = clock.due_at - clock.started_at
        return min(max((at - clock.started_at) / whole, 0.0), 1.0) if whole else 1.0
    return min(max(1 - left / (clock.amount * HOUR), 0.0), 1.0)


def lamp_of(
    kind: ClockKind, left: timedelta, share: float, rules: LampRules = RULES
) -> str:
    """▲ over or nearly, ◆ half used, ● fine; ■ for a term of days with more than one to go."""
    if left <= rules.bad_left or share >= rules.bad_share:
        return "bad"
    if share >= rules.warn_share:
        return "warn"
    return "idle" if kind.in_days and left > DAY else "ok"


def left_words(clock: Clock, left: timedelta, at: datetime) -> Words:
    """剩 18 分 · 剩工作时 3 小时 · 剩工作日 2 天 · 超 1 小时; 已超时 until its own time goes on."""
    if clock.due_at < at and abs(left) < MINUTE:
        return Words("已超时", "overdue")
    over = left < timedelta()
    amount = _amount(clock, abs(left), abs(clock.due_at - at))
    frame = Words("超{gap}{x}", "{x} over") if over else Words("剩{gap}{x}", "{x} left")
    return frame.filled(x=amount, gap=" " if amount.zh[0].isdigit() else "")


def _amount(clock: Clock, left: timedelta, wall: timedelta) -> Words:
    plain = lasting(left / MINUTE)
    if clock.kind is ClockKind.WORKING_DAYS and left >= WORKDAY:
        days = int(left / WORKDAY)
        return Words("工作日 {n} 天", "{n} working {n:day|days}").filled(n=days)
    if clock.kind.follows_office_hours and abs(wall - left) > MINUTE:
        return Words("工作时 {x}", "{x} of office time").filled(x=plain)
    return plain


@dataclass(frozen=True, slots=True)
class Clocked:
    """A clock of the case with its derivation."""

    label: Words
    words: Words
    state: Words


def clocked(
    name: str, stored: dict[str, Any], playbook: Playbook, calendar: Calendar, *, at: datetime
) -> Clocked:
    """A clock as the page explains it."""
    clock = Clock.from_json(stored)
    known = {spec.name: spec.label for spec in playbook.clocks}
    return Clocked(known.get(name, Words(name, name)), explain(clock, calendar),
                   _state_of(clock, at))


def _state_of(clock: Clock, at: datetime) -> Words:
    if clock.stopped_at is not None:
        return Words("已停", "stopped")
    if clock.is_paused(at):
        return Words("暂停中", "paused")
    return Words("在走", "running")
