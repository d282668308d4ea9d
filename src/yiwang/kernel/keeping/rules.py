"""When a backup is taken, which old ones stay, when a lamp turns. Pure; moments are aware."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

Lamp = Literal["ok", "warn", "bad", "idle"]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How many backups stay, and when a lamp turns. Own choice, 2026-11."""

    newest: int = 3  # stay whatever day they are of
    days: int = 7  # the newest of each of so many days that have one
    weeks: int = 5
    months: int = 12
    at: time = time(2, 30)  # town's time, from which the nightly backup is due
    retry: timedelta = timedelta(hours=1)  # after one that failed
    late: timedelta = timedelta(hours=26)  # a night was missed
    too_late: timedelta = timedelta(days=3)
    waits: timedelta = timedelta(minutes=5)  # an event in the outbox: nobody hands it on
    waits_long: timedelta = timedelta(hours=1)
    free_share: float = 0.10  # of the disk
    free_share_bad: float = 0.03
    spare: float = 1.10  # room asked for, as a multiple of what is to be written


KEEPING = Keeping()


def staying(times: Iterable[datetime], rule: Keeping = KEEPING) -> set[datetime]:
    """Which backups stay: the last few, and the newest of each of the last days, weeks, months."""
    newest_first = sorted(set(times), reverse=True)
    return set(newest_first[: rule.newest]).union(
        _newest(newest_first, lambda at: at.date(), rule.days),
        _newest(newest_first, lambda at: at.isocalendar()[:2], rule.weeks),
        _newest(newest_first, lambda at: (at.year, at.month), rule.months))


def _newest(
    times: list[datetime], span: Callable[[datetime], object], most: int
) -> set[datetime]:
    first: dict[object, datetime] = {}
    for at in times:
        first.setdefault(span(at), at)
    return set(list(first.values())[:most])


def backup_is_due(newest: datetime | None, at: datetime, rule: Keeping = KEEPING) -> bool:
    """Whether tonight's is still to be taken; ``at`` is in the town's zone.

    One that seems to come from tomorrow was taken before the clock went back: it does not count.
    """
    begun = at.replace(hour=rule.at.hour, minute=rule.at.minute, second=0, microsecond=0)
    if at < begun:
        begun -= timedelta(days=1)
    return newest is None or newest < begun or newest > at + timedelta(days=1)


def age_lamp(age: timedelta | None, warn: timedelta, bad: timedelta) -> Lamp:
    """Green up to ``warn``, red from ``bad`` on; red where there is nothing at all."""
    if age is None or age >= bad:
        return "bad"
    return "warn" if age >= warn else "ok"


def room_lamp(free_share: float, rule: Keeping = KEEPING) -> Lamp:
    """How a disk stands, by the share of it that is free."""
    if free_share < rule.free_share_bad:
        return "bad"
    return "warn" if free_share < rule.free_share else "ok"
