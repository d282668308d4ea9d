"""What happened to a case, told from its trail in the playbook's words: who, when, what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.closing import RESULTS, RETURN_TYPES
from yiwang.kernel.cases.names import channel_words, who_words
from yiwang.kernel.cases.playbooks import Need, NeedKind, Playbook
from yiwang.kernel.cases.together import WHISTLES
from yiwang.kernel.ids import uuid_or_none
from yiwang.kernel.records.models import TrailEntry

# Verbs beyond the playbook's moves: what the kernel itself does to a case.
OTHER_VERBS: dict[str, Words] = {
    "open": Words("上报", "reported"),
    "import": Words("导入", "imported"),
    "call": Words("请协办", "help asked for"),
    "whistle": Words("吹哨", "whistled for"),
    "answer_whistle": Words("吹哨已应答", "whistle answered"),
    "release": Words("协办结束", "helper released"),
    "split": Words("拆出子案件", "split off a part"),
    "tell_apart": Words("看过，不是同一件", "seen to be another matter"),
    "unmask": Words("查看了反映人联系方式", "looked at the reporter's contact"),
    "attach": Words("添加照片", "photo added"),
    "overdue": Words("超时", "fell overdue"),
    "recompute": Words("日历变动，时限重算", "deadline recomputed, calendar changed"),
    "dispatch": Words("按规则自动派单", "dispatched by rule"),
    "correct": Words("更正", "corrected"),
    "peer_arrived": Words("对方已收到", "received there"),
    "peer_working": Words("对方办理中", "in hand there"),
    "peer_refused": Words("对方不受理", "refused there"),
    "peer_closed": Words("对方已办结", "closed there"),
    "peer_recall": Words("对方撤回", "recalled by them"),
}
OTHER_NEEDS = (
    Need("team", Words("单位", "team"), NeedKind.TEAM),
    Need("child", Words("子案件", "part"), NeedKind.LINE),
    Need("other", Words("那件", "the other"), NeedKind.LINE),
    Need("whistle", Words("事由", "matter"), NeedKind.CHOICE, choices=WHISTLES),
    Need("reason", Words("说明", "reason"), NeedKind.TEXT),
    Need("done", Words("办理情况", "what was done"), NeedKind.TEXT),
    Need("their_number", Words("对方编号", "number there"), NeedKind.LINE),
)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said with a step: its label and the words."""

    label: Words
    words: object


@dataclass(frozen=True, slots=True)
class Line:
    """One step as the page tells it. ``now`` marks the last one."""

    at: datetime
    who: Words
    what: Words
    said: tuple[Said, ...]
    now: bool = False


def refs_in(entries: Iterable[TrailEntry]) -> set[str]:
    """Everybody the trail names."""
    return {entry.by for entry in entries}


def teams_in(entries: Iterable[TrailEntry], facts: Mapping[str, Any]) -> set[UUID]:
    """Ids of all teams that notes and recorded refusals name."""
    told = [entry.note for entry in entries] + list(facts.get("refusals", []))
    values = (note.get(key) for note in told for key in ("team", "team_refusing"))
    return {found for value in values if value and (found := uuid_or_none(value))}


def story(
    entries: list[TrailEntry], playbook: Playbook, *, channel: str,
    people: dict[str, Words], teams: dict[str, Words],
) -> list[Line]:
    """The trail as lines, oldest first."""
    needs = needs_of(playbook)
    verbs = {move.code: move.label for move in playbook.moves}
    return [
        Line(
            entry.at, _who(entry, channel, people),
            verbs.get(entry.verb) or OTHER_VERBS.get(entry.verb) or Words(entry.verb, entry.verb),
            _said(entry.note, needs.get(entry.verb, OTHER_NEEDS), teams),
            now=entry is entries[-1],
        )
        for entry in entries
    ]


def needs_of(playbook: Playbook) -> dict[str, tuple[Need, ...]]:
    """What each move asks for, by its code; variants of one move ask for the same."""
    return {move.code: move.needs for move in playbook.moves}


def _who(entry: TrailEntry, channel: str, people: dict[str, Words]) -> Words:
    if entry.verb == "open" and not entry.by.startswith("person/"):
        return channel_words(channel)
    return who_words(entry.by, people)


def _said(
    note: Mapping[str, Any], needs: tuple[Need, ...], teams: dict[str, Words]
) -> tuple[Said, ...]:
    return tuple(
        Said(need.label, said_value(need, note[need.name], teams))
        for need in needs
        if note.get(need.name) not in (None, "", [])
    )


def said_value(need: Need, value: Any, teams: dict[str, Words]) -> object:
    """What was given for a need, as it is read: names for ids, words for choices."""
    match need.kind:
        case NeedKind.TEAM | NeedKind.OTHER_TEAM:
            return teams.get(str(value), Words("（未知单位）", "(unknown team)"))
        case NeedKind.CHOICE:
            return dict(need.choices).get(str(value), Words(str(value), str(value)))
        case NeedKind.PHOTO:
            return Words("{n} 张", "{n}").filled(n=len(value))
        case NeedKind.STARS:
            return "★" * int(value) + "☆" * (5 - int(value))
        case NeedKind.CASE:
            return Words("见下方", "see below")
        case _:
            return str(value)


@dataclass(frozen=True, slots=True)
class Opinion:
    """A closing opinion as it was given; none is ever overwritten."""

    number: int
    at: datetime | None
    who: Words
    result: Words
    done: str
    for_person: str
    left_over: str
    look_again: str
    flags: tuple[Words, ...]


def opinions(facts: Mapping[str, Any], people: dict[str, Words]) -> list[Opinion]:
    """All closing opinions, first to last."""
    return [
        Opinion(
            number, moment_of(given), who_words(given.get("by", ""), people),
            dict(RESULTS).get(given.get("result", ""), Words("", "")),
            given.get("done", ""), given.get("for_person", ""), given.get("left_over", ""),
            given.get("look_again", ""),
            tuple(Words.from_json(flag) for flag in given.get("flags", [])),
        )
        for number, given in enumerate(facts.get("opinions", []), 1)
    ]


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal: by whom, under which clause, whose it is said to be, and why."""

    at: datetime | None
    team: Words
    clause: Words
    named: Words
    reason: str


def refusals(
    facts: Mapping[str, Any], playbook: Playbook, teams: dict[str, Words]
) -> list[Refused]:
    """Every refusal with its clause and the team it named."""
    nobody = Words("—", "—")
    clauses = {
        code: words for needs in needs_of(playbook).values() for need in needs
        if need.name == "clause" for code, words in need.choices
    }
    return [
        Refused(
            moment_of(given), teams.get(str(given.get("team_refusing")), nobody),
            clauses.get(given.get("clause", ""), nobody),
            teams.get(str(given.get("team")), nobody), given.get("reason", ""),
        )
        for given in facts.get("refusals", [])
    ]


@dataclass(frozen=True, slots=True)
class SentBack:
    """A closing that was sent back: the kind of return and why."""

    at: datetime | None
    who: Words
    kind: Words
    reason: str


def returns(facts: Mapping[str, Any], people: dict[str, Words]) -> list[SentBack]:
    """Every closing that was sent back, with its type."""
    return [
        SentBack(moment_of(given), who_words(given.get("by", ""), people),
                 dict(RETURN_TYPES).get(given.get("return_type", ""), Words("", "")),
                 given.get("reason", ""))
        for given in facts.get("returns", [])
    ]


@dataclass(frozen=True, slots=True)
class Asking:
    """A request that waits for a signature."""

    at: datetime | None
    who: Words
    what: Words
    reason: str
    until: str


def asking(
    facts: Mapping[str, Any], playbook: Playbook, people: dict[str, Words]
) -> Asking | None:
    """The request that waits, if there is one: an extension, a suspension …"""
    given = facts.get("asking")
    if not given:
        return None
    labels = {move.code: move.label for move in playbook.moves}
    verb = given.get("verb", "")
    return Asking(moment_of(given), who_words(given.get("by", ""), people),
                  labels.get(verb, Words(verb, verb)), given.get("reason", ""),
                  given.get("until", ""))


def moment_of(given: Mapping[str, Any]) -> datetime | None:
    """When a recorded thing was given; None where the record is older than the habit."""
    text = given.get("at")
    return datetime.fromisoformat(text) if text else None
