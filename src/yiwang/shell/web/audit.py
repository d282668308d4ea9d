"""The auditor's pages: the trail by person, day and verb, and the same rows as CSV."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, localtime, now

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.actions import record_trail_export
from yiwang.kernel.people.audit import LOOKS, names_of, trail_seen
from yiwang.kernel.people.models import Person
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.records.tables import safe_cell
from yiwang.shell.doors import Asked, door

from .audit_fields import field_words
from .people_forms import AuditForm
from .people_shown import VERBS

PAGE = 50  # rows
WEEK = timedelta(days=6)
CHUNK = 500  # rows a piece of the export

HEADINGS = (
    Words("时间", "time"), Words("谁", "by"), Words("姓名", "name"), Words("动作", "verb"),
    Words("对象", "stream"), Words("序号", "number"), Words("改动", "changes"),
    Words("附记", "note"), Words("摘要", "digest"),
)


@door("trail.read")
def audit(request: Asked) -> HttpResponse:
    """Who did what, newest first."""
    form = _form(request)
    found = _found(request, form)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found.order_by("-id")[: PAGE + 1])
    shown = rows[:PAGE]
    names = names_of([*(row.by for row in shown), *(row.stream for row in shown)])
    asked = request.GET.copy()
    asked.pop("before", None)
    return render(request, "shell/audit/audit.html", {
        "form": form,
        "rows": [(row, names.get(row.by, row.by), names.get(row.stream, row.stream),
                  VERBS.get(row.verb, row.verb), _said(row.changes | row.note))
                 for row in shown],
        "more": shown[-1].pk if len(rows) > PAGE else "",
        "asked": asked.urlencode(), "before": before,
    }, status=422 if form.errors else 200)


@door("trail.read")
def audit_csv(request: Asked) -> HttpResponseBase:
    """All rows of the same search, oldest first, for a spreadsheet."""
    form = _form(request)
    found = _found(request, form)
    if form.errors or not isinstance(request.user, Person):
        return audit(request)
    values = form.cleaned_data
    record_trail_export(
        request.user, since=values["since"], until=values["until"], account=values["account"],
        by=request.actor, at=now(),
    )
    headings = [str(words) for words in HEADINGS]
    answer = StreamingHttpResponse(_lines(headings, found), content_type="text/csv; charset=utf-8")
    name = f"trail-{values['since']}-{values['until']}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _form(request: Asked) -> AuditForm:
    today = localdate()
    asked = request.GET.copy()
    asked.setdefault("since", (today - WEEK).isoformat())
    asked.setdefault("until", today.isoformat())
    return AuditForm(asked)


def _found(request: Asked, form: AuditForm) -> QuerySet[TrailEntry]:
    if not form.is_valid():
        return TrailEntry.objects.none()
    values = form.cleaned_data
    try:
        found = trail_seen(request.actor, values["since"], values["until"])
    except Refusal as refusal:
        form.refuse(refusal)
        return TrailEntry.objects.none()
    if values["account"]:
        person = Person.objects.filter(account=values["account"].strip().lower()).first()
        if person is None:
            form.add_error("account", str(Words("没有这个账号。", "There is no such account.")))
            return TrailEntry.objects.none()
        ref = f"person/{person.pk}"
        found = found.filter(Q(by=ref) | Q(stream=ref))
    if values["looks"]:
        found = found.filter(verb__in=LOOKS)
    return found.filter(verb=values["verb"].strip()) if values["verb"] else found


def _lines(headings: list[str], found: QuerySet[TrailEntry]) -> Iterator[str]:
    yield "\ufeff" + _line(headings)
    batch: list[TrailEntry] = []
    for entry in found.order_by("id").iterator(chunk_size=CHUNK):
        batch.append(entry)
        if len(batch) == CHUNK:
            yield from _rows(batch)
            batch = []
    yield from _rows(batch)


def _rows(batch: list[TrailEntry]) -> Iterator[str]:
    names = names_of(entry.by for entry in batch)
    for entry in batch:
        cells = (
            f"{localtime(entry.at):%Y-%m-%d %H:%M:%S}", entry.by, names.get(entry.by, ""),
            entry.verb, entry.stream, entry.seq, _json(entry.changes), _json(entry.note),
            entry.digest,
        )
        yield _line([safe_cell(cell) for cell in cells])


def _line(cells: list[str]) -> str:
    """One line as ``csv`` writes it, line end included."""
    drawn = StringIO()
    csv.writer(drawn).writerow(cells)
    return drawn.getvalue()


def _said(values: dict[str, object]) -> list[tuple[Words, str]]:
    """What an entry holds, as pairs to show; what is empty is left out."""
    return [
        (field_words(name),
         value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for name, value in sorted(values.items()) if value not in ("", None, {}, [])
    ]


def _json(values: object) -> str:
    return json.dumps(values, ensure_ascii=False) if values else ""
