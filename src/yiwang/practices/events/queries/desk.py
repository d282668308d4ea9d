"""Reads of the desk: one question asked of the cases in scope, as list, as map and as counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ZONE
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.queries import Unindexed, under, visible_cases
from yiwang.kernel.frameworks.queries import near_track, on_track
from yiwang.kernel.people.queries import within
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records.search import find

PRACTICE = "events"
PAGE = 50  # rows of a list
LONGEST_WORDS = 80  # characters of a search
MOST_ON_MAP = 1000  # points the map draws; the page says so when there are more
WIDE = 10_000  # cases of an area; counted along an index, and sorted where there are fewer
COUNT_TO = 100  # a tab counts no further: 99+
SOON = timedelta(hours=2)  # "due soon"; own choice, two answers' time of a small office
LIST_COLUMNS = (
    "id", "number", "title", "kind", "area", "channel", "state", "is_open", "due_at", "opened_at",
    "closed_at", "clocks", "refusals", "late", "asking", "version", "longitude", "latitude",
)


# Columns to be looked at row by row (kernel/cases/queries.py).
LOOKED_AT = {name: Unindexed(F(column)) for name, column in {
    "kind": "kind", "state": "state", "channel": "channel", "handler": "handler_id",
    "late": "late", "opened_at": "opened_at"}.items()}


@dataclass(frozen=True, slots=True)
class Tab:
    """A question most desks ask; ``by_due``: in the order of what falls due, else newest first."""

    code: str
    title: Words
    by_due: bool = True


TABS: tuple[Tab, ...] = (
    Tab("dispatch", Words("待派", "To dispatch")),
    Tab("returned", Words("退回待裁", "Returned")),
    Tab("soon", Words("将到期", "Due soon")),
    Tab("overdue", Words("已超时", "Overdue")),
    Tab("asking", Words("待审批", "To sign")),
    Tab("mine", Words("我的", "Mine")),
    Tab("open", Words("全部在办", "All open")),
    Tab("closed", Words("已结", "Closed"), by_due=False),
)
TAB_BY_CODE = {tab.code: tab for tab in TABS}


@dataclass(frozen=True, slots=True)
class Question:
    """What a desk asks; empty parts do not narrow. Days are of the opening, both included."""

    tab: str = "dispatch"
    state: str = ""
    kind: str = ""
    kind_is_leaf: bool = False
    track: str = ""
    area: str = ""
    team: UUID | None = None
    channel: str = ""
    since: date | None = None
    until: date | None = None
    late: bool = False
    words: str = ""

    @property
    def by_due(self) -> bool:
        """Whether the list is in the order of what falls due."""
        return TAB_BY_CODE[self.tab].by_due


@dataclass(frozen=True, slots=True)
class Mark:
    """The last row of a page: the next page begins after it. ``moment`` None: no clock runs."""

    moment: datetime | None
    id: UUID


def cases_of(
    question: Question, actor: Actor, *, at: datetime, ids: list[UUID] | None = None
) -> QuerySet[Case]:
    """The cases that answer the question, in the actor's scope; without an order.

    ``ids``: what :func:`found` has given for the question's words, where it is known already.
    """
    return _in_scope(question, actor, ids).filter(in_tab(question.tab, actor, at))


def _in_scope(question: Question, actor: Actor, ids: list[UUID] | None) -> QuerySet[Case]:
    """What the question asks whatever the tab; of words found, each is looked up by its id.

    Finished cases are found by an index of what was asked, or by walking the list's own order where
    that is much of all. Open ones are few: what else is asked is looked at one by one.
    """
    cases = visible_cases(actor, practice=PRACTICE, walk_teams=not question.words,
                          walk_area=is_walked(question) or bool(question.words))
    cases = cases.alias(**{f"looked_{name}": column for name, column in LOOKED_AT.items()})
    if question.words:
        cases = cases.filter(id__in=found(question.words) if ids is None else ids)
    if question.track:
        cases = on_track(cases, question.track).filter(_near(question))
    return cases.filter(_in_area(question), narrowed(question))


def _near(question: Question) -> Q:
    near = near_track(question.track) if is_walked(question) else Q()
    return Q() if is_wide(near) else near


def _in_area(question: Question) -> Q:
    if not question.area:
        return Q()
    inside = within(question.area, "area")
    hidden = is_walked(question) and is_wide(inside)
    return within(question.area, "walked_area") if hidden else inside


def is_wide(asked: Q) -> bool:
    """Whether so many cases are of that area or kind that walking the list finds a page sooner."""
    return bool(asked) and Case.objects.filter(asked).values("kind")[:WIDE].count() == WIDE


def is_walked(question: Question) -> bool:
    """Whether the list is found fastest by walking its order: finished cases of all the scope."""
    return not question.by_due and not question.words


def found(words: str) -> list[UUID]:
    """Ids of the newest cases with these words; a bare serial also with its zeros."""
    ids = find(words)
    if words.isascii() and words.isdigit() and len(words) < 6:
        ids += find(words.zfill(6))
    return ids


def in_tab(code: str, actor: Actor, at: datetime) -> Q:
    """What a tab asks for."""
    open_ = Q(is_open=True)
    match code:
        case "dispatch":
            return open_ & Q(state="reported")
        case "returned":
            return open_ & (Q(state="disputed") | Q(state="reported", refusals__gt=0))
        case "soon":
            return open_ & Q(due_at__gte=at, due_at__lt=at + SOON)
        case "overdue":
            return open_ & (Q(due_at__lt=at) | Q(late=True))  # as the figure events.overdue
        case "asking":
            return Q(asking__gt="")
        case "mine":
            return open_ & Q(holder__in=actor.teams)
        case "closed":
            return Q(is_open=False)
        case _:
            return open_


def narrowed(question: Question) -> Q:
    """What the filters ask for, but for area and track."""
    by = "" if is_walked(question) else "looked_"
    asked = Q()
    for column in ("state", "channel"):
        if value := getattr(question, column):
            asked &= Q(**{by + column: value})
    if question.kind:
        asked &= _of_kind(question)
    if question.team:
        asked &= Q(**{f"{by}handler": question.team})
    if question.late:
        asked &= Q(**{f"{by}late": True})
    return asked & _opened(question, f"{by}opened_at")


def _of_kind(question: Question) -> Q:
    """A leaf of finished cases by its index, in order; else the list's own order is walked."""
    if question.kind_is_leaf and not question.by_due:
        return Q(kind=question.kind)
    return under(question.kind, "looked_kind")


def _opened(question: Question, column: str) -> Q:
    asked = Q()
    if question.since:
        asked &= Q(**{f"{column}__gte": _midnight(question.since)})
    if question.until:
        asked &= Q(**{f"{column}__lt": _midnight(question.until) + timedelta(days=1)})
    return asked


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


def page_of(
    question: Question, actor: Actor, *, at: datetime, after: Mark | None = None, most: int = PAGE,
    ids: list[UUID] | None = None,
) -> tuple[list[Case], bool]:
    """One page in order, and whether more follow. Two queries at most, each a range of an index."""
    cases = cases_of(question, actor, at=at, ids=ids).select_related("holder").only(
        *LIST_COLUMNS, "holder__name", "holder__name_en")
    rows = _read(cases, question, after, most + 1)
    return rows[:most], len(rows) > most


def spots_of(
    question: Question, actor: Actor, columns: Sequence[str], *, at: datetime
) -> tuple[list[tuple[Any, ...]], bool]:
    """The same rows from the first on, as plain columns, to the bound of the map."""
    cases = cases_of(question, actor, at=at).values_list(*columns)
    rows = _read(cases, question, None, MOST_ON_MAP + 1)
    return rows[:MOST_ON_MAP], len(rows) > MOST_ON_MAP


def _read(
    cases: "QuerySet[Case, Any]", question: Question, after: Mark | None, most: int
) -> list[Any]:
    return (_by_due if question.by_due else _newest)(cases, after, most)


def _by_due(cases: "QuerySet[Case, Any]", after: Mark | None, most: int) -> list[Any]:
    """By due time; those whose clocks all stand still come last."""
    rows: list[Any] = []
    if after is None or after.moment is not None:
        timed = cases.filter(due_at__isnull=False).order_by("due_at", "id")
        if after is not None:
            timed = timed.filter(due_at__gte=after.moment).filter(
                Q(due_at__gt=after.moment) | Q(id__gt=after.id))
        rows = list(timed[:most])
    if len(rows) < most:
        still = cases.filter(due_at__isnull=True).order_by("id")
        if after is not None and after.moment is None:
            still = still.filter(id__gt=after.id)
        rows += still[: most - len(rows)]
    return rows


def _newest(cases: "QuerySet[Case, Any]", after: Mark | None, most: int) -> list[Any]:
    ordered = cases.order_by("-opened_at", "-id")
    if after is not None and after.moment is not None:
        ordered = ordered.filter(opened_at__lte=after.moment).filter(
            Q(opened_at__lt=after.moment) | Q(id__lt=after.id))
    return list(ordered[:most])


def mark_of(case: Case, question: Question) -> Mark:
    """The mark that the next page begins after."""
    return Mark(case.due_at if question.by_due else case.opened_at, case.id)


def tab_counts(
    question: Question, actor: Actor, tabs: Sequence[str], *, at: datetime,
    ids: list[UUID] | None = None,
) -> dict[str, int]:
    """How many answer each tab with the same filters: one walk over what is open, and one over
    what waits for a signature (an appeal may be of a closed case).
    """
    scope = _in_scope(replace(question, tab="open"), actor, ids).order_by()
    of_open = [tab for tab in tabs if tab not in ("asking", "closed")]
    counts: dict[str, int] = scope.filter(is_open=True).aggregate(
        **{tab: Count("pk", filter=in_tab(tab, actor, at)) for tab in of_open}
    )
    if "asking" in tabs:
        counts["asking"] = scope.filter(in_tab("asking", actor, at))[:COUNT_TO].count()
    return counts
