"""A clock's deadline explained: the term, each extension, each pause, and what came of it. Pure."""

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import (
    OFFICE_HOURS,
    ZONE,
    Calendar,
    OfficeHours,
    amount_words,
    derivation,
    elapsed,
    joined,
    length_words,
    moment_words,
)

from .clocks import Clock, Pause, term_of


def explain(clock: Clock, calendar: Calendar, hours: OfficeHours = OFFICE_HOURS) -> Words:
    """The whole derivation in words, pauses and extensions included."""
    term = term_of(clock, calendar, hours)
    parts = [*_extended(clock), derivation(term)]
    parts += [_paused(clock, pause, calendar, hours) for pause in clock.pauses]
    if clock.pauses:
        parts.append(_due(clock))
    return joined(parts, zh="。", en=". ")


def _extended(clock: Clock) -> list[Words]:
    if not clock.extensions:
        return []
    return [
        Words(
            "原时限为{amount}，批准延期 {n} 次",
            "The term was {amount}, extended {n} {n:time|times}"
        ).filled(
            amount=amount_words(clock.kind, clock.original_amount), n=clock.extensions
        )
    ]


def _paused(clock: Clock, pause: Pause, calendar: Calendar, hours: OfficeHours) -> Words:
    kind = Words("挂账", "Suspended") if pause.until else Words("暂停", "Paused")
    begins, ends = moment_words(pause.begins.astimezone(ZONE)), pause.ends or pause.until
    if ends is None:
        return Words(
            "{begins} 起{kind}，恢复后顺延", "{kind} since {begins}; it moves on resuming"
        ).filled(kind=kind, begins=begins)
    length = elapsed(clock.kind, pause.begins, ends, calendar, hours)
    return Words(
        "{kind} {begins} 至 {ends}，其间不计 {length}",
        "{kind} {begins} to {ends}, {length} not counted",
    ).filled(kind=kind, begins=begins, ends=moment_words(ends.astimezone(ZONE)),
        length=length_words(length))


def _due(clock: Clock) -> Words:
    due_at = moment_words(clock.due_at.astimezone(ZONE), as_end=clock.kind.in_days)
    if not clock.is_running and clock.stopped_at is None:
        return Words("暂停前的期限为 {due_at}", "Before the pause it was due {due_at}").filled(
            due_at=due_at
        )
    said = Words("到期 {due_at}", "Due {due_at}").filled(due_at=due_at)
    if not clock.provisional:
        return said
    return joined([said, Words("（暂定）", "(provisional)")], zh="", en=" ")
