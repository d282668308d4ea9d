"""Frameworks: the versions of a member list, and the track of every kind on a day."""

from dataclasses import dataclass
from datetime import date

from django.http import Http404, HttpResponse
from django.shortcuts import render

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import KindList
from yiwang.kernel.cases.names import kind_names
from yiwang.kernel.frameworks.models import Framework, FrameworkMember, KindTrack
from yiwang.kernel.frameworks.queries import (
    Version,
    gaps,
    version_on,
    versions_of,
    words_of,
)
from yiwang.kernel.people.rules import can_somewhere
from yiwang.shell.doors import Asked, door

from .read import day_asked
from .rules_pages_shown import ANY_KIND, source_words

GAPS_SHOWN = 30


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A part of a framework with the members that stand in it."""

    title: Words
    members: tuple[tuple[FrameworkMember, Words, Words], ...]  # member, its name, its source


@dataclass(frozen=True, slots=True)
class ShownTrack:
    """A line of the mapping: a kind, the track's name, and what it rests on."""

    row: KindTrack
    kind: Words
    track: Words
    source: Words


@door("case.view")
def frameworks(request: Asked) -> HttpResponse:
    """One framework: its version on a day, and which kinds stand on its tracks."""
    listed = list(Framework.objects.order_by("code"))
    held = next((one for one in listed if one.code == request.GET.get("code", one.code)), None)
    if held is None and (listed or request.GET.get("code")):
        raise Http404
    return render(request, "shell/frameworks/frameworks.html", {
        "listed": [(one.code, words_of(one)) for one in listed], "held": held,
        **(_shown(held, day_asked(request)) if held else {}),
        "may_edit": can_somewhere(request.actor, "playbook.edit"),
    })


def _shown(held: Framework, day: date) -> dict[str, object]:
    versions = versions_of(held.code)
    version = version_on(versions, day)
    titles = _titles()
    without = gaps(held.code, day) if version and _has_tracks(version) else []
    return {
        "name": words_of(held), "note": source_words(held.note), "day": day, "version": version,
        "versions": versions, "parts": parts_of(held, version),
        "tracks": _tracks(held, version, titles),
        "gaps": [(code, titles.get(code, code)) for code in without[:GAPS_SHOWN]],
        "gaps_more": max(0, len(without) - GAPS_SHOWN),
    }


def _has_tracks(version: Version) -> bool:
    return any(member.is_track for member in version.members)


def parts_of(held: Framework, version: Version | None) -> list[ShownPart]:
    """The parts that have a member in this version, in order."""
    members = version.members if version else ()
    parts = [
        ShownPart(Words(*title), tuple(
            (member, words_of(member), source_words(member.source))
            for member in members if member.slot == slot))
        for slot, title in enumerate(held.slots)
    ]
    return [part for part in parts if part.members]


def _titles() -> dict[str, Words]:
    """What every list and every kind is called, by code; any kind under the empty one."""
    lists = {one.code: Words(one.name, one.name_en or one.name)
             for one in KindList.objects.all()}
    return {"": ANY_KIND, **lists, **kind_names()}


def _tracks(
    held: Framework, version: Version | None, titles: dict[str, Words]
) -> list[ShownTrack]:
    """The mappings in force on the version's day or later, by kind."""
    if version is None:
        return []
    names = {member.code: words_of(member) for member in version.members}
    rows = held.tracks.order_by("kind", "since")
    return [
        ShownTrack(row, titles.get(row.kind, Words(row.kind, row.kind)),
                   names[row.member], source_words(row.source))
        for row in rows
        if row.member in names and (row.until is None or row.until >= version.since)
    ]
