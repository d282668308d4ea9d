"""A case's clock: it starts, pauses, goes on, is extended, is suspended, stops. Pure.

A clock keeps what happened to it and works its due moment out from that, so that the deadline
moves by exactly the time it stood still, and a calendar announced later gives the same answer as
one known from the start. Nothing is violated while a clock is paused.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from yiwang.algorithms.working_time import (
    OFFICE_HOURS,
    Calendar,
    ClockKind,
    Deadline,
    OfficeHours,
    TermError,
    due,
    elapsed,
    moved,
)

from . import clock_refusals as refusals
from .clock_state import RULES, Clock, ClockRules, Pause, runs

__all__ = [
    "RULES", "Clock", "ClockRules", "Pause", "check_can_extend", "extend", "pause", "recompute",
    "remaining", "resume", "runs", "standstills", "start", "stop", "suspend", "term_of",
    "years_later",
]  # fmt: skip


def start(
    kind: ClockKind | str,
    amount: float,
    *,
    at: datetime,
    calendar: Calendar,
    hours: OfficeHours = OFFICE_HOURS,
) -> Clock:
    """A clock running from ``at``; refused where the amount makes no sense for its kind."""
    try:
        which = ClockKind.named(kind)
        deadline = due(which, at, amount, calendar, hours)
    except TermError as wrong:
        raise refusals.bad_term(wrong) from None
    return Clock(which, amount, at, deadline.due_at, deadline.provisional, amount)


def pause(clock: Clock, *, at: datetime) -> Clock:
    """The clock stands still from ``at``. Pausing one that is late already leaves it late."""
    now = _going(clock, at)
    if now.open_pause is not None:
        raise refusals.already_paused()
    return replace(now, pauses=(*now.pauses, Pause(at)))


def resume(
    clock: Clock, *, at: datetime, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS
) -> Clock:
    """The clock goes on at ``at`` with exactly what was left when it was paused."""
    now = _going(clock, at)
    if now.open_pause is None:
        if now.pauses != clock.pauses:  # a suspension that had run out by itself
            return recompute(now, calendar=calendar, hours=hours)
        raise refusals.not_paused()
    return recompute(_closed(now, at), calendar=calendar, hours=hours)


def stop(clock: Clock, *, at: datetime) -> Clock:
    """The clock ends at ``at``, in time or late for good; stopping it again changes nothing."""
    if clock.stopped_at is not None:
        return clock
    now = _going(clock, at)
    return replace(_closed(now, at), stopped_at=at)


def check_can_extend(clock: Clock, *, at: datetime, rules: ClockRules = RULES) -> None:
    """Raise the refusal that stands against an extension at ``at``, if there is one."""
    now = _going(clock, at)
    if now.late:
        raise refusals.overdue()
    if now.extensions >= rules.most_extensions:
        raise refusals.extensions_used(rules.most_extensions)


def extend(
    clock: Clock,
    *,
    at: datetime,
    calendar: Calendar,
    hours: OfficeHours = OFFICE_HOURS,
    rules: ClockRules = RULES,
) -> Clock:
    """One original limit more. A refused request never comes here, so it does not count."""
    check_can_extend(clock, at=at, rules=rules)
    longer = replace(
        _going(clock, at),
        amount=clock.amount + clock.original_amount,
        extensions=clock.extensions + 1,
    )
    return recompute(longer, calendar=calendar, hours=hours)


def suspend(
    clock: Clock,
    *,
    at: datetime,
    until: datetime,
    calendar: Calendar,
    hours: OfficeHours = OFFICE_HOURS,
    rules: ClockRules = RULES,
) -> Clock:
    """挂账: the clock stands still until ``resume``, and no longer than ``until``."""
    now = _going(clock, at)
    if now.open_pause is not None:
        raise refusals.already_paused()
    if now.suspensions >= rules.most_suspensions:
        raise refusals.suspensions_used(rules.most_suspensions)
    latest = years_later(at, rules.suspension_years)
    if not at < until <= latest:
        raise refusals.suspension_term(latest)
    still = replace(now, pauses=(*now.pauses, Pause(at, None, until)))
    return recompute(still, calendar=calendar, hours=hours)


def recompute(
    clock: Clock, *, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS
) -> Clock:
    """The clock by another calendar: for provisional ones, when a year has been announced.

    A stopped clock is history and stays; a mark of lateness already made stays too.
    """
    if clock.stopped_at is not None:
        return clock
    try:
        due_at, provisional = moved(term_of(clock, calendar, hours), standstills(clock))
    except TermError as wrong:
        raise refusals.bad_term(wrong) from None
    return replace(clock, due_at=due_at, provisional=provisional)


def remaining(
    clock: Clock, at: datetime, *, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS
) -> timedelta:
    """What is left at ``at``: working time, or day and night, as the kind counts; below 0 late."""
    moment = clock.stopped_at or at
    held = clock.open_pause
    if held is None or not clock.is_paused(moment):
        return elapsed(clock.kind, moment, clock.due_at, calendar, hours)
    before = recompute(
        replace(clock, pauses=clock.pauses[:-1]), calendar=calendar, hours=hours
    )
    return elapsed(clock.kind, held.begins, before.due_at, calendar, hours)


def term_of(clock: Clock, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS) -> Deadline:
    """The whole term, extensions included, as if the clock had never stood still."""
    return due(clock.kind, clock.started_at, clock.amount, calendar, hours)


def standstills(clock: Clock) -> list[tuple[datetime, datetime]]:
    """The pauses whose length is known: ended ones, and a suspension up to its limit."""
    ended = ((pause.begins, pause.ends or pause.until) for pause in clock.pauses)
    return [(begins, ends) for begins, ends in ended if ends is not None]


def years_later(at: datetime, years: int) -> datetime:
    """The same date some years on; 28 February where there is no 29th."""
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, day=28)


def _going(clock: Clock, at: datetime) -> Clock:
    """The clock as it stands at ``at``, lateness marked, a run-out suspension closed."""
    if clock.stopped_at is not None:
        raise refusals.stopped()
    last = clock.pauses[-1] if clock.pauses else Pause(clock.started_at)
    known = last.ends or last.begins
    if at < known:
        raise refusals.backdated(known)
    held = clock.open_pause
    now = replace(clock, late=clock.is_late(at))
    if held is not None and held.until is not None and at >= held.until:
        return _closed(now, held.until)
    return now


def _closed(clock: Clock, at: datetime) -> Clock:
    """The clock with its open pause, if any, ended at ``at``."""
    held = clock.open_pause
    if held is None:
        return clock
    return replace(clock, pauses=(*clock.pauses[:-1], held._replace(ends=at)))
