"""Reads of frameworks: their versions, the tracks, and cases by track.

A case stands on the track its kind had on the day it was opened: history is not renamed.
"""

import time as clock
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Case, CharField, Q, QuerySet, Value, When
from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ZONE
from yiwang.kernel.cases import models
from yiwang.kernel.cases.limits import prefixes
from yiwang.kernel.cases.queries import under

from .models import Framework, FrameworkMember, KindTrack
from .rules import A_DAY, Mapping, days_of_change, member_of, numeral, without_track

NO_TRACK = Words("没有跑道", "no track")
NAMES_HOLD = 60.0  # seconds a worker trusts the names of tracks, as names.KINDS_HOLD


@dataclass(frozen=True, slots=True)
class Version:
    """A framework as it stands from a day on: its members by part, and its numeral."""

    since: date
    numeral: str
    members: tuple[FrameworkMember, ...]


@dataclass(frozen=True, slots=True)
class Track:
    """A track under one name. ``code`` is ``141/pa``; ``until`` None: it goes on."""

    code: str
    name: Words
    since: date
    until: date | None


def words_of(thing: Framework | FrameworkMember) -> Words:
    """Its name in both languages; the Chinese one where it has no other."""
    return Words(thing.name, thing.name_en or thing.name)


def versions_of(framework: str) -> list[Version]:
    """Every version of the member list, newest first; a day on which nobody stands is none."""
    rows = list(FrameworkMember.objects.filter(framework=framework).order_by("slot", "id"))
    days = days_of_change((row.since, row.until) for row in rows)
    found = [_version(day, rows) for day in reversed(days)]
    return [version for version in found if version.members]


def _version(day: date, rows: Iterable[FrameworkMember]) -> Version:
    standing = tuple(row for row in rows
                     if row.since <= day and (row.until is None or day <= row.until))
    return Version(day, numeral(row.slot for row in standing), standing)


def version_on(versions: Iterable[Version], day: date) -> Version | None:
    """The version in force on a day; ``versions`` newest first."""
    return next((version for version in versions if version.since <= day), None)


def mappings_of(framework: str) -> list[Mapping]:
    """All mappings of a framework, past and to come."""
    return _by_framework(KindTrack.objects.filter(framework=framework)).get(framework, [])


def _by_framework(rows: QuerySet[KindTrack]) -> dict[str, list[Mapping]]:
    found: dict[str, list[Mapping]] = {}
    for row in rows.order_by("framework", "kind", "since"):
        found.setdefault(row.framework_id, []).append(
            Mapping(row.kind, row.member, row.since, row.until))
    return found


def kinds_in_force(day: date) -> list[str]:
    """Codes of all kinds whose lists hold on that day, in order."""
    lists = models.KindList.objects.filter(
        Q(until__isnull=True) | Q(until__gte=day), since__lte=day)
    kinds = models.Kind.objects.filter(list__in=lists).order_by("code")
    return list(kinds.values_list("code", flat=True))


def gaps(framework: str, day: date) -> list[str]:
    """Kinds in force that stand on no track of the framework that day."""
    return without_track(kinds_in_force(day), day, mappings_of(framework))


_tracks: tuple[float, tuple[Track, ...]] = (float("-inf"), ())


def tracks() -> tuple[Track, ...]:
    """All tracks, those in force first; one query a minute in each worker."""
    global _tracks
    if clock.monotonic() - _tracks[0] > NAMES_HOLD:
        _tracks = (clock.monotonic(), tuple(_read_tracks()))
    return _tracks[1]


def forget_tracks() -> None:
    """Let the next question read the tracks anew."""
    global _tracks
    _tracks = (float("-inf"), ())


def _read_tracks() -> list[Track]:
    rows = FrameworkMember.objects.filter(is_track=True).order_by("framework", "slot", "id")
    found = [Track(f"{row.framework_id}/{row.code}", words_of(row), row.since, row.until)
             for row in rows]
    return sorted(found, key=lambda track: track.until is not None)


def track_names(day: date) -> dict[str, Words]:
    """Every track by code, under the name of that day, else its newest."""
    names: dict[str, Words] = {}
    for track in sorted(tracks(), key=lambda one: one.since):
        if track.since <= day or track.code not in names:
            names[track.code] = track.name
    return names


def track_words(code: str) -> Words:
    """What a track is called now, or was called last."""
    return track_names(localdate()).get(code, NO_TRACK)


def tracks_of(kind: str, opened_at: datetime) -> list[Words]:
    """The names of the tracks a case stands on, of the day it was opened; one query."""
    day = opened_at.astimezone(ZONE).date()
    near = _by_framework(KindTrack.objects.filter(kind__in=prefixes(kind)))
    codes = [f"{code}/{member}" for code, mappings in near.items()
             if (member := member_of(kind, day, mappings))]
    names = track_names(day)
    return [names[code] for code in codes if code in names]


def on_track(rows: QuerySet[models.Case], track: str) -> QuerySet[models.Case]:
    """Cases that stand on a track such as ``141/pa``; ``141/``: those that stand on none."""
    framework, _, member = track.partition("/")
    return rows.alias(on_track=track_column(framework)).filter(on_track=member)


def near_track(track: str) -> Q:
    """Kinds that stand or stood on a track, as ranges: all its cases are among them."""
    framework, _, member = track.partition("/")
    near = Q(pk__in=())
    for kind in {one.kind for one in mappings_of(framework) if one.member == member}:
        near |= under(kind) if kind else Q()
    return near if member else Q()


def track_column(framework: str) -> Case:
    """The code of the member whose track a case stands on, as a column of its rows; one query."""
    nearest_first = sorted(mappings_of(framework), key=lambda one: -len(one.kind))
    return Case(
        *(When(_stands(one), then=Value(one.member)) for one in nearest_first),
        default=Value(""), output_field=CharField(),
    )


def _stands(mapping: Mapping) -> Q:
    opened = Q(opened_at__gte=_midnight(mapping.since))
    if mapping.until is not None:
        opened &= Q(opened_at__lt=_midnight(mapping.until + A_DAY))
    return opened & under(mapping.kind) if mapping.kind else opened


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


class TrackSheet:
    """Which track grouped rows stand on: by kind, and by the stretch between two days of change.

    For figures over many rows: the database groups by ``era``, the rule decides here.
    """

    def __init__(self) -> None:
        self._mappings = _by_framework(KindTrack.objects.all())
        rows = [one for some in self._mappings.values() for one in some]
        self._days = [date.min, *days_of_change((one.since, one.until) for one in rows)]
        self._known: dict[tuple[str, int], str] = {}

    @property
    def none(self) -> str:
        """The key of what stands on no track of the first framework that has tracks."""
        return f"{next(iter(self._mappings), '')}/"

    @property
    def era(self) -> Case:
        """The number of the stretch a row was opened in, as a column."""
        begun = [When(opened_at__gte=_midnight(day), then=Value(place))
                 for place, day in enumerate(self._days) if place]
        return Case(*reversed(begun), default=Value(0))

    def track_of(self, kind: str, era: int) -> str:
        """``141/pa``; ``141/`` for a kind on no track then."""
        if (kind, era) not in self._known:
            mappings = self._mappings.get(self.none[:-1], [])
            self._known[kind, era] = self.none + member_of(kind, self._days[era], mappings)
        return self._known[kind, era]

    def track_on(self, kind: str, day: date) -> str:
        """The same by the day a case was opened."""
        return self.track_of(kind, bisect_right(self._days, day) - 1)
