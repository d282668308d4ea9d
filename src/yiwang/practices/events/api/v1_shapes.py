"""What is asked and answered about events through the JSON API."""

from datetime import date
from typing import Literal
from uuid import UUID

from ninja import Schema

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import channel_words, is_leaf, kind_words, short_area_words
from yiwang.kernel.frameworks.queries import tracks
from yiwang.practices.events.actions.report import Report
from yiwang.practices.events.actions.where import Where
from yiwang.practices.events.queries.desk import LONGEST_WORDS, Question
from yiwang.practices.events.states import EVENT
from yiwang.shell.api.case_shapes import Place
from yiwang.shell.api.case_shapes import team as team_out
from yiwang.shell.api.problems import Fault, not_valid
from yiwang.shell.api.shapes import (
    AreaCode,
    Asked,
    Code,
    Moment,
    Named,
    Paged,
    Text,
    field,
    named,
)

Tab = Literal["dispatch", "returned", "soon", "overdue", "asking", "mine", "open", "closed"]
Channel = Literal["app", "phone", "hotline", "patrol", "mailbox", "desk", "enterprise", "chamber",
                  "county", "video", "grid"]
STATES = {state.code: state.label for state in EVENT.states}
FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)  # of the days a list may be asked for


class CasesAsked(Paged):
    """The desk's question."""

    tab: Tab = field("哪一栏，同指挥室", "the tab, as at the desk", "open")
    state: Text = field("状态代码", "the code of a state", "", max_length=20)
    kind: Code | None = field("类别及其以下", "a class and all below it", None)
    track: Text = field("跑道", "the track", "", max_length=60)
    area: AreaCode | None = field("单位或网格及其以下", "a unit or cell and all below it", None)
    team: UUID | None = field("承办单位", "the team in charge", None)
    channel: Code | None = field("来源", "where it came from", None)
    since: date | None = field("上报日期起", "reported from", None, ge=FIRST, le=LAST)
    until: date | None = field("上报日期止（含）", "reported to, included", None, ge=FIRST, le=LAST)
    late: bool = field("只要处置超时的", "only those handled late", False)
    q: Text = field("标题、地址、内容里的词", "words of title, address or text", "",
                    max_length=LONGEST_WORDS)


class CaseLine(Schema):
    """A case of a list."""

    id: str
    number: str
    version: int
    title: str
    kind: Named
    channel: Named
    state: Named
    area: Named
    point: Place | None
    is_open: bool
    holder: Named | None
    due_at: Moment | None
    late: bool
    opened_at: Moment
    closed_at: Moment | None
    asking: str
    refusals: int


class CasesOut(Schema):
    items: list[CaseLine]
    next_cursor: str | None


class KindsAsked(Paged):
    """Which classes."""

    under: Code | None = field("只要这个代码以下的", "only those whose code begins so", None)


class KindOut(Schema):
    """A class of the list."""

    code: str
    name: str
    reportable: bool = field("今天可按它上报", "may be reported under today")


class KindsOut(Schema):
    items: list[KindOut]
    next_cursor: str | None


class PointIn(Asked):
    """A point in one of the three datums met in China."""

    longitude: float = field("经度，度", "degrees", ge=-180, le=180, allow_inf_nan=False)
    latitude: float = field("纬度，度", "degrees", ge=-90, le=90, allow_inf_nan=False)
    datum: Literal["wgs84", "gcj02", "bd09"] = field("坐标系", "the datum", "wgs84")


class ReporterIn(Asked):
    """Whom to answer; kept sealed."""

    name: Text = field("称呼", "a name", "", max_length=60)
    phone: Text = field("电话", "a telephone number", "", max_length=20)


class NewReport(Asked):
    """A report: what, where, and whom to answer. One of point, place and place_unknown."""

    kind: Text = field("类别代码，见 kinds", "the code of a class, see kinds", max_length=60)
    text: Text = field("说了什么", "what was said", max_length=10_000)
    point: PointIn | None = field("一个点", "a point", None)
    place: Text = field("单位编码，或地点编号", "a unit's code or a place's id", "", max_length=40)
    place_unknown: bool = field("地点说不清，由指挥室定", "the command room is to settle the place",
                                False)
    address: Text = field("地址", "an address in words", "", max_length=200)
    channel: Channel = field("来源", "where it came from", "app")
    reporter: ReporterIn = field("反映人", "who reported", ReporterIn())


def question_of(asked: CasesAsked) -> Question:
    """The question of the desk; raises ``Problem`` for a state or track nobody knows."""
    unknown = Words("没有这个代码。", "There is no such code.")
    wrong = [Fault(name, unknown) for name, value, known in (
        ("state", asked.state, STATES), ("track", asked.track, {track.code for track in tracks()}),
    ) if value and value not in known]
    if wrong:
        raise not_valid(*wrong)
    kind = asked.kind or ""
    return Question(
        tab=asked.tab, state=asked.state, kind=kind, kind_is_leaf=bool(kind) and is_leaf(kind),
        track=asked.track, area=asked.area or "", team=asked.team, channel=asked.channel or "",
        since=asked.since, until=asked.until, late=asked.late, words=" ".join(asked.q.split()))


def line_out(case: Case, units: dict[str, Words]) -> CaseLine:
    """A row of the desk's list."""
    point = None if case.longitude is None or case.latitude is None else Place(
        longitude=case.longitude, latitude=case.latitude)
    return CaseLine(
        id=str(case.id), number=case.number, version=case.version, title=case.title,
        kind=named(case.kind, kind_words(case.kind)),
        channel=named(case.channel, channel_words(case.channel)),
        state=named(case.state, STATES.get(case.state, case.state)),
        area=named(case.area, short_area_words(case.area, units)), point=point,
        is_open=case.is_open, holder=team_out(case.holder), due_at=case.due_at, late=case.late,
        opened_at=case.opened_at, closed_at=case.closed_at, asking=case.asking,
        refusals=case.refusals)


def report_of(asked: NewReport) -> Report:
    """The report as the action takes it."""
    spot = asked.place if asked.place.isdigit() or not asked.place else f"place:{asked.place}"
    point = (asked.point.longitude, asked.point.latitude) if asked.point else None
    datum = asked.point.datum if asked.point else "wgs84"
    return Report(
        kind=asked.kind, text=asked.text, address=asked.address, channel=asked.channel,
        where=Where(point=point, datum=datum, spot=spot, anywhere=asked.place_unknown),
        name=asked.reporter.name, phone=asked.reporter.phone)
