"""How many households a cell should hold, from a day to a day: what ships, then a town's own."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal, source_missing
from yiwang.kernel.records import trail

from .actions import Author
from .models import SizeNorm
from .rules import SizeNorms

STREAM = "norms/cells"


def norms_on(day: date) -> SizeNorms:
    """The norms of that day; one query."""
    row = SizeNorm.objects.filter(since__lte=day).order_by("-since").first()
    if row is None:
        return SizeNorms()
    bounds: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value
                              for name, value in row.bounds.items()}
    return SizeNorms(**bounds, source=row.source)


def set_norms(norms: SizeNorms, since: date, *, by: Author, at: datetime) -> SizeNorm:
    """Measure by these from a day on, today at the earliest; one set of norms a day.

    Who may is asked by the caller: roles live in a higher package.
    """
    if not norms.source.strip():
        raise source_missing()
    if since < localdate(at):
        raise Refusal("in_the_past", Words("不能从过去的日子起改。",
                                           "It cannot be changed from a day in the past."),
                      Words("选今天或以后。", "Choose today or later."), field="since")
    bounds = asdict(norms)
    source = bounds.pop("source").strip()
    try:
        with transaction.atomic():
            row = SizeNorm.objects.create(since=since, bounds=bounds, source=source)
            trail.append(STREAM, verb="set_norms", by=by.ref, at=at,
                         changes={"since": since, **bounds, "source": source})
    except IntegrityError:
        raise Refusal("norms_that_day", Words("这一天已经定过宜有户数。",
                                              "The norms of that day are set already."),
                      Words("选另一天。", "Choose another day."), field="since") from None
    return row
