"""The frameworks that ship, “141” and “152”; a town keeps its own versions from then on.

Names are those of public reports, dates are to be checked by the town (docs/field.md, frameworks).
"""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from importlib.resources import files

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records import trail

from .actions import stream_of
from .models import Framework, FrameworkMember, KindTrack
from .queries import forget_tracks
from .rules import Mapping

FRAMEWORKS: dict[str, tuple[Words, tuple[Words, ...], Words]] = {
    "141": (
        Words("“141”基层治理体系", "“141” local governance"),
        (Words("县级", "county"), Words("镇街", "township"), Words("村社", "village")),
        Words("一个县级中心、镇街四个平台（跑道）、村社网格",
              "one county centre, four township platforms (tracks), the village grid"),
    ),
    "152": (
        Words("“152”数字化改革体系", "“152” digital reform"),
        (Words("平台", "platform"), Words("综合应用", "applications"),
         Words("基层", "grass roots"), Words("体系", "systems")),
        Words("与投资项目的“152”工程同名，不是一回事",
              "not the investment programme that is called “152”, too"),
    ),
}
SOURCES = {
    "old": "浙江法制报 2020-08-27（名称）；起止日待核对 / a report of 2020 (names); "
           "dates to be checked",
    "new": "四条跑道的现行叫法；起日待核对 / present names of the four tracks; "
           "first day to be checked",
    "reform": "浙江省数字化改革总体方案（2021） / the province's plan of digital reform, 2021",
    "later": "后来扩展为“1612”；起日待核对 / extended later to “1612”; first day to be checked",
}


@transaction.atomic
def seed_frameworks(*, by: Actor, at: datetime) -> int:
    """Put in the frameworks that are not there yet; one that is there belongs to the town."""
    there = set(Framework.objects.values_list("code", flat=True))
    new = [code for code in FRAMEWORKS if code not in there]
    for code in new:
        name, slots, note = FRAMEWORKS[code]
        held = Framework.objects.create(
            code=code, name=name.zh, name_en=name.en, note=f"{note.zh} / {note.en}",
            slots=[[slot.zh, slot.en] for slot in slots])
        members = FrameworkMember.objects.bulk_create(_members_of(held))
        trail.append(stream_of(code), verb="seed_framework", by=by.ref, at=at,
                     changes={"members": len(members)})
    forget_tracks()
    return len(new)


def _members_of(held: Framework) -> list[FrameworkMember]:
    text = files(__package__).joinpath("data", "members.csv").read_text(encoding="utf-8")
    return [
        FrameworkMember(
            framework=held, code=row["code"], slot=int(row["slot"]), name=row["name"],
            name_en=row["name_en"], is_track=bool(row["is_track"]), source=SOURCES[row["source"]],
            since=date.fromisoformat(row["since"]),
            until=date.fromisoformat(row["until"]) if row["until"] else None)
        for row in csv.DictReader(text.splitlines()) if row["framework"] == held.code
    ]


@transaction.atomic
def seed_tracks(
    framework: str, mappings: Iterable[Mapping], *, source: str, by: Actor, at: datetime
) -> int:
    """A practice's first mappings; a kind that was mapped once belongs to the town."""
    if not Framework.objects.filter(pk=framework).exists():
        return 0
    there = set(KindTrack.objects.filter(framework=framework).values_list("kind", flat=True))
    new = KindTrack.objects.bulk_create(
        KindTrack(framework_id=framework, kind=one.kind, member=one.member, since=one.since,
                  until=one.until, source=source)
        for one in mappings if one.kind not in there)
    if new:
        trail.append(stream_of(framework), verb="seed_tracks", by=by.ref, at=at,
                     changes={"kinds": len(new)})
    return len(new)
