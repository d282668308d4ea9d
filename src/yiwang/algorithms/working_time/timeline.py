"""Positions in time: one number line on which a clock of a given kind runs evenly.

A clock that runs day and night is measured in µs since the era began; one that follows office
hours in working µs. Terms, pauses and extensions then are plain sums.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from yiwang.algorithms.words import Words

from .calendar import LAST_ORDINAL, Calendar, too_far
from .errors import TermError
from .hours import DAY_MINUTES, MINUTE, OFFICE_HOURS, OfficeHours

ZONE = ZoneInfo("Asia/Shanghai")
DAY = DAY_MINUTES * MINUTE
FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2199, 12, 31)
"""Moments outside these days are refused. Since 1991 the zone keeps UTC+8 without a change."""

_FIRST = datetime(2000, 1, 1, tzinfo=ZONE)
_LAST = datetime(2200, 1, 1, tzinfo=ZONE)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(span: timedelta) -> int:
    """A span as whole microseconds, exactly."""
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds


def local(at: datetime, *, field: str = "start") -> datetime:
    """``at`` in Asia/Shanghai; ``TermError`` where it has no zone or lies outside 2000–2199."""
    if at.tzinfo is None:
        raise TermError(
            Words("时间要带时区。", "A moment needs its time zone."), field=field
        )
    if not _FIRST <= at < _LAST:
        raise TermError(
            Words("日期要在 2000 至 2199 年之间。", "Dates run from 2000 to 2199."), field=field
        )
    return at if at.tzinfo is ZONE else at.astimezone(ZONE)


def split(at: datetime) -> tuple[int, int]:
    """A local moment as (day ordinal, µs of the day)."""
    seconds = (at.hour * 60 + at.minute) * 60 + at.second
    return at.toordinal(), seconds * 1_000_000 + at.microsecond


def moment(ordinal: int, clock: int) -> datetime:
    """The reverse of :func:`split`; a clock of a whole day is 00:00 of the next."""
    days, rest = divmod(clock, DAY)
    if ordinal + days > LAST_ORDINAL:
        raise too_far()
    seconds, micro = divmod(rest, 1_000_000)
    minutes, second = divmod(seconds, 60)
    day = date.fromordinal(ordinal + days)
    return datetime(
        day.year, day.month, day.day, minutes // 60, minutes % 60, second, micro, ZONE
    )


@dataclass(frozen=True, slots=True)
class Timeline:
    """Moment ↔ position. ``hours`` of ``None``: day and night; otherwise office hours only."""

    calendar: Calendar
    hours: OfficeHours | None = OFFICE_HOURS

    def position(self, at: datetime) -> int:
        """µs run by the local moment ``at``; never decreases, stands still outside hours."""
        ordinal, clock = split(at)
        if self.hours is None:
            return (ordinal - 1) * DAY + clock
        done = self.calendar.worked_through(ordinal - 1) * self.hours.day
        if not self.calendar.works(at.date()):
            return done
        return done + self.hours.worked_by(clock)

    def reached(self, position: int) -> datetime:
        """The earliest moment at ``position``: the end of a day, not the start of the next."""
        if self.hours is None:
            days, clock = divmod(position, DAY)
            return moment(days + 1, clock)
        whole, worked = divmod(position - 1, self.hours.day)
        return moment(self.calendar.nth_working(whole + 1), self.hours.clock_when(worked + 1))

    def day_end(self, ordinal: int) -> int:
        """The position at the end of the day ``ordinal``."""
        if self.hours is None:
            return ordinal * DAY
        return self.calendar.worked_through(ordinal) * self.hours.day
