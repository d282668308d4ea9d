"""Many cases at once, from another system: with numbers, trail, holds, tallies and search.

A historic case comes with its outcome and has one trail entry, ``import``, which holds all its
columns; so ``verify`` replays it like any other. A later import of the same event goes through
``commit_step``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from yiwang.kernel.ids import new_id
from yiwang.kernel.many import insert_many
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records import outbox, search, trail
from yiwang.kernel.records.numbers import next_serials

from .calendar import calendar_now
from .events import CaseOpened
from .models import Case, Hold, Tally
from .opening import CHINA, new_follow_code, number_of, searched_text, searched_words
from .playbook_store import current
from .playbooks import Playbook
from .stages import due_columns, enter_state
from .step import commit_step, veiled


@dataclass(frozen=True)
class HistoricCase:
    """A case of another system. ``state`` empty: still open, it starts where new cases start.

    ``held`` names the state its team held it in, charged from opening to closing where the
    closing time is known.
    """

    practice: str
    playbook: str
    external_id: str
    kind: str
    title: str
    channel: str
    area: str
    opened_at: datetime
    state: str = ""
    held: str = ""
    handler_id: UUID | None = None
    closed_at: datetime | None = None
    changed_at: datetime | None = None
    late: bool = False
    text: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


# What the source says and may say differently next time; the rest is ours.
SOURCED = ("kind", "title", "channel", "area", "opened_at", "handler_id", "closed_at", "late",
           "text", "address", "longitude", "latitude", "facts")
_COPIED = ("practice", "playbook", "external_id", *SOURCED)
_copied = attrgetter(*_COPIED)


@transaction.atomic
def import_cases(
    new: Sequence[HistoricCase], *, number_prefix: str, by: Actor, at: datetime,
    note: Mapping[str, Any] | None = None,
) -> None:
    """Add cases in the order given; raises ``IntegrityError`` for a known ``external_id``."""
    start = _Start(at)
    begun = [_Begun(new_id(), historic, {
        **start.columns(historic), "number": number, "opened_by": by.ref,
        "follow_code": new_follow_code(),
    }) for historic, number in zip(new, _numbers(new, number_prefix), strict=True)]
    heads = trail.begin_many(((case.stream, veiled(case.columns)) for case in begun),
                             verb="import", by=by.ref, at=at, note=note)
    search.index_many(_insert(begun, heads))
    insert_many(Hold, _HOLD, [hold for case in begun for hold in case.holds(at)])
    count_finished(Counter(key for case in begun for key in case.tallied))
    still_open = [case for case in begun if case.columns["is_open"]]
    outbox.publish_many((CaseOpened(case=str(case.id), practice=case.historic.practice)
                         for case in still_open), at=at)  # history is announced to nobody


@dataclass(frozen=True, slots=True)
class _Begun:
    """A case about to be written: its key, what is known of it, and its columns."""

    id: UUID
    historic: HistoricCase
    columns: dict[str, Any]

    @property
    def stream(self) -> str:
        return f"case/{self.id}"

    @property
    def searched(self) -> str:
        columns = self.columns
        return searched_words(columns["number"], columns["title"], columns["address"],
                              columns["text"])

    @property
    def stored(self) -> tuple[Any, ...]:
        """Its columns as ``insert_many`` takes them, when it changed last, and its version."""
        past, columns = self.historic, self.columns
        changed = past.changed_at or past.closed_at or past.opened_at
        return (*{**columns, "clocks": trail.encoded(columns["clocks"]),
                  "facts": trail.encoded(columns["facts"])}.values(), changed, 1)

    @property
    def tallied(self) -> list["TallyKey"]:
        past = self.historic
        return _tallied_in(self.columns["is_open"], past.practice, past.kind, past.area,
                           past.handler_id)

    def holds(self, at: datetime) -> list[tuple[Any, ...]]:
        """Who had it: nobody yet where it is open, its team where it is known when it closed."""
        past = self.historic
        if self.columns["is_open"]:
            return [(new_id(), self.id, None, self.columns["state"], at, None)]
        if past.handler_id and past.held and past.closed_at:
            return [(new_id(), self.id, past.handler_id, past.held, past.opened_at,
                     past.closed_at)]
        return []


_HOLD = ("id", "case_id", "team_id", "state", "since", "until")


def _insert(begun: Sequence[_Begun], heads: Sequence[str]) -> list[tuple[UUID, str]]:
    """Write the cases; returns their words, which are cut while the database takes the rows."""
    words: list[tuple[UUID, str]] = []

    def rows() -> Iterator[tuple[Any, ...]]:
        for case, head in zip(begun, heads, strict=True):
            words.append((case.id, search.searchable(case.searched)))
            yield case.id, *case.stored, head

    if begun:
        insert_many(Case, ("id", *begun[0].columns, "changed_at", "version", "head"), rows())
    return words


def _numbers(new: Sequence[HistoricCase], prefix: str) -> list[str]:
    """One number each, by the year of its opening, without gaps."""
    years = [case.opened_at.astimezone(CHINA).year for case in new]
    serials = {
        year: iter(next_serials(f"{prefix}-{year}", count))
        for year, count in sorted(Counter(years).items())
    }
    return [number_of(prefix, year, next(serials[year])) for year in years]


class _Start:
    """What a case begins with, worked out once for each playbook of a batch."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.history: dict[str, dict[str, Any]] = {}
        self.work: dict[str, dict[str, Any]] = {}

    def columns(self, historic: HistoricCase) -> dict[str, Any]:
        """All columns but those that number and sign the case."""
        if historic.playbook not in self.work:
            self._load(historic.playbook)
        columns = dict(zip(_COPIED, _copied(historic), strict=True))
        if historic.state:
            columns |= self.history[historic.playbook]
            columns["state"] = historic.state
        else:
            columns |= self.work[historic.playbook]
        return columns

    def _load(self, code: str) -> None:
        playbook = current(code)
        clocks = enter_state({}, playbook, playbook.start, at=self.at, calendar=calendar_now())
        self.work[code] = _first_columns(playbook, clocks, is_open=True)
        self.history[code] = _first_columns(playbook, {}, is_open=False)


def _first_columns(
    playbook: Playbook, clocks: dict[str, Any], *, is_open: bool
) -> dict[str, Any]:
    return {"playbook_version": playbook.version, "clocks": clocks, **due_columns(clocks),
            "state": playbook.start, "is_open": is_open}


def import_again(
    case: Case, historic: HistoricCase, *, by: Actor, at: datetime,
    note: Mapping[str, Any] | None = None,
) -> bool:
    """Bring a case to what its source says now; whether anything differed."""
    wanted = {name: getattr(historic, name) for name in SOURCED}
    wanted["facts"] = {**case.facts, **trail.plain(historic.facts)}
    changes = {name: value for name, value in wanted.items() if getattr(case, name) != value}
    if not changes:
        return False
    if historic.changed_at:
        changes["changed_at"] = historic.changed_at
    before = _tallied(case)
    with transaction.atomic():
        commit_step(case, verb="import_again", by=by, at=at, changes=changes, note=note)
        if not changes.keys().isdisjoint({"title", "text", "address"}):
            search.forget(case.id, by=case.number)
            search.index(case.id, text=searched_text(case))
        if before != _tallied(case):
            count_finished(dict.fromkeys(before, -1) | dict.fromkeys(_tallied(case), 1))
    return True


TallyKey = tuple[str, str, str, UUID]


def _tallied(case: Case) -> list[TallyKey]:
    """The tally a case counts in; none where it is open or nobody handled it."""
    return _tallied_in(case.is_open, case.practice, case.kind, case.area, case.handler_id)


def _tallied_in(
    is_open: bool, practice: str, kind: str, area: str, handler: UUID | None
) -> list[TallyKey]:
    return [] if is_open or handler is None else [(practice, kind, area[:12], handler)]


@transaction.atomic
def count_finished(counts: Mapping[TallyKey, int]) -> None:
    """Add to the tallies behind suggestions: a few statements for any number of them."""
    ids = _tally_ids(counts)
    if missing := [key for key in counts if key not in ids]:
        Tally.objects.bulk_create(
            [Tally(practice=p, kind=k, area=a, team_id=team) for p, k, a, team in missing],
            ignore_conflicts=True,  # two workers may begin the same tally at once
        )
        ids = _tally_ids(counts)
    by_step: dict[int, list[int]] = {}
    for key, step in counts.items():
        by_step.setdefault(step, []).append(ids[key])
    for step, tallies in by_step.items():
        Tally.objects.filter(id__in=tallies).update(
            finished=Greatest(F("finished") + step, 0) if step < 0 else F("finished") + step)


def _tally_ids(keys: Iterable[TallyKey]) -> dict[TallyKey, int]:
    wanted = list(keys)
    rows = Tally.objects.filter(
        practice__in={key[0] for key in wanted}, kind__in={key[1] for key in wanted},
        area__in={key[2] for key in wanted},
    )
    return {(p, k, a, team): tally for tally, p, k, a, team in
            rows.values_list("id", "practice", "kind", "area", "team")}
