"""Several teams, several cases: joint handling, whistles, and parent and child."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.rules import Actor, check_can

from .models import Assist, Case
from .opening import NewCase, open_case
from .step import commit_step

WHISTLE_ANSWER = timedelta(minutes=30)  # docs/field.md, whistle
WHISTLES: tuple[tuple[str, Words], ...] = (
    ("issue", Words("群众反映强烈、街道难以解决", "prominent issue the street cannot solve")),
    ("joint", Words("联合执法", "joint enforcement")),
    ("emergency", Words("应急处置", "emergency")),
)


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


def open_child(
    parent: Case, *, kind: str, title: str, text: str, number_prefix: str, by: Actor,
    at: datetime,
) -> Case:
    """Split off a part with its own owner and clock; the parent closes after all its children."""
    check_can(by, "case.triage", area=parent.area, practice=parent.practice)
    if not parent.is_open or parent.parent_id:
        raise Refusal("no_child_here", Words("已结案件和子案件不能再拆。",
                                             "A closed case or a child is not split."))
    place = ("address", "longitude", "latitude", "datum")
    columns = {"parent_id": parent.id, **{name: getattr(parent, name) for name in place}}
    child = NewCase(parent.practice, parent.playbook, number_prefix, kind, title, text,
                    "split", parent.area, columns)
    return open_case(child, by=by, at=at, note={"parent": parent.number})


def family(case: Case) -> list[Case]:
    """The case's parent, siblings and children, for the page; two queries at most."""
    top: UUID = case.parent_id or case.id
    return list(Case.objects.filter(parent_id=top).order_by("opened_at"))
