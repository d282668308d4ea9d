"""The working calendar of this instance, from its tables; seeded with what is announced.

Days change only through :func:`announce_year`, which also marks the year's row. So one small
query tells whether the calendar in memory still holds, in every worker.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection, transaction

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import Calendar, YearFile, announced_calendar
from yiwang.kernel.people.rules import Actor, can_somewhere, not_allowed
from yiwang.kernel.records import trail

from .models import CalendarDay, CalendarYear

SEED_SOURCE = "国务院办公厅关于节假日安排的通知（chinesecalendar）"
MAX_SOURCE = 200

_Rows = tuple[tuple[int, bool, str], ...]
_held: tuple[_Rows, Calendar] | None = None


def calendar_now() -> Calendar:
    """The calendar as the tables have it; before they are seeded, the one that is announced."""
    global _held
    rows = _years()
    if not rows:
        return announced_calendar()
    if _held is None or _held[0] != rows:
        _held = (rows, _read(rows))
    return _held[1]


def _years() -> _Rows:
    """The years' rows, asked at every deadline: a plain statement, the ORM would cost more."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT year, announced, source FROM kernel_calendaryear ORDER BY year")
        return tuple((year, bool(announced), source) for year, announced, source
                     in cursor.fetchall())


def seed_calendar() -> int:
    """Write all announced years that the tables do not have yet; returns how many."""
    known = announced_calendar()
    have = set(CalendarYear.objects.values_list("year", flat=True))
    years = sorted(known.announced - have)
    with transaction.atomic():
        CalendarDay.objects.bulk_create(
            (_row(known, day, SEED_SOURCE) for day in known.exceptions if day.year in years),
            ignore_conflicts=True,
        )
        CalendarYear.objects.bulk_create(
            CalendarYear(year=year, announced=True, source=SEED_SOURCE) for year in years
        )
    return len(years)


@transaction.atomic
def announce_year(file: YearFile, *, by: Actor, at: datetime) -> Calendar:
    """Put one announcement in place of what was known of its year; returns the new calendar.

    Deadlines that were provisional are the caller's to recompute (``clocks.recompute``).
    """
    if not can_somewhere(by, "calendar.edit"):
        raise not_allowed("calendar.edit")
    before = calendar_now()
    after = file.merged(before)
    gone = [day for day in before.exceptions if file.replaces(day)]
    source = " ".join(file.papers)
    CalendarDay.objects.filter(day__in=[*gone, *(row.day for row in file.days)]).delete()
    CalendarDay.objects.bulk_create(
        _row(after, row.day, source[:MAX_SOURCE]) for row in file.days
    )
    year = {"announced": file.announced, "source": _marked(source, file.days)}
    CalendarYear.objects.update_or_create(year=file.year, defaults=year)
    trail.append(
        f"calendar/{file.year}", verb="announce_year", by=by.ref, at=at, changes=year,
        note={"days": [[row.day, row.works, row.name.zh] for row in file.days]},
    )  # fmt: skip
    return after


def _read(rows: _Rows) -> Calendar:
    days: dict[date, bool] = {}
    names: dict[date, Words] = {}
    for row in CalendarDay.objects.all():
        days[row.day] = row.works
        names[row.day] = Words(row.name, row.name_en or "public holiday")
    return Calendar(days, frozenset(year for year, announced, _ in rows if announced), names)


def _row(calendar: Calendar, day: date, source: str) -> CalendarDay:
    name = calendar.name(day)
    return CalendarDay(
        day=day, works=calendar.works(day), name=name.zh, name_en=name.en[:60], source=source
    )


def _marked(source: str, days: Iterable[object]) -> str:
    """The source with a mark of the days behind it, so that every edit changes the year's row."""
    mark = " #" + hashlib.sha256(repr(tuple(days)).encode()).hexdigest()[:12]
    return source[: MAX_SOURCE - len(mark)] + mark
