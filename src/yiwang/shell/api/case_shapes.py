"""A case, its trail and its moves as the API writes them; every word in the language asked for."""

from typing import Any

from django.utils.text import capfirst
from ninja import Schema

from yiwang.kernel.cases import names
from yiwang.kernel.cases.playbooks import Move
from yiwang.kernel.records.models import Attachment, TrailEntry
from yiwang.shell.web.case_page import CasePage
from yiwang.shell.web.case_story import Line

from .shapes import Asked, Moment, Named, Text, field, named


class Place(Schema):
    """A point in WGS-84."""

    longitude: float = field("经度，度，WGS-84", "degrees, WGS-84")
    latitude: float = field("纬度，度，WGS-84", "degrees, WGS-84")


class Contact(Schema):
    """Whom to answer, masked: the whole leaves only through the page, and each look is kept."""

    name: str
    phone: str


class Photo(Schema):
    """A photo of a case: evidence of one step."""

    id: str
    stage: str = field("属于哪一步", "the step it belongs to")
    name: str
    size: int = field("字节", "bytes")
    sha256: str = field("存下的文件的 SHA-256", "SHA-256 of the stored file")
    captured_at: Moment | None
    added_at: Moment


class CaseOut(Schema):
    """A case, whole."""

    id: str
    number: str
    practice: str
    version: int = field("每一步加一；If-Match 用它", "one more with each step; If-Match wants it")
    title: str
    text: str
    kind: Named
    channel: Named
    state: Named
    area: Named = field("网格；没有网格时是村社或镇街", "the cell, or the unit where none is known")
    address: str
    point: Place | None
    is_open: bool
    handler: Named | None = field("承办单位", "the team in charge")
    holder: Named | None = field("现在谁拿着", "the team that has it now")
    due_at: Moment | None = field("正在走的时限到期", "when the clock that runs ends")
    due_provisional: bool = field("当年日历未公布，日期会变", "the calendar may still change it")
    late: bool
    opened_at: Moment
    closed_at: Moment | None
    asking: str = field("等谁签字的是什么；空：没有", "what waits for a signature; empty: nothing")
    refusals: int
    reopenings: int
    stars: int | None
    parent_id: str | None
    merged_into_id: str | None
    reporter: Contact | None
    photos: list[Photo]


class Said(Schema):
    """One thing that was said with a step."""

    label: str
    value: str


class Step(Schema):
    """A step of the trail."""

    version: int | None = field("案件在这一步之后的版本；空：没有改案件",
                                "the case's version after it; null: the case was not changed")
    verb: str
    title: str
    at: Moment
    by: str
    said: list[Said]


class Trail(Schema):
    """What happened, the oldest first; ``complete`` is false where older steps were left off."""

    case_id: str
    complete: bool
    items: list[Step]


class Need(Schema):
    """A thing that a move asks for."""

    name: str
    label: str
    kind: str = field("line、text、choice、team、other_team、case、date、stars、photo",
                      "line, text, choice, team, other_team, case, date, stars or photo")
    required: bool
    choices: list[Named]
    least: int = field("至少几张照片", "how many photos at least")


class MoveOut(Schema):
    """A lawful step, open to the key's person now."""

    move: str
    title: str
    target: Named
    needs: list[Need]


class Moves(Schema):
    """What can be done now, and the teams that a team may be chosen from."""

    case_id: str
    version: int
    items: list[MoveOut]
    teams: list[Named]


class MoveIn(Asked):
    """A move to make. Photos are ids of what was uploaded to this case for this move."""

    move: Text = field("步骤代码，见 moves", "its code, from the moves offered", max_length=40)
    fields: dict[Text, Text | int | list[Text]] = field(
        "步骤要的各项，按名字", "what the move asks for, by name", {}, max_length=40)


class Uploaded(Schema):
    """What was uploaded, and the case's version after it."""

    case_id: str
    version: int
    photos: list[Photo]


def case_out(page: CasePage) -> CaseOut:
    """The case as its page shows it."""
    case, area, contact = page.case, page.case.area, page.contact
    return CaseOut(
        id=str(case.id), number=case.number, practice=case.practice, version=case.version,
        title=case.title, text=case.text, kind=named(case.kind, page.kind),
        channel=named(case.channel, page.channel), state=named(case.state, page.state.label),
        area=named(area, page.area), address=case.address, point=_point(case),
        is_open=case.is_open, handler=team(case.handler), holder=team(case.holder),
        due_at=case.due_at, due_provisional=case.due_provisional, late=case.late,
        opened_at=case.opened_at, closed_at=case.closed_at, asking=case.asking,
        refusals=case.refusals, reopenings=case.reopenings, stars=case.stars,
        parent_id=text_or_none(case.parent_id), merged_into_id=text_or_none(case.merged_into_id),
        reporter=Contact(name=contact.name, phone=contact.phone) if contact else None,
        photos=[photo_out(photo) for photo in page.photos],
    )


def team(team: Any) -> Named | None:
    """A team with its name."""
    return named(team.id, names.team_words(team)) if team else None


def text_or_none(id_: object) -> str | None:
    """An id as text."""
    return str(id_) if id_ else None


def _point(case: Any) -> Place | None:
    if case.longitude is None:
        return None
    return Place(longitude=case.longitude, latitude=case.latitude)


def photo_out(photo: Attachment) -> Photo:
    """A photo as the API writes it."""
    return Photo(id=str(photo.id), stage=photo.stage, name=photo.name, size=photo.size,
                 sha256=photo.stored_digest, captured_at=photo.captured_at,
                 added_at=photo.added_at)


def step_out(entry: TrailEntry, line: Line, stream: str) -> Step:
    """A step as the page tells it."""
    return Step(
        version=entry.seq if entry.stream == stream else None, verb=entry.verb,
        title=str(line.what), at=entry.at, by=str(line.who),
        said=[Said(label=str(said.label), value=str(said.words)) for said in line.said])


def move_out(move: Move, page: CasePage) -> MoveOut:
    """A move with what it asks for."""
    target = named(move.target, page.playbook.state(move.target).label)
    return MoveOut(move=move.code, title=str(move.label), target=target, needs=[
        Need(name=need.name, label=capfirst(str(need.label)), kind=str(need.kind),
             required=need.required or need.least > 0,
             choices=[named(code, words) for code, words in need.choices],
             least=need.least) for need in move.needs])
