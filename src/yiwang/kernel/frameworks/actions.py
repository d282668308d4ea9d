"""Verbs about frameworks: a member begins, changes its name or ends; a kind is put on a track.

``seen`` is the stamp of the framework the person looked at; whoever comes second is told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from yiwang.kernel.cases.models import Kind
from yiwang.kernel.cases.rules_actions import somebody_else
from yiwang.kernel.errors import source_missing
from yiwang.kernel.people.rules import SYSTEM, Actor, can_somewhere, not_allowed
from yiwang.kernel.records import trail

from . import refusals
from .models import Framework, FrameworkMember, KindTrack
from .queries import forget_tracks, mappings_of
from .rules import A_DAY, Mapping, member_of


@dataclass(frozen=True, slots=True)
class NewMember:
    """A member as it is to stand from a day on; an existing code takes this name from then."""

    code: str
    slot: int
    name: str
    name_en: str
    is_track: bool
    since: date
    source: str


def begin_member(
    framework: str, new: NewMember, *, by: Actor, at: datetime, seen: int
) -> FrameworkMember:
    """Take a member in, or rename it: what stood under its code ends the day before."""
    _check(by, new.source)
    if not new.name.strip():
        raise refusals.name_missing()
    if new.since < localdate(at):
        raise refusals.in_the_past()
    with _one_at_a_time(framework, seen) as held:
        if not 0 <= new.slot < len(held.slots):
            raise refusals.no_such_slot()
        same = held.members.filter(code=new.code)
        if same.filter(Q(since__gte=new.since) | Q(until__gte=new.since)).exists():
            raise refusals.later_exists()
        if not new.is_track and _mapped_after(held, new.code, new.since - A_DAY):
            raise refusals.still_mapped(_mapped_after(held, new.code, new.since - A_DAY))
        same.filter(until__isnull=True).update(until=new.since - A_DAY)
        member = held.members.create(
            code=new.code, slot=new.slot, name=new.name.strip(), name_en=new.name_en.strip(),
            is_track=new.is_track, since=new.since, source=new.source.strip())
        _tell(held, "begin_member", by, at, code=new.code, slot=new.slot, name=member.name,
              is_track=new.is_track, since=new.since, source=member.source)
    return member


def end_member(
    framework: str, code: str, last_day: date, *, source: str, by: Actor, at: datetime, seen: int
) -> FrameworkMember:
    """The member stands for the last time on ``last_day``; kinds must have left its track."""
    _check(by, source)
    if last_day < localdate(at) - A_DAY:
        raise refusals.in_the_past("last_day")
    with _one_at_a_time(framework, seen) as held:
        member = held.members.filter(code=code, until__isnull=True).first()
        if member is None or member.since > last_day:
            raise refusals.no_such_member()
        if mapped := _mapped_after(held, code, last_day):
            raise refusals.still_mapped(mapped)
        member.until = last_day
        member.save(update_fields=["until"])
        _tell(held, "end_member", by, at, code=code, until=last_day, source=source.strip())
    return member


def put_on_track(
    framework: str, kind: str, member: str, since: date, *, source: str, by: Actor, at: datetime,
    seen: int,
) -> KindTrack:
    """From a day on a kind and what lies under it stand on the member's track.

    A day in the past fills a gap only: where the kind stood on a track already, it stays.
    """
    _check(by, source)
    if kind and not Kind.objects.filter(Q(code=kind) | Q(list=kind)).exists():
        raise refusals.no_such_kind()
    with _one_at_a_time(framework, seen) as held:
        if not _is_track_from(held, member, since):
            raise refusals.no_such_track()
        _check_history(held.code, kind, since, localdate(at))
        held.tracks.filter(kind=kind, until__isnull=True).update(until=since - A_DAY)
        row = held.tracks.create(
            kind=kind, member=member, since=since, source=source.strip())
        _tell(held, "put_on_track", by, at, kind=kind, member=member, since=since,
              source=row.source)
    return row


def _check(by: Actor, source: str) -> None:
    if by != SYSTEM and not can_somewhere(by, "playbook.edit"):
        raise not_allowed("playbook.edit")
    if not source.strip():
        raise source_missing()


def _is_track_from(held: Framework, member: str, since: date) -> bool:
    """Whether the member is a track on that day and every day after."""
    spans = list(held.members.filter(code=member, is_track=True).order_by("since"))
    return bool(spans) and spans[-1].until is None and any(
        row.since <= since and (row.until is None or since <= row.until) for row in spans)


def _check_history(framework: str, kind: str, since: date, today: date) -> None:
    mappings = mappings_of(framework)
    own = [one for one in mappings if one.kind == kind]
    if any(one.since >= since for one in own):
        raise refusals.later_exists()
    if since < today and _stood_between(kind, since, today, mappings):
        raise refusals.in_the_past()


def _stood_between(kind: str, since: date, today: date, mappings: list[Mapping]) -> bool:
    """Whether the kind stood on any track on a day from ``since`` until yesterday."""
    begins = {since, *(one.since for one in mappings if since < one.since < today)}
    return any(member_of(kind, day, mappings) for day in begins)


def _mapped_after(held: Framework, member: str, last_day: date) -> int:
    """How many mappings go on to the member after its last day."""
    return held.tracks.filter(Q(until__isnull=True) | Q(until__gt=last_day),
                              member=member).count()


def _tell(held: Framework, verb: str, by: Actor, at: datetime, **changes: object) -> None:
    trail.append(stream_of(held.code), verb=verb, by=by.ref, at=at, changes=changes)
    forget_tracks()


def stream_of(framework: str) -> str:
    """Where the trail keeps what happened to a framework."""
    return f"framework/{framework}"


def stamp_of(framework: str) -> int:
    """A number that grows with every change of the framework."""
    return trail.newest_seq(stream_of(framework))


@contextmanager
def _one_at_a_time(framework: str, seen: int) -> Iterator[Framework]:
    with transaction.atomic():
        held = Framework.objects.select_for_update().filter(pk=framework).first()
        if held is None:
            raise refusals.no_such_framework()
        if stamp_of(framework) != seen:
            raise somebody_else()
        yield held
