"""Reads of the desk: one question asked of the cases in scope, as list, as map and as counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ZONE
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.queries import under, visible_cases
from yiwang.kernel.frameworks.queries import on_track
from yiwang.kernel.people.queries import within
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records.search import find

PRACTICE = "events"
PAGE = 50  # rows of a list
LONGEST_WORDS = 80  # characters of a search
MOST_ON_MAP = 1000  # points the map draws; the page says so when there are more
COUNT_TO = 100  # a tab counts no further: 99+
SOON = timedelta(hours=2)  # "due soon"; own choice, two answers' time of a small office
LIST_COLUMNS = (
    "id", "number", "title", "kind", "area", "channel", "state", "is_open", "due_at", "opened_at",
    "closed_at", "clocks", "refusals", "late", "asking", "version", "longitude", "latitude",
)


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
    """What the question asks whatever the tab; of words found, each is looked up by its id."""
    cases = visible_cases(actor, practice=PRACTICE, walk_teams=not question.words,
                          walk_area=is_walked(question) or bool(question.words))
    if question.words:
        cases = cases.filter(id__in=found(question.words) if ids is None else ids)
    if question.kind:
        cases = cases.alias(walked_kind=Coalesce("kind", Value("")))
    if question.track:
        cases = on_track(cases, question.track)
    return cases.filter(narrowed(question))


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
    """What the filters ask for."""
    asked = Q()
    for column in ("state", "channel"):
        if value := getattr(question, column):
            asked &= Q(**{column: value})
    if question.kind:
        asked &= _of_kind(question)
    if question.area:
        asked &= within(question.area, "area")
    if question.team:
        asked &= Q(handler=question.team)
    if question.late:
        asked &= Q(late=True)
    return asked & _opened(question)


def _of_kind(question: Question) -> Q:
    """A leaf of finished cases by its index, in order; else the list's own order is walked."""
    if question.kind_is_leaf and not question.by_due:
        return Q(kind=question.kind)
    return under(question.kind, "walked_kind")


def _opened(question: Question) -> Q:
    asked = Q()
    if question.since:
        asked &= Q(opened_at__gte=_midnight(question.since))
    if question.until:
        asked &= Q(opened_at__lt=_midnight(question.until) + timedelta(days=1))
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
    read = _by_due if question.by_due else _newest
    rows = read(cases, after, most + 1)
    return rows[:most], len(rows) > most


def _by_due(cases: QuerySet[Case], after: Mark | None, most: int) -> list[Case]:
    """By due time; those whose clocks all stand still come last."""
    rows: list[Case] = []
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


def _newest(cases: QuerySet[Case], after: Mark | None, most: int) -> list[Case]:
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
