"""Several teams, several cases: joint handling, whistles, and parent and child."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.rules import Actor, check_can

from .models import Assist, Case
from .needs import Incomplete, taken
from .opening import CHINA, NewCase, open_case, prefix_of, sent_before
from .playbooks import Move, Need, NeedKind
from .rules_queries import current_kinds
from .step import commit_step

WHISTLE_ANSWER = timedelta(minutes=30)  # docs/field.md, whistle
MOST_TITLE = 120  # characters, what the column holds
WHISTLES: tuple[tuple[str, Words], ...] = (
    ("issue", Words("群众反映强烈、街道难以解决", "prominent issue the street cannot solve")),
    ("joint", Words("联合执法", "joint enforcement")),
    ("emergency", Words("应急处置", "emergency")),
)
# What splitting off a part asks for; no move of a playbook, since it leaves the state as it is.
SPLIT = Move("split", Words("拆出子案件", "split off a part"), (), "", "case.triage", needs=(
    Need("kind", Words("类别", "kind"), NeedKind.LINE),
    Need("title", Words("标题", "title"), NeedKind.LINE),
    Need("text", Words("这一部分要办什么", "what this part is about"), NeedKind.TEXT),
))


@transaction.atomic
def call_team(
    case: Case, team: Team, *, by: Actor, at: datetime, whistle: str = "", reason: str = ""
) -> Assist:
    """Ask ``team`` to help (协办), or whistle for it (吹哨): then it answers within 30 minutes."""
    check_can(by, "case.triage", area=case.area, practice=case.practice)
    if whistle and whistle not in dict(WHISTLES):
        raise Refusal("no_whistle", Words("没有这种吹哨。", "There is no such whistle."),
                      field="whistle")
    if not case.is_open or team.id == case.handler_id or case.assists.filter(team=team).exists():
        raise Refusal("already_there", Words("这个单位已经在办，或案件已结。",
                                             "That team is on it already, or the case is closed."))
    commit_step(case, verb="whistle" if whistle else "call", by=by, at=at, changes={},
                note={"team": str(team.id), "whistle": whistle, "reason": reason})
    answer_by = at + WHISTLE_ANSWER if whistle else None
    return Assist.objects.create(case=case, team=team, whistle=whistle, asked_at=at,
                                 answer_by=answer_by)


def answer_whistle(assist: Assist, *, by: Actor, at: datetime) -> Assist:
    """The whistled team reports: it stays until the desk releases it."""
    _check_member(assist, by)
    return _mark(assist, "answered_at", "answer_whistle", by=by, at=at)


def release_team(assist: Assist, *, by: Actor, at: datetime) -> Assist:
    """The desk lets a helping team go, its part being done."""
    check_can(by, "case.triage", area=assist.case.area, practice=assist.case.practice)
    return _mark(assist, "released_at", "release", by=by, at=at)


def _check_member(assist: Assist, by: Actor) -> None:
    if assist.team_id not in by.teams:
        raise NotAllowed("not_yours", Words("叫的不是你的单位。", "Another team was asked."))


@transaction.atomic
def _mark(assist: Assist, column: str, verb: str, *, by: Actor, at: datetime) -> Assist:
    if getattr(assist, column) is None:
        commit_step(assist.case, verb=verb, by=by, at=at, changes={},
                    note={"team": str(assist.team_id)})
        setattr(assist, column, at)
        assist.save(update_fields=[column])
    return assist


@transaction.atomic
def open_child(
    parent: Case, *, kind: str, title: str, text: str, by: Actor, at: datetime,
    once_key: str | None = None,
) -> Case:
    """Split off a part with its own owner and clock; the parent closes after all its children.

    Raises ``Incomplete`` naming every field that is wrong. The part's number begins as the
    parent's does.
    """
    check_can(by, "case.triage", area=parent.area, practice=parent.practice)
    if before := sent_before(once_key):
        return before
    if not parent.is_open or parent.parent_id:
        raise Refusal("no_child_here", Words("已结案件和子案件不能再拆。",
                                             "A closed case or a child is not split."))
    said = taken(SPLIT, {"kind": kind, "title": title, "text": text}, parent)
    _check_part(said, parent, at=at)
    child = open_case(_part(parent, said, once_key), by=by, at=at, note={"parent": parent.number})
    commit_step(parent, verb="split", by=by, at=at, changes={}, note={"child": child.number})
    return child


def _check_part(said: Mapping[str, Any], parent: Case, *, at: datetime) -> None:
    """A kind of today's list, or the parent's own; a title that fits."""
    wrong: dict[str, Words] = {}
    on = at.astimezone(CHINA).date()
    if said["kind"] != parent.kind and said["kind"] not in current_kinds(parent.practice, on=on):
        wrong["kind"] = Words("请从列表中选", "choose from the list")
    if len(said["title"]) > MOST_TITLE:
        wrong["title"] = Words("最多 {most} 字", "at most {most} characters").filled(
            most=MOST_TITLE)
    if wrong:
        raise Incomplete(wrong)


def _part(parent: Case, said: Mapping[str, Any], once_key: str | None) -> NewCase:
    place = ("address", "longitude", "latitude", "datum")
    columns = {"parent_id": parent.id, **{name: getattr(parent, name) for name in place}}
    return NewCase(parent.practice, parent.playbook, prefix_of(parent.number), said["kind"],
                   said["title"], said["text"], "split", parent.area, columns, once_key)
