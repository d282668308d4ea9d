"""What somebody with a follow code is told: plain words of what happened, never others' data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.closing import RESULTS
from yiwang.kernel.cases.evidence import photos_of
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.step import stream_of
from yiwang.kernel.people.models import Team
from yiwang.kernel.records.models import Attachment, TrailEntry

from ..rules import clean
from ..states import CLAUSES

_BETWEEN = str.maketrans("", "", " -—·\u3000")
SHOWN_STAGES = ("report", "submit", "pass")  # photos a reporter may see: own, done, checked

# What a step means to the one who reported. Steps not listed are the office's own business.
SAID: dict[str, Words] = {
    "open": Words("已收到你的反映", "Your report came in"),
    "assign": Words("已派给 {team}", "Passed to {team}"),
    "reassign": Words("已改派给 {team}", "Passed on to {team}"),
    "rule": Words("经裁定，由 {team} 办理", "Ruled: {team} handles it"),
    "accept": Words("{team} 已签收，开始办理", "{team} has taken it on"),
    "refuse": Words("{team} 退回：{clause}；应由 {other} 办",
                    "{team} returned it: {clause}; it belongs to {other}"),
    "submit": Words("{team} 报告已办", "{team} says it is done"),
    "pass": Words("已核查，结案", "Checked and closed"),
    "send_back": Words("核查没有通过，退回重办", "The check failed: it is to be done again"),
    "hand_up": Words("已上报区级处理", "Handed up to the district"),
    "hand_down": Words("区级交回本镇街", "Handed back by the district"),
    "county_done": Words("区级报告已办", "The district says it is done"),
    "grant_extension": Words("办理时限已延长", "More time was granted"),
    "grant_suspension": Words("条件暂不具备，挂账待办", "Suspended until it can be done"),
    "resume": Words("恢复办理", "Work goes on"),
    "reject": Words("不予受理", "Not accepted"),
    "merge": Words("和另一件相同，已并案一起办", "Joined with another report of the same thing"),
    "confirm_unreasonable": Words("经两人确认，不再办理", "Two people decided not to go on"),
    "rate": Words("你评了 {stars} 星", "You gave it {stars} {stars:star|stars}"),
    "reopen": Words("你说没有解决，已重新办理", "You said it is not solved: it is open again"),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the story."""

    at: datetime
    words: Words
    why: str = ""


def by_code(code: str) -> Case | None:
    """The case of a follow code as somebody typed it: case and separators do not matter."""
    tidy = clean(code).upper().translate(_BETWEEN)[:16]
    if not tidy:
        return None
    return Case.objects.select_related("handler", "holder", "merged_into__holder").filter(
        follow_code=tidy).first()


def story(case: Case, *, mine: bool = True) -> list[Happened]:
    """What happened, oldest first: two queries however long the story.

    ``mine`` is no for somebody whose own report was joined to this case.
    """
    told_of = [verb for verb in SAID if mine or verb not in ("rate", "reopen")]
    entries = list(
        TrailEntry.objects.filter(stream=stream_of(case), verb__in=told_of).order_by("seq")
    )
    teams = _teams(entries)
    told: list[Happened] = []
    holder = ""
    for entry in entries:
        given = entry.note
        other = teams.get(str(given.get("team", "")), Words("别的单位", "another unit"))
        acting = teams.get(holder, Words("办理单位", "the unit"))
        named = other if entry.verb in ("assign", "reassign", "rule") else acting
        told.append(Happened(entry.at, SAID[entry.verb].filled(
            team=named, other=other, clause=_clause(given), stars=given.get("stars", "")),
            _why(entry)))
        holder = str(entry.changes.get("handler_id") or holder)
    return told


def _why(entry: TrailEntry) -> str:
    """The reason, where it is meant for the reporter: why not accepted, and whose it is."""
    if entry.verb != "reject":
        return ""
    return f"{entry.note.get('reason', '')} → {entry.note.get('whose', '')}"


def _clause(given: dict[str, object]) -> Words:
    return dict(CLAUSES).get(str(given.get("clause", "")), Words("职责不符", "not its duty"))


def _teams(entries: Iterable[TrailEntry]) -> dict[str, Words]:
    wanted = {str(value) for entry in entries
              for value in (entry.note.get("team"), entry.changes.get("handler_id")) if value}
    return {str(team.id): Words(team.name, team.name_en or team.name)
            for team in Team.objects.filter(id__in=wanted)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: the result's name, and what the unit says to the reporter."""

    result: Words
    answer: str


def outcome_of(case: Case) -> Outcome | None:
    """The last closing opinion as the reporter may read it; None while there is none."""
    opinions = case.facts.get("opinions") or []
    if not opinions or case.is_open:
        return None
    last = opinions[-1]
    result = dict(RESULTS).get(str(last.get("result", "")), Words("已办", "done"))
    return Outcome(result, str(last.get("for_person", "")))


def shown_photos(case: Case) -> dict[str, list[Attachment]]:
    """Photos by when they were taken: before (the report's own) and after (done, checked)."""
    photos = photos_of(case)
    return {
        "before": [photo for photo in photos if photo.stage == "report"],
        "after": [photo for photo in photos if photo.stage in ("submit", "pass")]
        if not case.is_open else [],
    }
