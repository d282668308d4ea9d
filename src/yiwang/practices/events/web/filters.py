"""A desk's question as an address, and back. What makes no sense is left out and said."""

from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import is_leaf
from yiwang.kernel.frameworks.queries import tracks
from yiwang.practices.events.queries.desk import LONGEST_WORDS, TAB_BY_CODE, Mark, Question
from yiwang.practices.events.states import EVENT

LONGEST_CODE = 60
STATES = {state.code: state.label for state in EVENT.states}


def track_choices() -> dict[str, Words]:
    """Every track that a case may stand on; those that have ended say until when."""
    ended = Words("{name}（至 {day}）", "{name} (to {day})")
    return {track.code: track.name if track.until is None
            else ended.filled(name=track.name, day=track.until) for track in tracks()}


@dataclass(slots=True)
class Asked:
    """The question of an address, and what of the address was not understood."""

    question: Question
    wrong: list[Words] = field(default_factory=list)


def question_from(query: QueryDict, *, first_tab: str) -> Asked:
    """Read an address. An unknown value is left out and named in ``wrong``; never an error."""
    asked = Asked(Question(tab=first_tab))
    tab = query.get("tab", "")
    kind = _code(query, "kind", asked)
    question = Question(
        tab=tab if tab in TAB_BY_CODE else first_tab,
        state=_one_of(query, "state", STATES, asked),
        kind=kind, kind_is_leaf=bool(kind) and is_leaf(kind),
        track=_one_of(query, "track", track_choices(), asked),
        area=_area(query, asked),
        team=_team(query, asked),
        channel=_code(query, "channel", asked),
        since=_day(query, "since", asked),
        until=_day(query, "until", asked),
        late=query.get("late") == "1",
        words=" ".join(query.get("q", "").replace("\x00", "").split())[:LONGEST_WORDS],
    )
    if tab and tab not in TAB_BY_CODE:
        _leave_out(asked, tab)
    asked.question = question
    return asked


def _leave_out(asked: Asked, value: str) -> None:
    asked.wrong.append(Words("不认得“{value}”，这一项没有用来筛选。",
                             "“{value}” is not known and was left out of the filter.").filled(
        value=value[:40]))


def _one_of(query: QueryDict, name: str, known: dict[str, Words], asked: Asked) -> str:
    value = query.get(name, "")
    if value and value not in known:
        _leave_out(asked, value)
        return ""
    return value


def _code(query: QueryDict, name: str, asked: Asked) -> str:
    """A kind or channel: letters, digits, dots, slashes, dashes; anything else cannot be one."""
    value = query.get(name, "")
    plain = value.replace("/", "").replace(".", "").replace("-", "").replace("_", "")
    if value and (len(value) > LONGEST_CODE or not plain.isalnum() or not value.isprintable()):
        _leave_out(asked, value)
        return ""
    return value


def _area(query: QueryDict, asked: Asked) -> str:
    value = query.get("area", "")
    if value and not (value.isascii() and value.isdigit() and len(value) <= 18):
        _leave_out(asked, value)
        return ""
    return value


def _team(query: QueryDict, asked: Asked) -> UUID | None:
    value = query.get("team", "")
    try:
        return UUID(value) if value else None
    except ValueError:
        _leave_out(asked, value)
        return None


def _day(query: QueryDict, name: str, asked: Asked) -> date | None:
    value = query.get(name, "")
    if not value:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        _leave_out(asked, value)
        return None
    if not 2000 <= day.year <= 2100:
        _leave_out(asked, value)
        return None
    return day


def address_of(question: Question, **more: str) -> str:
    """The question as the query part of an address, in a fixed order."""
    parts = {
        "tab": question.tab, "state": question.state, "kind": question.kind,
        "track": question.track, "area": question.area, "team": str(question.team or ""),
        "channel": question.channel,
        "since": question.since.isoformat() if question.since else "",
        "until": question.until.isoformat() if question.until else "",
        "late": "1" if question.late else "", "q": question.words, **more,
    }
    return urlencode({name: value for name, value in parts.items() if value})


def is_narrowed(question: Question) -> bool:
    """Whether anything but the tab is asked."""
    return question != Question(tab=question.tab)


def mark_from(query: QueryDict) -> Mark | None:
    """Where a page begins: ``after=<moment>~<id>``; anything else begins at the start."""
    moment, _, id_ = query.get("after", "").partition("~")
    try:
        when = datetime.fromisoformat(moment) if moment else None
        mark = Mark(when, UUID(id_))
    except ValueError:
        return None
    return mark if when is None or when.tzinfo is not None else None


def mark_text(mark: Mark) -> str:
    """The mark as it stands in an address."""
    return f"{mark.moment.isoformat() if mark.moment else ''}~{mark.id}"
