"""One clock of one case as an entry of a calendar: what, until when, where, and a reminder.

Told is what the desk's list shows of a case except its title: titles are made of a reporter's
words. A kind that may point to one household is not named, nor is the place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from icalendar import Alarm, Event

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ZONE, Calendar, moment_words
from yiwang.kernel.cases.clocks import Clock
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import kind_words, short_area_words
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.cases.reminders import remind_at
from yiwang.kernel.practice import practices

SENSITIVE = Words("敏感类别", "sensitive class")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ground:
    """What all entries of a calendar share. ``address`` gives the page of a case."""

    units: dict[str, Words]
    calendar: Calendar
    address: Callable[[Case], str]


def entry_of(case: Case, name: str, clock: Clock, ground: Ground) -> Event:
    """The end of a clock. Once the case has ended: that it is called off."""
    event = Event()
    event.add("uid", f"{case.id}-{name}@yiwang")
    event.add("sequence", case.version)
    changed = case.changed_at or case.opened_at
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("created", case.opened_at)
    begins = _add_when(event, clock)
    _add_words(event, case, name, clock, ground)
    event.add("status", status_of(case, clock))
    event.add("transp", "TRANSPARENT")  # a deadline keeps nobody busy
    event.add("class", "PRIVATE")
    event.add("url", ground.address(case))
    if case.is_open and (reminder := remind_at(clock, ground.calendar)):
        event.add_component(_alarm(event, reminder - begins))
    return event


def status_of(case: Case, clock: Clock) -> str:
    """CANCELLED lets calendars drop it; TENTATIVE: holidays still to be announced may move it."""
    if not case.is_open:
        return "CANCELLED"
    return "TENTATIVE" if clock.provisional else "CONFIRMED"


def _add_when(event: Event, clock: Clock) -> datetime:
    """The entry ends at the deadline; returns when it begins. One at 24:00 begins a minute before:
    the day it closes, not the next, is where a calendar is to show it."""
    due = clock.due_at.astimezone(ZONE).replace(microsecond=0)
    begins = due - MINUTE if due.time() == time() else due
    event.add("dtstart", begins)
    if begins != due:
        event.add("dtend", due)
    return begins


def _add_words(event: Event, case: Case, name: str, clock: Clock, ground: Ground) -> None:
    playbook = load(case.playbook, case.playbook_version)
    label = next((spec.label for spec in playbook.clocks if spec.name == name), Words(name, name))
    sensitive = practices[case.practice].is_sensitive
    hidden = sensitive is not None and sensitive(case.kind)
    kind = SENSITIVE if hidden else kind_words(case.kind)
    state = playbook.state(case.state).label
    event.add("summary", plain(Words("{number} {kind}（{label}）", "{number} {kind} ({label})")
                               .said_with(number=case.number, kind=kind, label=label)))
    if not hidden:
        event.add("location", plain(str(short_area_words(case.area, ground.units))))
    event.add("description", plain(f"{state} · {_due(clock)}"))


def _due(clock: Clock) -> Words:
    words = moment_words(clock.due_at.astimezone(ZONE), as_end=True)
    if clock.provisional:
        return Words("{due} 到期（暂定，放假安排公布后可能变动）",
                     "due {due} (provisional: may move when the holidays are announced)").filled(
            due=words)
    return Words("{due} 到期", "due {due}").filled(due=words)


def _alarm(event: Event, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", str(event["summary"]))
    alarm.add("trigger", before)  # from the beginning: all programs know it
    return alarm


def plain(text: str) -> str:
    """One line without control characters: a town's own names may hold what iCalendar may not."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
