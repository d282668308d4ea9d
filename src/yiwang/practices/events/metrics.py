"""The figures of daily events: each with its definition, in words and in Ibis, and its respects."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.queries import visible_cases
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records.metrics import Metric, Way

from .states import STATES

OTHER_ENDS = tuple(state.code for state in STATES if state.final and state.code != "closed")
PIECES = Words("件", "{n:case|cases}")
PER_CENT = Words("%", "%")
STARS = Words("星", "{n:star|stars}")


def _reach(reader: Actor, by_day: bool) -> QuerySet[Case]:
    """The reader's cases; ``by_day`` leaves the day's index alone to find them."""
    return visible_cases(reader, practice="events", capability="figures.view",
                         walk_area=by_day, walk_teams=by_day)


def _sent_back(reader: Actor, by_day: bool) -> QuerySet[Case]:
    """Those a check sent back: a step recorded it, the lake does not know."""
    return _reach(reader, by_day).filter(facts__has_key="returns")


def _open(cases: Any, at: datetime) -> Any:
    return cases.is_open


def _overdue(cases: Any, at: datetime) -> Any:
    return cases.is_open & (cases.late | (cases.due_at < at))


def _closed(cases: Any, at: datetime) -> Any:
    """Cases that came to a real end: repeats and unreasonable requests stay out."""
    # Not ``state == "closed"``: SQLite would gather every closed case of all years by that index.
    return cases.counted & cases.state.notin(OTHER_ENDS)


def _scored(cases: Any, at: datetime) -> Any:
    return _closed(cases, at) & ~cases.late_excused


def _rated(cases: Any, at: datetime) -> Any:
    return _closed(cases, at) & cases.stars.notnull()


METRICS: tuple[Metric, ...] = (
    Metric("events.open", Words("在办", "open"),
           Words("现在还没有结案的事件", "events not closed yet, now"), PIECES, _reach, _open,
           by=("area", "track", "holder")),
    Metric("events.overdue", Words("超时未结", "overdue"),
           Words("在办事件中，处置超时或眼下这一步超时的",
                 "open events whose handling term or present step is overdue"),
           PIECES, _reach, _overdue, by=("area", "track", "holder"), bad_when_above=Decimal(0)),
    Metric("events.opened", Words("新收", "received"),
           Words("期内上报的事件，含并案的重复件",
                 "events reported in the period, repeats included"),
           PIECES, _reach, on="opened_at", by=("area", "track", "kind")),
    Metric("events.joined", Words("并案率", "joined to another"),
           Words("期内上报的事件中并入另一件的占比，含居民自己点“我也遇到”的",
                 "share of events reported in the period that were joined to another one, those "
                 "included whose reporter pressed “me too”"),
           PER_CENT, _reach, on="opened_at",
           way=Way.SHARE, hit=lambda cases, at: cases.state.isin(("merged",))),
    Metric("events.closed", Words("办结", "closed"),
           Words("期内结案的事件，不含并案与不合理诉求",
                 "events closed in the period, without repeats and unreasonable requests"),
           PIECES, _reach, _closed, on="closed_at", by=("handler",)),
    Metric("events.in_time", Words("按时办结率", "closed in time"),
           Words("期内结案事件中处置没有超时的占比；申诉成立的不计入",
                 "share of events closed in the period whose handling term was kept; "
                 "those excused on appeal are left out"),
           PER_CENT, _reach, _scored, on="closed_at", by=("area", "track", "handler"),
           way=Way.SHARE, hit=lambda cases, at: ~cases.late),
    Metric("events.refused", Words("退回过的占比", "refused at least once"),
           Words("期内结案事件中被承办单位退回过的占比",
                 "share of events closed in the period that a team refused at least once"),
           PER_CENT, _reach, _closed, on="closed_at",
           way=Way.SHARE, hit=lambda cases, at: cases.refusals > 0),
    Metric("events.advice_taken", Words("建议被采纳", "suggestions taken"),
           Words("期内新收、由人派单且当时有建议的事件中，派给首个建议单位的占比；其余是另选了单位",
                 "share of events received in the period and dispatched by a person with a "
                 "suggestion at hand that went to the first unit suggested; for the others another "
                 "was chosen"),
           PER_CENT, _reach, lambda cases, at: cases.advice__taken.notnull(), on="opened_at",
           way=Way.SHARE, hit=lambda cases, at: cases.advice__taken),
    Metric("events.advice_returned", Words("采纳后被退回", "suggestions taken, then refused"),
           Words("期内新收、照建议派出的事件中，承办单位退回过的占比",
                 "share of events received in the period and dispatched as suggested that a team "
                 "then refused"),
           PER_CENT, _reach, lambda cases, at: cases.advice__taken, on="opened_at",
           way=Way.SHARE, hit=lambda cases, at: cases.refusals > 0),
    Metric("events.reopened", Words("重开率", "reopened"),
           Words("期内结案事件中曾被反映人要求再办的占比",
                 "share of events closed in the period that the reporter had reopened"),
           PER_CENT, _reach, _closed, on="closed_at",
           way=Way.SHARE, hit=lambda cases, at: cases.reopenings > 0),
    Metric("events.stars", Words("满意度", "satisfaction"),
           Words("期内结案且有评价的事件，评价的平均星数",
                 "mean stars of events closed in the period and rated by their reporter"),
           STARS, _reach, _rated, on="closed_at", way=Way.MEAN, column="stars"),
    Metric("events.closed_in_time", Words("按时办结", "closed within the term"),
           Words("期内结案事件中处置没有超时的；申诉成立的不计入",
                 "events closed in the period whose handling term was kept; "
                 "those excused on appeal are left out"),
           PIECES, _reach, lambda cases, at: _scored(cases, at) & ~cases.late, on="closed_at",
           on_board=False),
    Metric("events.closed_late", Words("超时办结", "closed late"),
           Words("期内结案事件中处置超时的；申诉成立的不计入",
                 "events closed in the period whose handling term was missed; "
                 "those excused on appeal are left out"),
           PIECES, _reach, lambda cases, at: _scored(cases, at) & cases.late, on="closed_at",
           on_board=False),
    Metric("events.returned", Words("退回重办", "sent back"),
           Words("期内结案事件中曾被核查退回重办的；一件多次退回的，按第一次的类型计一件",
                 "events closed in the period that a check sent back to be redone; one sent back "
                 "more than once counts once, under its first type"),
           PIECES, _sent_back, _closed, on="closed_at", on_board=False),
    Metric("events.refused_once", Words("承办单位退回", "refused by a unit"),
           Words("期内结案事件中被承办单位退回过的；一件多次退回的，按第一次的依据计一件",
                 "events closed in the period that a unit refused at least once; one refused more "
                 "than once counts once, under its first clause"),
           PIECES, _reach, lambda cases, at: _closed(cases, at) & (cases.refusals > 0),
           on="closed_at", on_board=False),
)
