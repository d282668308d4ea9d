"""All entries as one calendar document."""

from datetime import datetime, timedelta

from icalendar import Calendar, Timezone, TimezoneStandard

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.clocks import Clock
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.running_out import BOUNDS, RunningOut
from yiwang.kernel.cases.stages import first_to_end

from .entries import Ground, entry_of

NAME = Words("一网 · 我的时限", "Yiwang: my deadlines")
ASK_AGAIN = timedelta(hours=1)  # own choice: most calendar programs do not ask more often
EIGHT = timedelta(hours=8)
# The zone's last change, local: summer time ended (IANA tz database).
SINCE_1991 = datetime(1991, 9, 15, 1)  # noqa: DTZ001  VTIMEZONE has local times only
CUT = Words("件数多，只列最先到期的 {ahead} 件和最近超时的 {passed} 件。",
            "There are many: the {ahead} due soonest and the {passed} last overdue are here.")


def document(found: RunningOut, ground: Ground) -> bytes:
    """The calendar as it is sent (CRLF, folded at 75 octets, UTF-8), in the reader's language."""
    calendar = _head(cut=found.cut)
    for case in found.open:
        first = first_to_end(case.clocks)
        if first is not None:
            calendar.add_component(entry_of(case, *first, ground))
    for case in found.ended:
        for name, clock in called_off(case):
            calendar.add_component(entry_of(case, name, clock, ground))
    return bytes(calendar.to_ical())


def called_off(case: Case) -> list[tuple[str, Clock]]:
    """The clocks of a finished case that stopped not long before its end."""
    clocks = [(name, Clock.from_json(stored)) for name, stored in sorted(case.clocks.items())]
    since = (case.closed_at or case.opened_at) - BOUNDS.ended_for
    return [(name, clock) for name, clock in clocks
            if clock.stopped_at is not None and clock.stopped_at >= since]


def _head(*, cut: bool) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Yiwang//Deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", str(NAME))
    calendar.add("x-wr-calname", str(NAME))
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    if cut:
        told = CUT.said_with(ahead=BOUNDS.ahead, passed=BOUNDS.passed)
        calendar.add("description", told)
        calendar.add("x-wr-caldesc", told)
    calendar.add_component(_zone())
    return calendar


def _zone() -> Timezone:
    """Asia/Shanghai as it has been since 1991: no deadline lies before."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Asia/Shanghai")
    standard.add("dtstart", SINCE_1991)
    standard.add("tzoffsetfrom", EIGHT)
    standard.add("tzoffsetto", EIGHT)
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone
