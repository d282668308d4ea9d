"""What changed since the last export: the trail read from a cursor, gaps looked at again.

A trail entry gets its number before its transaction commits, so a higher number can be seen before
a lower one. Numbers that were missing are kept with the cursor and asked for again for a day; after
that the transaction that took them was rolled back.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db.models import F, Q, Window
from django.db.models.functions import Lag

from yiwang.algorithms.working_time import ZONE
from yiwang.kernel.cases.models import Case
from yiwang.kernel.records.models import TrailEntry

GAPS_KEPT = timedelta(days=1)  # own choice: no transaction stays open for a day
AT_ONCE = 500  # ids in one question

Month = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The newest entry seen, and the numbers below it that were not: ``(first, last, since)``."""

    newest: int = 0
    gaps: tuple[tuple[int, int, datetime], ...] = ()

    def as_plain(self) -> dict[str, Any]:
        """As the lake keeps it."""
        return {"newest": self.newest,
                "gaps": [[first, last, since.isoformat()] for first, last, since in self.gaps]}

    @classmethod
    def from_plain(cls, kept: dict[str, Any]) -> "Cursor":
        """As it was kept."""
        return cls(kept["newest"], tuple((first, last, datetime.fromisoformat(since))
                                         for first, last, since in kept["gaps"]))


def cursor_now(last: Cursor, at: datetime) -> Cursor:
    """The cursor to keep when all that it covers has been written."""
    newest = TrailEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0
    new = TrailEntry.objects.filter(id__gt=last.newest, id__lte=newest).annotate(
        before=Window(Lag("id", default=last.newest), order_by="id"))
    missing = new.filter(id__gt=F("before") + 1).order_by("id").values_list("before", "id")
    kept = [gap for gap in last.gaps if at - gap[2] < GAPS_KEPT]
    return Cursor(newest, (*kept, *((before + 1, found - 1, at) for before, found in missing)))


def months_changed(last: Cursor, now: Cursor) -> set[Month]:
    """The months of opening of every case that changed between two cursors, old months too."""
    seen = Q(id__gt=last.newest, id__lte=now.newest)
    for first, end, _ in last.gaps:
        seen |= Q(id__gte=first, id__lte=end)
    entries = TrailEntry.objects.filter(seen, stream__startswith="case/")
    streams = set(entries.values_list("stream", flat=True).iterator())
    moved = entries.filter(seq__gt=1, changes__has_key="opened_at").values_list("stream", flat=True)
    return {month_of(moment) for moment in (*_opened(streams), *_ever_opened(set(moved)))}


def _opened(streams: Iterable[str]) -> Iterator[datetime]:
    for some in _chunks(streams):
        ids = [UUID(stream.partition("/")[2]) for stream in some]
        yield from Case.objects.filter(id__in=ids).values_list("opened_at", flat=True)


def _ever_opened(streams: Iterable[str]) -> Iterator[datetime]:
    """Every opening a moved case ever had: its row must leave the month it stood in."""
    for some in _chunks(streams):
        said = TrailEntry.objects.filter(stream__in=some, changes__has_key="opened_at")
        for changes in said.values_list("changes", flat=True):
            yield datetime.fromisoformat(changes["opened_at"])


def all_months() -> set[Month]:
    """Every month from the oldest case to the newest."""
    moments = Case.objects.order_by("opened_at").values_list("opened_at", flat=True)
    oldest, newest = moments.first(), moments.last()
    if oldest is None or newest is None:
        return set()
    (year, month), end = month_of(oldest), month_of(newest)
    found = set()
    while (year, month) <= end:
        found.add((year, month))
        year, month = (year + month // 12, month % 12 + 1)
    return found


def month_of(moment: datetime) -> Month:
    """Year and month on the town's own clock."""
    here = moment.astimezone(ZONE)
    return here.year, here.month


def _chunks(items: Iterable[str]) -> Iterator[list[str]]:
    waiting = iter(sorted(items))
    while some := list(islice(waiting, AT_ONCE)):
        yield some
