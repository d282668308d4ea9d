"""What a reader of figures asks: a period, and a part of the rows (a village, a kind, a team …)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.frameworks.queries import on_track
from yiwang.kernel.people.queries import within
from yiwang.kernel.records.metrics import Period

LONGEST = timedelta(days=3 * 366)  # own choice: beyond it a page of figures is a data export

PARTS = {
    "area": Words("区域", "area"),
    "kind": Words("类别", "kind"),
    "track": Words("跑道", "track"),
    "handler": Words("承办单位", "handling team"),
    "holder": Words("谁拿着", "who has it"),
    "channel": Words("来源", "channel"),
    "return": Words("退回类型", "kind of return"),
    "clause": Words("退回依据", "clause"),
}
PLAIN = {"channel": "channel", "return": "facts__returns__0__return_type",
         "clause": "facts__refusals__0__clause"}  # by the column that holds the key


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a figure's rows: all of them, or those with ``key`` in one respect."""

    by: str = ""
    key: str = ""

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of this part; raises ``Refusal`` for a part nobody knows."""
        if not self.by:
            return rows
        if self.by == "area":
            return rows.filter(within(self.key, "area"))
        if self.by == "kind":
            return rows.filter(Q(kind=self.key) | Q(kind__startswith=f"{self.key}."))
        if self.by == "track":
            return on_track(rows, self.key)
        if self.by in PLAIN:
            return rows.filter(**{PLAIN[self.by]: self.key})
        return rows.filter(**{f"{self.by}_id": self._team()})

    def _team(self) -> UUID | None:
        try:
            return UUID(self.key) if self.key else None
        except ValueError:
            raise not_understood("key") from None


WHOLE = Part()


def part_from(query: Mapping[str, str]) -> Part:
    """The part asked for in an address."""
    by, key = query.get("by", ""), query.get("key", "")
    misshapen = (by == "area" and not key.isdigit()) or (by == "track" and "/" not in key)
    if by and (by not in PARTS or misshapen):
        raise not_understood("by")
    return Part(by, key)


def period_from(query: Mapping[str, str], at: datetime) -> Period:
    """The period asked for: ``since`` and ``until`` as dates, else this month so far."""
    usual = Period.month_of(at)
    try:
        since = date.fromisoformat(query["since"]) if query.get("since") else usual.since
        until = date.fromisoformat(query["until"]) if query.get("until") else usual.until
    except ValueError:
        raise not_understood("since") from None
    if until < since or until - since > LONGEST or since.year < 1990:
        raise not_understood("until")
    return Period(since, until, at)


def address_of(period: Period, part: Part = WHOLE) -> str:
    """The query string that asks for this period and part again."""
    asked = {"since": period.since.isoformat(), "until": period.until.isoformat()}
    if part.by:
        asked |= {"by": part.by, "key": part.key}
    return urlencode(asked)


def not_understood(field: str) -> Refusal:
    """What is told about an address whose period or part makes no sense."""
    return Refusal(
        "not_understood",
        Words("时间段或筛选看不懂。", "The period or filter makes no sense."),
        Words("日期写成 2026-11-30，起不晚于止，最长三年。",
              "Write dates as 2026-11-30, the first not after the last, three years at most."),
        field=field,
    )
