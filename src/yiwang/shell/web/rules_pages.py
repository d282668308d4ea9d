"""The list of dispatch rules with the linter's findings, and the dry run on last month's cases."""

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now

from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.dispatch import rules_for
from yiwang.kernel.cases.dry_run import try_rules
from yiwang.kernel.cases.models import DispatchRule
from yiwang.kernel.cases.names import kind_names
from yiwang.kernel.cases.rules_changes import standing
from yiwang.kernel.cases.rules_queries import (
    MOST_TRIED,
    in_scope,
    lint_now,
    rules_seen,
    tried_cases,
)
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.practice import Practice, practices
from yiwang.shell.doors import Asked, door

from .rules_pages_shown import DIFFERING, decided_last_month, differ_rows, lines_of, rule_rows

PAGE = 50  # rows
LONGEST = 60  # characters of a question


@door("dispatch.edit")
def rules(request: Asked) -> HttpResponse:
    """What is wrong with the rules, then the rules themselves, by number."""
    practice, at = asked_practice(request), now()
    seen = rules_seen(request.actor, practice.code)
    numbers = set(seen.values_list("number", flat=True))
    after, question = _after(request), asked_text(request, "q")
    shown = _asked(seen, question, ended=bool(request.GET.get("ended")))
    listed = shown.filter(number__gt=after).select_related("team").order_by("number")
    rows = list(listed[: PAGE + 1])
    decided = decided_last_month(request.actor, practice.code, at=at)
    findings = in_scope(lint_now(practice.code, on=localdate(at)), numbers)
    return render(request, "shell/rules/rules.html", {
        "practice": practice,
        "others": [other for other in practices_of(request.actor) if other is not practice],
        "lines": lines_of(findings),
        "rows": rule_rows(rows[:PAGE], on=localdate(at), decided=decided),
        "more": rows[PAGE - 1].number if len(rows) > PAGE else 0,
        "asked": question, "ended": bool(request.GET.get("ended")), "any": bool(numbers),
    })


def _asked(seen: QuerySet[DispatchRule], question: str, *, ended: bool) -> QuerySet[DispatchRule]:
    """The rules asked for: by number, or words in the name of kind or team."""
    if not ended:
        seen = seen.filter(Q(until__isnull=True) | Q(until__gte=localdate()))
    if not question:
        return seen
    if question.isascii() and question.isdigit():
        return seen.filter(Q(number=int(question[:9])) | Q(area__startswith=question))
    low = question.lower()
    kinds = [code for code, name in kind_names().items()
             if low in name.zh or low in name.en.lower() or low in code.lower()]
    return seen.filter(Q(kind__in=kinds) | Q(team__name__icontains=question)
                       | Q(team__name_en__icontains=question))


@door("dispatch.edit")
def dry_run(request: Asked) -> HttpResponse:
    """What the rules of today would have done with last month's cases."""
    practice, at = asked_practice(request), now()
    cases = tried_cases(request.actor, practice.code, at=at)
    today = standing(rules_for(practice.code), localdate(at))
    run = try_rules(today, cases, calendar=calendar_now(), shown=DIFFERING)
    return render(request, "shell/rules/dry_run.html", {
        "practice": practice, "run": run, "rows": differ_rows(run.differing),
        "bounded": len(cases) == MOST_TRIED, "most": MOST_TRIED,
    })


def practices_of(actor: Actor) -> list[Practice]:
    """The lines of work whose rules the actor may edit somewhere."""
    held = {grant.practice for grant in actor.grants if "dispatch.edit" in grant.capabilities}
    return [practice for practice in practices
            if practice.playbooks and ({"", practice.code} & held)]


def asked_practice(request: Asked) -> Practice:
    """The line of work the page is about: the one named, else the first that may be edited."""
    mine = practices_of(request.actor)
    named = request.GET.get("practice") or request.POST.get("practice")
    found = next((practice for practice in mine if practice.code == named), None)
    return found or (mine[0] if mine else next(iter(practices)))


def asked_text(request: Asked, name: str) -> str:
    """A text of the address, tidied and bounded."""
    return " ".join(request.GET.get(name, "").replace("\0", "").split())[:LONGEST]


def _after(request: Asked) -> int:
    text = request.GET.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
