"""A number opened into its rows: the same rows on the page, in the export and behind the number."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.closing import RETURN_TYPES
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import area_words, channel_words, kind_words, team_words, unit_names
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.frameworks.queries import track_words
from yiwang.kernel.people.actions import record_export
from yiwang.kernel.people.rules import can_somewhere
from yiwang.kernel.practice import practices
from yiwang.kernel.records.metrics import Figure, Metric, Period, figure_of
from yiwang.kernel.reports.names import clauses_of

from ..doors import Asked, door
from ..figures import PARTS, Part, address_of, part_from, period_from
from ..replica import may_lag
from .account import me
from .figure_files import as_csv, as_xlsx, head_of

PAGE = 50
AT_ONCE = 2000  # rows read from the database at a time for a file

HEADINGS: tuple[Words, ...] = (
    Words("编号", "number"), Words("标题", "title"), Words("类别", "kind"), Words("区域", "area"),
    Words("来源", "channel"), Words("状态", "state"), Words("上报", "reported"),
    Words("结案", "closed"), Words("承办单位", "handling team"), Words("超时", "late"),
    Words("申诉成立", "excused"), Words("退回次数", "refusals"), Words("重开次数", "reopenings"),
    Words("星", "stars"),
)


def metric_of(code: str) -> Metric:
    """The figure by code; a page that does not exist otherwise."""
    try:
        return practices.metric(code)
    except KeyError:
        raise Http404(code) from None


def asked_rows(request: Asked, code: str) -> tuple[Figure, Any, Part]:
    """The number and its rows, for the period, part and reader of the request."""
    metric = metric_of(code)
    period = period_from(request.GET, timezone.localtime())
    part = part_from(request.GET)
    rows = part.of(metric.rows(request.actor, period))
    return figure_of(metric, rows, period), rows.select_related("handler"), part


@door("figures.view")
@may_lag
def figure_page(request: Asked, code: str) -> HttpResponse:
    """The number, what it means, and its rows, newest first."""
    figure, rows, part = asked_rows(request, code)
    shown = list(_after(rows, request.GET.get("after", "")).order_by("-opened_at", "-id")
                 [: PAGE + 1])
    more = shown[PAGE - 1] if len(shown) > PAGE else None
    units = unit_names(case.area for case in shown)
    return render(request, "shell/figures/rows.html", {
        "figure": figure, "part": part_words(part), "query": address_of(figure.period, part),
        "rows": [(case, kind_words(case.kind), area_words(case.area, units), state_words(case),
                  team_words(case.handler) if case.handler else "",
                  is_late(case, figure.period.at)) for case in shown[:PAGE]],
        "period": period_words(figure.period),
        "as_of": figure.period.at.strftime("%Y-%m-%d %H:%M"),
        "after": f"{more.opened_at.isoformat()}~{more.id}" if more else "",
        "may_export": can_somewhere(request.actor, "figures.export"),
    })


def _after(rows: Any, mark: str) -> Any:
    """Rows older than the last one shown; a mark that makes no sense begins anew."""
    from django.db.models import Q

    moment, _, last = mark.partition("~")
    try:
        at, key = datetime.fromisoformat(moment), UUID(last)
    except ValueError:
        return rows
    return rows.filter(Q(opened_at__lt=at) | Q(opened_at=at, id__lt=key))


@door("figures.export")
def figure_file(request: Asked, code: str, form: str) -> HttpResponseBase:
    """The same rows as a file."""
    figure, _rows, part = asked_rows(request, code)
    exported = part.of(figure.metric.rows(request.actor, figure.period))
    record_export(me(request), f"figure/{code}", form=form, since=figure.period.since,
                  until=figure.period.until, part=part.key, by=request.actor, at=timezone.now())
    lines = _lines(figure, exported.select_related("handler"), part)
    name = f"{code}-{figure.period.since}-{figure.period.until}"
    return as_xlsx(name, lines) if form == "xlsx" else as_csv(name, lines)


def _lines(figure: Figure, rows: Any, part: Part) -> Iterator[list[Any]]:
    yield from head_of(figure, str(part_words(part)))
    yield [str(heading) for heading in HEADINGS]
    for case in rows.order_by("-opened_at", "-id").iterator(chunk_size=AT_ONCE):
        yield _line(case, figure.period.at)


def is_late(case: Case, at: datetime) -> bool:
    """Whether its handling was late or, while it is open, its present step is: as the figure."""
    return case.late or bool(case.is_open and case.due_at and case.due_at < at)


def _line(case: Case, at: datetime) -> list[Any]:
    yes = Words("是", "yes")
    return [
        case.number, case.title, str(kind_words(case.kind)), case.area,
        str(channel_words(case.channel)), str(state_words(case)), _moment(case.opened_at),
        _moment(case.closed_at), str(team_words(case.handler)) if case.handler else "",
        str(yes) if is_late(case, at) else "", str(yes) if case.late_excused else "", case.refusals,
        case.reopenings, case.stars,
    ]


def _moment(at: datetime | None) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def state_words(case: Case) -> Words:
    """What the case's playbook calls its state."""
    return load(case.playbook, case.playbook_version).state(case.state).label


def part_words(part: Part) -> Words:
    """The part in words, for a heading."""
    if not part.by:
        return Words("", "")
    name = {"area": lambda: area_words(part.key, unit_names([part.key])),
            "kind": lambda: kind_words(part.key),
            "track": lambda: track_words(part.key),
            "channel": lambda: channel_words(part.key),
            "return": lambda: dict(RETURN_TYPES).get(part.key, Words(part.key, part.key)),
            "clause": lambda: clause_words(part.key)}.get(part.by, lambda: _team_words(part.key))()
    return Words("{by}：{name}", "{by}: {name}").filled(by=PARTS[part.by], name=name)


def clause_words(key: str) -> Words:
    """What a unit refused by, as any practice's playbook lists it."""
    return next((found for practice in practices
                 if (found := clauses_of(practice.code).get(key))), Words(key, key))


def _team_words(key: str) -> Words:
    from yiwang.kernel.cases.names import team_names

    names = team_names([UUID(key)]) if key else {}
    return names.get(key, Words("指挥室", "command room"))


def period_words(period: Period) -> Words:
    """The period in words."""
    return Words("{since} 至 {until}", "{since} to {until}").filled(
        since=period.since, until=period.until)
