"""Figures through the API: what each means, and its number for a period and a part."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.utils.timezone import localtime
from ninja import Query, Router, Schema

from yiwang.kernel.practice import practices
from yiwang.kernel.records.metrics import Metric, figure_of
from yiwang.shell.figures import part_from, period_from

from .keyed import by_of, operation
from .problems import not_found
from .shapes import Moment, Text, field

router = Router(tags=["figures"])
READ = ("figures:read", "figures.view")


class Definition(Schema):
    """What a figure is."""

    code: str
    title: str
    definition: str
    unit: str
    way: str = field("count 计数、share 百分比、mean 平均", "count, share (per cent) or mean")
    is_stock: bool = field("查看当时的存量，与期间无关", "what there is now, whatever the period")


class Definitions(Schema):
    """All figures that there are."""

    items: list[Definition]


class FigureOut(Definition):
    """A number, of what, for which days, and when it was looked at."""

    value: float | None = field("空：没有可算的", "null: there is nothing to work it out of")
    rows: int = field("背后有几件", "how many rows are behind it")
    since: str
    until: str
    as_of: Moment


class FigureAsked(Schema):
    """The period and the part; without them this month so far, and the whole."""

    since: date | None = field("起", "from", None)
    until: date | None = field("止（含）", "to, included", None)
    by: Literal["area", "kind", "track", "handler", "holder"] | None = field(
        "按哪一方面取一部分", "the respect in which a part is taken", None)
    key: Text = field("那一部分的代码", "the code of the part", "", max_length=60)


@router.get("/figures", response=Definitions, **operation(
    "figures", "有哪些指标", "which figures there are", gate=READ))
def list_figures(request: HttpRequest) -> Definitions:
    """Every figure with its definition."""
    return Definitions(items=[
        Definition(**_definition(metric)) for practice in practices for metric in practice.metrics])


@router.get("/figures/{str:code}", response=FigureOut, **operation(
    "figure", "一个指标的数", "the number of a figure", problems=(404, 422), gate=READ))
def read_figure(request: HttpRequest, code: str, asked: Query[FigureAsked]) -> FigureOut:
    """The number that the cockpit shows its reader, over what the key's person may see."""
    try:
        metric = practices.metric(code)
    except KeyError:
        raise not_found() from None
    said = {name: str(value) for name, value in asked.model_dump().items() if value}
    period, part = period_from(said, localtime()), part_from(said)
    figure = figure_of(metric, part.of(metric.rows(by_of(request), period)), period)
    value = None if figure.value is None else float(figure.value)
    return FigureOut(
        **{**_definition(metric), "unit": str(figure.unit)}, value=value, rows=figure.rows,
        since=period.since.isoformat(), until=period.until.isoformat(), as_of=period.at)


def _definition(metric: Metric) -> dict[str, Any]:
    return {"code": metric.code, "title": str(metric.title), "way": str(metric.way),
            "definition": str(metric.definition), "unit": str(metric.unit.filled(n=2)),
            "is_stock": metric.is_stock}
