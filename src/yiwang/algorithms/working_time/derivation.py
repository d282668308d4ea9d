"""A deadline said in words: every run of days, what counted, and why the rest did not."""

from datetime import timedelta

from yiwang.algorithms.words import Words

from .calendar import WEEKEND
from .deadline import Deadline
from .kinds import ClockKind
from .phrases import (
    amount_words,
    day_and_clock,
    day_words,
    joined,
    length_words,
    moment_words,
    span_words,
    years_words,
)
from .steps import Step, StepKind

HEAD, TAIL = 6, 5
"""Of a long derivation this many runs are said at its beginning and its end."""


def derivation(deadline: Deadline) -> Words:
    """How the deadline came about, as one sentence; a provisional one says which year is out."""
    clauses = _shortened([*_opening(deadline), *_clauses(deadline)])
    said = Words("{amount}：{clauses} → {end}", "{amount}: {clauses} → {end}").filled(
        amount=amount_words(deadline.kind, deadline.amount),
        clauses=joined(clauses),
        end=_end(deadline),
    )
    if not deadline.provisional:
        return said
    return joined([said, provisional_words(deadline)], zh="。", en=". ")


def due_words(deadline: Deadline) -> Words:
    """The due moment in full; the end of a day reads 24:00."""
    return moment_words(deadline.due_at, as_end=deadline.kind.in_days)


def provisional_words(deadline: Deadline) -> Words:
    """Which announcements are missing and what was done instead; empty for a firm deadline."""
    if not deadline.provisional:
        return Words("", "")
    first = deadline.start if deadline.kind.follows_office_hours else deadline.term_end
    last = deadline.due_at - timedelta(microseconds=1)
    years = deadline.calendar.unsure_years(min(first, last).date(), last.date())
    return Words(
        "{years} 年的放假安排尚未公布，暂按周一至周五上班推算，公布后重算。",
        "The holidays of {years} are not announced yet: Monday to Friday is assumed, "
        "to be counted again when they are.",
    ).filled(years=years_words(years))


def _opening(deadline: Deadline) -> list[Words]:
    """Where the clause of the first day would not name the start itself, name it."""
    first = deadline.steps[0]
    if first.kind is StepKind.START_DAY or first.counted_from == deadline.start:
        return []
    return [_from(deadline)]


def _from(deadline: Deadline) -> Words:
    day = day_words(deadline.start.date(), year=deadline.start.year)
    clock = day_and_clock(deadline.start)[1]
    return Words("{day} {clock} 起", "from {day} {clock}").filled(day=day, clock=clock)


def _clauses(deadline: Deadline) -> list[Words]:
    """One clause a step; days of a term of days are numbered as they are counted."""
    clauses, number = [], 0
    for step in deadline.steps:
        clauses.append(_clause(step, deadline, number))
        number += step.days
    return clauses


def _clause(step: Step, deadline: Deadline, number: int) -> Words:
    year = deadline.start.year
    span = span_words(step.first, step.last, year=year)
    if step.kind is StepKind.START_DAY:
        day = day_words(step.first, year=year)
        return Words("{day} 起，当日不计", "from {day}, that day not counted").filled(day=day)
    if step.kind is StepKind.REST:
        return _named(step, span, Words("不计", "not counted"))
    if step.kind is StepKind.ROLLED:
        return _named(step, span, Words("，期满顺延", "the term moves on"))
    if step.kind is StepKind.CLOSED:
        return Words("{s} 已下班，不计", "{s} after hours, not counted").filled(s=span)
    if step.days:
        return _numbered(step, span, number, year)
    return _timed(step, deadline)


def _named(step: Step, span: Words, why: Words) -> Words:
    name = Words(step.name.zh, step.name.en)
    return Words("{span} {name}{why}", "{span} {name}, {why}").filled(span=span, name=name, why=why)


def _numbered(step: Step, span: Words, number: int, year: int) -> Words:
    """``04-06、04-07 计第 2、3 天``; a make-up workday says what it makes up for."""
    first, last = number + 1, number + step.days
    if step.days <= 2:
        which = Words(*("、".join(map(str, range(first, last + 1))),) * 2)
        which = Words(which.zh, which.en.replace("、", ", "))
    else:
        which = Words(f"{first} 至 {last}", f"{first} to {last}")
    word = Words("计第 {n} 天", "day {n}" if step.days == 1 else "days {n}").filled(n=which)
    if not step.make_up:
        return Words("{span} {word}", "{span} {word}").filled(span=span, word=word)
    day = day_words(step.first, year=year) if step.first == step.last else span
    return Words("{day} {make_up}，{word}", "{day} {make_up}, {word}").filled(
        day=day, make_up=_make_up(step), word=word
    )


def _make_up(step: Step) -> Words:
    if step.name in (Words("", ""), WEEKEND):
        return Words("调休上班", "make-up workday")
    return Words("{name}调休上班", "make-up workday for {name}").filled(name=step.name)


def _timed(step: Step, deadline: Deadline) -> Words:
    """``周一 03-14 08:00 起计 2.5 小时``; the first run says 起，当日计."""
    year = deadline.start.year
    begins = day_words(step.first, year=year)
    holes = {
        "day": begins,
        "clock": day_and_clock(step.counted_from or deadline.start)[1],
        "length": length_words(step.counted),
        "make_up": _make_up(step) if step.make_up else "",
        "last": day_words(step.last, year=year),
    }
    if step.first != step.last and deadline.kind is not ClockKind.EMERGENCY_HOURS:
        return Words("{day} {clock} 起至 {last} 计 {length}",
                     "from {day} {clock} to {last}, {length}").filled(**holes)
    if step.make_up:
        return Words("{day} {make_up}，{clock} 起计 {length}",
                     "{day} {make_up}, from {clock}, {length}").filled(**holes)
    if deadline.kind is ClockKind.EMERGENCY_HOURS:
        return Words("{day} {clock} 起昼夜连续计 {length}",
                     "from {day} {clock}, day and night, {length}").filled(**holes)
    if step.counted_from == deadline.start:
        return Words("{day} {clock} 起，当日计 {length}",
                     "from {day} {clock}, {length} that day").filled(**holes)
    return Words("{day} {clock} 起计 {length}", "from {day} {clock}, {length}").filled(**holes)


def _end(deadline: Deadline) -> Words:
    day, clock = day_and_clock(deadline.due_at, as_end=deadline.kind.in_days)
    last = deadline.steps[-1]
    if not deadline.kind.in_days and last.first == last.last == day:
        return Words(clock, clock)
    return Words("{day} {clock}", "{day} {clock}").filled(
        day=day_words(day, year=deadline.start.year), clock=clock
    )


def _shortened(clauses: list[Words]) -> list[Words]:
    left_out = len(clauses) - HEAD - TAIL
    if left_out <= 1:
        return clauses
    gap = Words("……（略 {n} 段）", "… ({n} {n:run|runs} of days left out)").filled(n=left_out)
    return [*clauses[:HEAD], gap, *clauses[-TAIL:]]
