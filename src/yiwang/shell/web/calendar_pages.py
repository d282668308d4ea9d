"""The working calendar: a year at a glance, its announcement, one day, and deadlines tried out."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, localtime, now
from django.views.decorators.cache import never_cache

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import (
    TermError,
    YearFile,
    derivation,
    due_words,
    parse_year_file,
)
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.calendar_actions import (
    MARK,
    announce,
    changes_by,
    effect_of,
    set_day,
    stamp_of_year,
)
from yiwang.kernel.cases.models import CalendarYear, Case
from yiwang.kernel.cases.queries import visible_cases
from yiwang.kernel.cases.timers import recompute_provisional
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.practice import practices
from yiwang.shell.doors import Asked, door

from .calendar_pages_forms import DayForm, TryForm, YearFileForm
from .calendar_pages_shown import WEEKDAYS, change_rows, listed_runs, months_of
from .read import stamp_seen
from .rules_pages_shown import source_words

FIRST_YEAR, LAST_YEAR = 2000, 2199  # what a year file may hold


@door("calendar.edit")
def calendar(request: Asked) -> HttpResponse:
    """This year; with a question for the try-out box, its answer too."""
    return _page(request, localdate().year)


@door("calendar.edit")
def calendar_year(request: Asked, year: int) -> HttpResponse:
    """One year, its days of rest and make-up workdays."""
    return _page(request, checked_year(year))


@never_cache
@door("calendar.edit")
def calendar_announce(request: Asked, year: int) -> HttpResponse:
    """A year's announcement: first what it would change, then the announcing."""
    checked_year(year)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = YearFileForm(sent[0], files=sent[1])
    if request.method == "POST" and form.is_valid():
        try:
            return _announcing(request, year, form)
        except TermError as wrong:
            form.add_error("text", str(wrong))
        except Refusal as refusal:
            form.refuse(refusal)
    return _announce_page(request, year, form)


def _announcing(request: Asked, year: int, form: YearFileForm) -> HttpResponse:
    content = form.content()
    file = parse_year_file(content)
    if file.year != year:
        raise Refusal("other_year", Words(
            "文件说的是 {there} 年，这一页是 {here} 年。",
            "The file is of {there}, this page of {here}.").filled(there=file.year, here=year),
            field="text")
    if request.POST.get("do") != "announce":
        return _previewed(request, form, file, content)
    at = now()
    try:
        announce(file, by=request.actor, at=at, seen=stamp_seen(request))
    except SomebodyElseDecided as refusal:
        form.refuse(refusal)
        return _previewed(request, form, file, content, status=409)
    moved = recompute_provisional(at=at)
    said = Words("{year} 年已公布，{n} 件的期限已重算。",
                 "{year} is announced; {n} {n:deadline was|deadlines were} counted again.")
    messages.success(request, str(said.filled(year=year, n=moved)))
    return redirect("calendar-year", year)


def _previewed(
    request: Asked, form: YearFileForm, file: YearFile, content: str, *, status: int = 200
) -> HttpResponse:
    effect = effect_of(file.merged(calendar_now()), provisional_cases(request.actor))
    return _announce_page(request, file.year, form, status=status, preview={
        "file": file, "changes": change_rows(changes_by(file)), "effect": effect,
        "content": content})


def _announce_page(
    request: Asked, year: int, form: YearFileForm, *, status: int = 0,
    preview: dict[str, object] | None = None,
) -> HttpResponse:
    return render(request, "shell/calendar/announce.html", {
        "year": year, "form": form, "preview": preview, "seen": stamp_of_year(year),
    }, status=status or (422 if form.errors else 200))


@never_cache
@door("calendar.edit")
def calendar_day(request: Asked, year: int) -> HttpResponse:
    """One day made a workday or a day of rest, by a town or for a day of emergency."""
    checked_year(year)
    form = DayForm(request.POST or None, initial={"day": request.GET.get("day", "")[:10]})
    status = 0
    if request.method == "POST" and form.is_valid():
        try:
            return _setting(request, year, form)
        except Refusal as refusal:
            form.refuse(refusal)
            status = 409 if isinstance(refusal, SomebodyElseDecided) else 422
    return render(request, "shell/calendar/day.html", {
        "year": year, "form": form, "seen": stamp_of_year(year),
    }, status=status or (422 if form.errors else 200))


def _setting(request: Asked, year: int, form: DayForm) -> HttpResponse:
    data, at = form.cleaned_data, now()
    if data["day"].year != year:
        raise Refusal("other_year", Words("请选 {year} 年的一天。", "Choose a day of {year}."
                                          ).filled(year=year), field="day")
    set_day(data["day"], form.works(), Words(data["name"], data["name_en"] or data["name"]),
            by=request.actor, at=at, source=data["source"], seen=stamp_seen(request))
    said = Words("{day} 已改；之后开始的期限按新日历算。",
                 "{day} is changed; deadlines that begin from now on follow it.")
    messages.success(request, str(said.filled(day=data["day"])))
    return redirect("calendar-year", year)


def _page(request: Asked, year: int) -> HttpResponse:
    known, at = calendar_now(), now()
    asked = TryForm(request.GET if "amount" in request.GET else None, initial={
        "kind": "working_days", "amount": "5", "since": f"{localtime(at):%Y-%m-%dT%H:%M}"})
    found = asked.counted() if asked.is_bound else None
    stored = CalendarYear.objects.filter(year=year).first()
    source = stored.source.partition(MARK)[0] if stored else ""
    return render(request, "shell/calendar/year.html", {
        "year": year, "months": months_of(year, known, today=localdate(at)), "weekdays": WEEKDAYS,
        "announced": year in known.announced, "runs": listed_runs(year, known),
        "source": source_words(source),
        "previous": year - 1 if year > FIRST_YEAR else 0,
        "next": year + 1 if year < LAST_YEAR else 0,
        "provisional": provisional_cases(request.actor).count(),
        "form": asked, "found": found,
        "due": due_words(found) if found else "", "derivation": derivation(found) if found else "",
    }, status=422 if asked.is_bound and asked.errors else 200)


def provisional_cases(actor: Actor) -> QuerySet[Case]:
    """Open cases of the actor's scope whose deadlines wait for an announcement."""
    ids = [visible_cases(actor, practice=practice.code)
           .filter(is_open=True, due_provisional=True).order_by().values("pk")
           for practice in practices]
    found = Case.objects.none()
    for one in ids:
        found = found | Case.objects.filter(pk__in=one)
    return found


def checked_year(year: int) -> int:
    """A year that a calendar may speak of; 404 elsewhere."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year
