"""Rows of the desk as they are shown: words, lamp and strip for each case. Asks nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.timezone import localdate

from yiwang.algorithms.words import Language, Words, reading_language
from yiwang.algorithms.working_time import Calendar
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import (
    channel_words,
    kind_words,
    short_area_words,
    team_words,
)
from yiwang.practices.events.states import EVENT
from yiwang.practices.events.web.filters import STATES
from yiwang.shell.web.case_times import standing

ASKED: dict[str, Words] = {
    **{move.code: move.label for move in EVENT.moves}, "review": EVENT.state("review").label,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One case on the list and on the map."""

    case: Case
    lamp: str
    chip: Words
    share: float
    kind: Words
    area: Words
    channel: Words
    state: Words
    holder: Words | None

    @property
    def asks(self) -> Words | None:
        """What waits for a signature: an extension, a suspension, a review, an appeal …"""
        return ASKED.get(self.case.asking)

    def due_within(self, at: datetime, span: timedelta) -> bool:
        """Whether it falls due between now and then."""
        return self.case.due_at is not None and at <= self.case.due_at <= at + span


@dataclass(frozen=True, slots=True)
class Line:
    """All that a row of the list shows: two rows that show the same are drawn once."""

    id: UUID
    version: int
    number: str
    title: str
    opened_at: datetime
    is_open: bool
    may_tick: bool
    lamp: str
    chip: Words
    share: float
    kind: Words
    area: Words
    channel: Words
    stands: Words | None
    holder: Words | None
    refusals: int
    late: bool


def lines_of(
    rows: Sequence[Row], *, tab: str, may_bulk: bool, at: datetime
) -> list[SafeString]:
    """The rows as the list has them; a list that is polled draws what has changed."""
    return [_drawn(_line(row, tab, may_bulk), reading_language(), localdate(at)) for row in rows]


def _line(row: Row, tab: str, may_bulk: bool) -> Line:
    case = row.case
    stands = (tab == "asking" and row.asks) or row.state
    return Line(
        case.id, case.version, case.number, case.title, case.opened_at, case.is_open,
        may_bulk and case.is_open, row.lamp, row.chip, round(row.share, 3), row.kind, row.area,
        row.channel, None if tab == "dispatch" else stands, row.holder, case.refusals, case.late)


@lru_cache(maxsize=2000)
def _drawn(line: Line, language: Language, today: date) -> SafeString:
    del language, today  # parts of the key: in which language, and what "yesterday" is
    return render_to_string("events/desk/row.html", {"line": line})


def rows_of(
    cases: Sequence[Case], *, units: dict[str, Words], at: datetime, calendar: Calendar
) -> list[Row]:
    """The cases as rows, in their order."""
    return [_row(case, units, at, calendar) for case in cases]


def _row(case: Case, units: dict[str, Words], at: datetime, calendar: Calendar) -> Row:
    holder = team_words(case.holder) if case.holder else None
    shown = shown_of(case, at=at, calendar=calendar)
    return Row(case, shown.lamp, shown.chip, shown.share, kind_words(case.kind),
               short_area_words(case.area, units), channel_words(case.channel), shown.state, holder)


class Standing(Protocol):
    """What the lamp and the chip of a case are read from: the case, or some of its columns."""

    @property
    def state(self) -> str: ...
    @property
    def is_open(self) -> bool: ...
    @property
    def clocks(self) -> dict[str, Any]: ...


class Shown(NamedTuple):
    """How a case stands: its lamp, what the chip says, the share of its time used, its state."""

    lamp: str
    chip: Words
    share: float
    state: Words


def shown_of(case: Standing, *, at: datetime, calendar: Calendar) -> Shown:
    """The same on the list and on the map; the chip says the state where no time runs."""
    state = STATES.get(case.state, Words(case.state, case.state))
    if not case.is_open:
        return Shown("idle", state, 0.0, state)
    stands = standing(case.clocks, at=at, calendar=calendar)
    words = stands.words
    return Shown(stands.lamp, words if words.zh else state, stands.share, state)
