"""Many cases at once, from another system: with numbers, trail, holds, tallies and search.

A historic case comes with its outcome and has one trail entry, ``import``, which holds all its
columns; so ``verify`` replays it like any other. A later import of the same event goes through
``commit_step``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from yiwang.kernel.ids import new_id
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records import outbox, search, trail
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.records.numbers import next_serials

from .calendar import calendar_now
from .events import CaseOpened
from .models import Case, Hold, Tally
from .opening import CHINA, new_follow_code, number_of, searched_text
from .playbook_store import current
from .playbooks import Playbook
from .stages import due_columns, enter_state
from .step import commit_step, stream_of, veiled


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
    late: bool = False
    text: str = ""
    address: str = ""
    longitude: float | None = None
    latitude: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


# What the source says and may say differently next time; the rest is ours.
SOURCED = ("kind", "title", "channel", "area", "opened_at", "handler_id", "closed_at", "late",
           "text", "address", "longitude", "latitude", "facts")
_COPIED = ("practice", "playbook", "external_id", *(name for name in SOURCED if name != "facts"))


@transaction.atomic
def import_cases(
    new: Sequence[HistoricCase], *, number_prefix: str, by: Actor, at: datetime,
    note: Mapping[str, Any] | None = None,
) -> list[Case]:
    """Add cases in the order given; raises ``IntegrityError`` for a known ``external_id``."""
    numbers, start = _numbers(new, number_prefix), _Start(at)
    cases, entries, holds = [], [], []
    for historic, number in zip(new, numbers, strict=True):
        columns = {**start.columns(historic), "number": number, "opened_by": by.ref,
                   "follow_code": new_follow_code()}
        case = Case(id=new_id(), **columns)
        entry = trail.compose(stream_of(case), 1, trail.GENESIS, verb="import", by=by.ref, at=at,
                              changes=veiled(columns), note=note)
        case.version, case.head = entry.seq, entry.digest
        cases.append(case)
        entries.append(entry)
        holds += _holds(case, historic, at)
    Case.objects.bulk_create(cases)
    TrailEntry.objects.bulk_create(entries)
    Hold.objects.bulk_create(holds)
    search.index_many((case.id, searched_text(case)) for case in cases)
    count_finished(Counter(key for case in cases for key in _tallied(case)))
    for case in cases:
        if case.is_open:  # history is announced to nobody
            outbox.publish(CaseOpened(case=str(case.id), practice=case.practice), at=at)
    return cases


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
        self.playbooks: dict[str, Playbook] = {}
        self.clocks: dict[str, dict[str, Any]] = {}

    def columns(self, historic: HistoricCase) -> dict[str, Any]:
        """All columns but those that number and sign the case."""
        if historic.playbook not in self.playbooks:
            self._load(historic.playbook)
        playbook = self.playbooks[historic.playbook]
        clocks = {} if historic.state else self.clocks[playbook.code]
        return {
            **{name: getattr(historic, name) for name in _COPIED},
            "facts": trail.plain(historic.facts), "playbook_version": playbook.version,
            "clocks": clocks, **due_columns(clocks), "state": historic.state or playbook.start,
            "is_open": not historic.state,
        }

    def _load(self, code: str) -> None:
        playbook = self.playbooks[code] = current(code)
        self.clocks[code] = enter_state({}, playbook, playbook.start, at=self.at,
                                        calendar=calendar_now())


def _holds(case: Case, historic: HistoricCase, at: datetime) -> list[Hold]:
    if case.is_open:
        return [Hold(case=case, state=case.state, since=at)]
    if case.handler_id and historic.held and case.closed_at:
        return [Hold(case=case, team_id=case.handler_id, state=historic.held,
                     since=case.opened_at, until=case.closed_at)]
    return []


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
    if case.is_open or case.handler_id is None:
        return []
    return [(case.practice, case.kind, case.area[:12], case.handler_id)]


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
