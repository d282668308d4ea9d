"""The countings a report is made of, one metric of one month at a time, so that any can be shown
to be the metric's own number; and what has been counted, read back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import F
from django.db.models.fields.json import KT
from django.db.models.functions import Substr

from yiwang.kernel.cases.names import VILLAGE
from yiwang.kernel.frameworks.queries import TrackSheet
from yiwang.kernel.people.rules import Actor, covers
from yiwang.kernel.practice import practices
from yiwang.kernel.records.metrics import Figure, Period, parts_of

from .months import Month, year_up_to

FLOW = ("opened", "closed", "in_time")  # told for thirteen months
MORE = ("closed_in_time", "closed_late", "returned", "refused_once", "reopened", "stars")
STOCK = ("open", "overdue")
RESPECTS: dict[str, tuple[str, ...]] = {
    "opened": ("area", "kind", "track", "channel"), "closed": ("area", "track", "handler"),
    "in_time": ("area", "track", "handler"), "closed_in_time": ("handler",),
    "closed_late": ("handler",), "returned": ("return", "handler_return"),
    "refused_once": ("clause",),
}  # of the report's own month
EARLIER: dict[str, tuple[str, ...]] = {"opened": ("kind",)}  # of the month before
# A case sent back or refused more than once counts under the first type or clause.
FIRST_RETURN = KT("facts__returns__0__return_type")
FIRST_CLAUSE = KT("facts__refusals__0__clause")
BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class Step:
    """One metric of one month."""

    metric: str
    month: Month

    def __str__(self) -> str:
        return f"{self.metric}@{self.month}"


def steps_of(practice: str, month: Month) -> list[Step]:
    """Everything a report counts, in order."""
    window = year_up_to(month)
    told = {metric.code.rpartition(".")[2] for metric in practices[practice].metrics}
    wanted = [Step(metric, one) for one in window for metric in FLOW]
    wanted += [Step(metric, one) for metric in MORE for one in (month, month.later(-1), window[0])]
    wanted += [Step(metric, month) for metric in STOCK]
    return [step for step in wanted if step.metric in told]


def count(reader: Actor, practice: str, step: Step, *, month: Month, at: datetime) -> Any:
    """One counting of a report of ``month``, as plain data; ``reader`` sees no more than is theirs.
    """
    metric = practices.metric(f"{practice}.{step.metric}")
    period = period_of(step.month, at)
    wanted: tuple[str, ...] = ()
    if step.month == month:
        wanted = RESPECTS.get(step.metric, ())
    elif step.month == month.later(-1):
        wanted = EARLIER.get(step.metric, ())
    sheet = TrackSheet() if "track" in wanted else None
    columns = {name: column for by in wanted for name, column in _columns(by, sheet).items()}
    respects = {by: partial(_key, by, sheet) for by in wanted}
    found = parts_of(metric, metric.rows(reader, period), columns, respects, period)
    return {**_plain(found.whole), "by": {
        by: {key: _plain(figure) for key, figure in some.items()}
        for by, some in found.by.items()}}


def period_of(month: Month, at: datetime) -> Period:
    """The days of the month; of a month not over, as far as it has come."""
    return Period(month.first, max(month.first, min(month.last, at.date())), at)


def narrowed(reader: Actor, area: str) -> Actor:
    """The reader, seeing nothing outside ``area``."""
    grants = tuple(
        grant if grant.area.startswith(area) else replace(grant, area=area)
        for grant in reader.grants if grant.area.startswith(area) or covers(grant.area, area))
    return replace(reader, grants=grants)


def began(reader: Actor, practice: str, *, at: datetime) -> Month | None:
    """The month of the earliest case; before it, nothing is on record."""
    opened = practices.metric(f"{practice}.opened")
    rows = opened.rows(reader, Period(at.date().replace(year=1990, month=1, day=1), at.date(), at))
    first = rows.order_by("opened_at").values_list("opened_at", flat=True).first()
    return Month.holding(first.astimezone(at.tzinfo).date()) if first else None


def _columns(by: str, sheet: TrackSheet | None) -> dict[str, Any]:
    if sheet is not None and by == "track":
        return {"by_kind": F("kind"), "by_era": sheet.era}
    made = {"area": Substr("area", 1, VILLAGE), "return": FIRST_RETURN, "clause": FIRST_CLAUSE}
    return {f"by_{part}": made.get(part, F(part)) for part in by.split("_")}


def _key(by: str, sheet: TrackSheet | None, group: Mapping[str, Any]) -> str:
    if sheet is not None and by == "track":
        return sheet.track_of(group["by_kind"], group["by_era"])
    return BETWEEN.join(str(group[f"by_{part}"] or "") for part in by.split("_"))


def _plain(figure: Figure) -> dict[str, Any]:
    return {"value": None if figure.value is None else str(figure.value), "n": figure.rows}


class Counted:
    """What has been counted for a report."""

    def __init__(self, found: Mapping[str, Any], month: Month, first: Month | None) -> None:
        self._found, self.month, self._first = found, month, first

    def value(self, metric: str, month: Month | None = None) -> Decimal | None:
        """The number; None where there are no rows, or nothing was on record yet."""
        month = month or self.month
        if not self.on_record(month):
            return None
        value = self._found[str(Step(metric, month))]["value"]
        return None if value is None else Decimal(value)

    def whole(self, metric: str, month: Month | None = None) -> int:
        """A count, 0 for none."""
        return int(self.value(metric, month) or 0)

    def by(self, metric: str, respect: str, month: Month | None = None) -> dict[str, Decimal]:
        """The numbers of every part that has one."""
        parts = self._found[str(Step(metric, month or self.month))]["by"][respect]
        return {key: Decimal(one["value"]) for key, one in parts.items()
                if one["value"] is not None}

    def counts(self, metric: str, respect: str, month: Month | None = None) -> dict[str, int]:
        """The same for a count."""
        return {key: int(value) for key, value in self.by(metric, respect, month).items()}

    def on_record(self, month: Month) -> bool:
        """Whether there was a case by then."""
        return self._first is not None and month >= self._first

    def is_whole(self, month: Month) -> bool:
        """Whether the month was on record from its first day; the first one hardly ever is."""
        return self._first is not None and month > self._first

    def months(self) -> Iterator[Month]:
        """The months of the line that are on record."""
        return (month for month in year_up_to(self.month) if self.on_record(month))
