"""Playbooks: the list, one of them drawn and said in words, and a town's changes to it."""

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import PlaybookVersion
from yiwang.kernel.cases.playbook_actions import change_playbook
from yiwang.kernel.cases.playbook_store import current, load
from yiwang.kernel.cases.playbooks import Playbook
from yiwang.kernel.cases.queries import visible_cases
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.people.rules import can_somewhere
from yiwang.kernel.practice import Practice, practices
from yiwang.shell.doors import Asked, door

from .playbook_pages_drawn import drawn
from .playbook_pages_edit import KINDS, Sheet
from .playbook_pages_shown import (
    HOLDERS,
    VersionRow,
    limit_rows,
    step_rows,
    term_words,
)
from .read import stamp_seen
from .rules_pages_shown import source_words


@door("case.view")
def playbooks(request: Asked) -> HttpResponse:
    """Every playbook that new cases begin with."""
    rows = [(practice, present(playbook)) for practice in practices
            for playbook in practice.playbooks]
    return render(request, "shell/playbook/playbooks.html", {"rows": rows})


@door("case.view")
def playbook(request: Asked, code: str) -> HttpResponse:
    """One playbook: drawn, said in words, with its clocks, limits and versions."""
    practice, declared = declared_as(code)
    versions = list(PlaybookVersion.objects.filter(code=code).order_by("-version"))
    shown = _version(request, declared, versions)
    running = dict(
        visible_cases(request.actor, practice=practice.code)
        .filter(is_open=True, playbook=code)
        .values_list("playbook_version").annotate(n=Count("id", distinct=True)))
    return render(request, "shell/playbook/playbook.html", {
        "practice": practice, "playbook": shown, "drawing": drawn(shown),
        "steps": step_rows(shown), "newest": versions[0].version if versions else 0,
        "states": [(s, HOLDERS[s.holder.value]) for s in shown.states],
        "clocks": [(spec, term_words(spec), source_words(spec.source)) for spec in shown.clocks],
        "limits": limit_rows(practice.code),
        "versions": [VersionRow(v, source_words(v.source), running.get(v.version, 0),
                                v.version == shown.version) for v in versions],
        "may_edit": can_somewhere(request.actor, "playbook.edit"),
    })


@never_cache
@door("playbook.edit")
def playbook_edit(request: Asked, code: str) -> HttpResponse:
    """The sheet of a town's changes; sent, it becomes the next version."""
    practice, declared = declared_as(code)
    sheet = Sheet(present(declared), declared, request.POST.dict() if request.POST else None)
    refusal, status = None, 200
    if request.method == "POST":
        edit = sheet.edit()
        if sheet.wrong:
            status = 422
        else:
            try:
                made = change_playbook(declared, edit, by=request.actor, at=now(),
                                       source=sheet.source, seen=stamp_seen(request))
                return _published(request, made, code)
            except Refusal as refused:
                refusal = refused
                status = 409 if isinstance(refused, SomebodyElseDecided) else 422
                if refused.field:
                    sheet.wrong[refused.field] = str(refused)
    return render(request, "shell/playbook/edit.html", {
        "practice": practice, "playbook": sheet.current, "sheet": sheet, "kinds": KINDS,
        "refusal": refusal, "source_error": sheet.wrong.get("source", ""),
    }, status=status)


def _published(request: Asked, made: PlaybookVersion | None, code: str) -> HttpResponse:
    said = Words("没有改动，没有新版本。", "Nothing was changed: no new version.")
    if made is not None:
        said = Words("第 {n} 版已启用；在办案件仍按原来的版本。",
                     "Version {n} is in use; running cases keep theirs.").filled(n=made.version)
    messages.success(request, str(said))
    return redirect("playbook", code)


def declared_as(code: str) -> tuple[Practice, Playbook]:
    """The playbook as its line of work declares it; 404 where none does."""
    for practice in practices:
        for declared in practice.playbooks:
            if declared.code == code:
                return practice, declared
    raise Http404


def present(declared: Playbook) -> Playbook:
    """The version that new cases begin with; as declared, before it is stored."""
    try:
        return current(declared.code)
    except KeyError:
        return declared


def _version(
    request: Asked, declared: Playbook, versions: list[PlaybookVersion]
) -> Playbook:
    asked = request.GET.get("version", "")
    for stored in versions:
        if str(stored.version) == asked:
            return load(stored.code, stored.version)
    return present(declared)
