"""Add, change and end a dispatch rule: first what it would do, then the saving of it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache

from yiwang.algorithms.words import Words
from yiwang.kernel.cases import rules_actions as verbs
from yiwang.kernel.cases.dispatch import Rule, rules_for
from yiwang.kernel.cases.models import DispatchRule
from yiwang.kernel.cases.names import team_names, unit_names
from yiwang.kernel.cases.rules_changes import changed, ended
from yiwang.kernel.cases.rules_queries import (
    may_change,
    rules_seen,
    scopes_of,
    stamp_of,
    tried_cases,
    whole_ground,
)
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.ids import uuid_or_none
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.practice import Practice, practices
from yiwang.shell.doors import Asked, door

from .rules_pages import asked_practice, asked_text
from .rules_pages_forms import DespiteForm, EndRuleForm, RuleForm, area_choices
from .rules_pages_shown import Preview, area_title, preview_of, rule_rows

A_DAY = timedelta(days=1)
MOST_NUMBER = 2**31 - 1  # what the column holds
UNTYPED = frozenset({"csrfmiddlewaretoken", "do", "checked", "despite", "reason",
                     "idempotency_key"})


@dataclass(frozen=True, slots=True)
class Plan:
    """One change: checks it, says what the rules would be and from when, carries it out."""

    check: Callable[[], object]
    after: Callable[[Sequence[Rule]], list[Rule]]
    day: date
    carry_out: Callable[[int, str], DispatchRule]
    saved: Words


@never_cache
@door("dispatch.edit")
def rule_new(request: Asked) -> HttpResponse:
    """A new rule; an address may fill it in (``kind``, ``area``, ``team``, ``case``)."""
    practice, at = asked_practice(request), now()
    form = RuleForm(request.POST or None, practice=practice.code, on=localdate(at),
                    scope=scope_of(request.actor, practice.code), initial=_prefilled(request))
    answer = _answer(request, practice, form, lambda: _adding(request, practice, form, at), at=at)
    return answer or _form_page(request, practice, form, None)


@never_cache
@door("dispatch.edit")
def rule(request: Asked, number: int) -> HttpResponse:
    """One rule, and its change from a day on."""
    found, practice = _found(request, number)
    at = now()
    form = RuleForm(request.POST or None, practice=practice.code, on=localdate(at),
                    scope=scope_of(request.actor, practice.code), initial=_present(found, at))
    answer = _answer(request, practice, form, lambda: _changing(request, found, form, at), at=at,
                     rule=found)
    return answer or _form_page(request, practice, form, found)


@never_cache
@door("dispatch.edit")
def rule_end(request: Asked, number: int) -> HttpResponse:
    """The end of a rule."""
    found, practice = _found(request, number)
    at = now()
    form = EndRuleForm(request.POST or None, initial={"last_day": localdate(at)})
    answer = _answer(request, practice, form, lambda: _ending(request, found, form, at), at=at,
                     rule=found)
    return answer or _form_page(request, practice, form, found)


def _adding(request: Asked, practice: Practice, form: RuleForm, at: datetime) -> Plan:
    wanted, by = form.wanted(), request.actor
    number = verbs.next_number()

    def check() -> None:
        verbs.check_new(practice.code, wanted, by=by, at=at)

    return Plan(
        check, lambda rules: [*rules, wanted.as_rule(number, _team_name(form))], wanted.since,
        lambda seen, despite: verbs.add_rule(
            practice.code, wanted, by=by, at=at, seen=seen, despite=despite),
        Words("规则 {n} 已加，{day} 起。", "Rule {n} is added, from {day}."))


def _changing(request: Asked, found: DispatchRule, form: RuleForm, at: datetime) -> Plan:
    wanted, by = form.wanted(), request.actor
    number = verbs.next_number()

    def check() -> None:
        verbs.check_reach(by, found.practice, found.area)
        verbs.check_wanted(found.practice, wanted, by=by, at=at)
        verbs.check_changeable(found, wanted.since, at=at)

    return Plan(
        check,
        lambda rules: changed(rules, found.number, wanted.as_rule(number, _team_name(form))),
        wanted.since,
        lambda seen, despite: verbs.change_rule(
            found, wanted, by=by, at=at, seen=seen, despite=despite),
        Words("{day} 起按规则 {n}。", "Rule {n} counts from {day}."))


def _ending(request: Asked, found: DispatchRule, form: EndRuleForm, at: datetime) -> Plan:
    last, by = form.cleaned_data["last_day"], request.actor

    def check() -> None:
        verbs.check_reach(by, found.practice, found.area)
        verbs.check_end(found, last, at=at)

    return Plan(
        check, lambda rules: ended(rules, found.number, last), last + A_DAY,
        lambda seen, despite: verbs.end_rule(
            found, last, by=by, at=at, seen=seen, despite=despite),
        Words("规则 {n} 到 {last} 为止。", "Rule {n} ends on {last}."))


def _answer(
    request: Asked, practice: Practice, form: DespiteForm, plan_of: Callable[[], Plan], *,
    at: datetime, rule: DispatchRule | None = None,
) -> HttpResponse | None:
    """The answer to what was sent: a preview, the saving, or the form with what is wrong."""
    if request.method != "POST" or not form.is_valid():
        return None
    plan, stamp = plan_of(), stamp_of(practice.code)
    try:
        plan.check()
        if request.POST.get("do") != "save" or request.POST.get("checked") != checked(
                request, stamp):
            return _previewed(request, practice, form, plan, stamp, at=at, rule=rule)
        saved = plan.carry_out(stamp, form.despite_reason())
    except SomebodyElseDecided as refusal:
        form.refuse(refusal)
        return _previewed(request, practice, form, plan, stamp_of(practice.code), at=at, rule=rule,
                          status=409)
    except Refusal as refusal:
        if refusal.code != "rule_errors":
            form.refuse(refusal)
            return None
        form.add_error("despite", f"{refusal.what} {refusal.todo}")  # each is named in the preview
        return _previewed(request, practice, form, plan, stamp, at=at, rule=rule, status=422)
    said = plan.saved.filled(n=saved.number, day=saved.since, last=saved.until)
    messages.success(request, str(said))
    return redirect("dispatch-rules")


def _previewed(
    request: Asked, practice: Practice, form: DespiteForm, plan: Plan, stamp: int, *,
    at: datetime, rule: DispatchRule | None, status: int = 200,
) -> HttpResponse:
    """The form again, and below it what it would do."""
    sent = request.POST.get("checked", "")
    if sent and request.POST.get("do") == "save" and not sent.startswith(f"{stamp}:"):
        form.refuse(verbs.somebody_else())
        status = 409
    before = rules_for(practice.code)
    after = plan.after(before)
    preview = preview_of(
        before, after, verbs.findings_with(practice.code, before, after, at=at),
        tried_cases(request.actor, practice.code, at=at), day=plan.day)
    return _form_page(request, practice, form, rule, preview=preview,
                      checked_as=checked(request, stamp), status=status)


def checked(request: Asked, stamp: int) -> str:
    """What a preview was made of: the rules' stamp and everything typed."""
    typed = sorted((name, request.POST.getlist(name)) for name in request.POST
                   if name not in UNTYPED)
    return f"{stamp}:{hashlib.sha256(repr(typed).encode()).hexdigest()[:24]}"


def _form_page(
    request: Asked, practice: Practice, form: DespiteForm, rule: DispatchRule | None, *,
    preview: Preview | None = None, checked_as: str = "", status: int = 0,
) -> HttpResponse:
    today = localdate()
    ground = whole_ground()
    return render(
        request, "shell/rules/rule.html",
        {
            "practice": practice, "form": form, "preview": preview, "checked": checked_as,
            "ending": isinstance(form, EndRuleForm),
            "row": rule_rows([rule], on=today, decided={})[0] if rule else None,
            "mine": rule is None or may_change(request.actor, practice.code, rule.area, ground),
            "over": rule is not None and rule.until is not None and rule.until < today,
            "areas": [] if isinstance(form, EndRuleForm) else area_choices(
                scope_of(request.actor, practice.code)),
        },
        status=status or (422 if form.errors else 200),
    )


def _found(request: Asked, number: int) -> tuple[DispatchRule, Practice]:
    """The rule of that number in the reader's scope, and its line of work; 404 elsewhere."""
    row = get_object_or_404(DispatchRule, number=min(number, MOST_NUMBER))
    seen = rules_seen(request.actor, row.practice).select_related("team")
    return get_object_or_404(seen, pk=row.pk), practices[row.practice]


def scope_of(actor: Actor, practice: str) -> str:
    """The widest place whose rules the actor edits; empty: everywhere."""
    return min(scopes_of(actor, practice), key=len, default="")


def _prefilled(request: Asked) -> dict[str, Any]:
    """A rule begun elsewhere: on a ruling, or on a gap that the linter named."""
    today, area, case = localdate(), asked_text(request, "area"), asked_text(request, "case")
    team: UUID | None = uuid_or_none(asked_text(request, "team"))
    area = area if area.isascii() and area.isdigit() else ""
    return {
        "kind": asked_text(request, "kind"), "area": _area_line(area), "team": str(team or ""),
        "hours": "any", "rank": 100, "since": today,
        "source": str(Words("裁定 {case}", "ruling in {case}").filled(case=case)) if case else "",
    }


def _present(found: DispatchRule, at: datetime) -> dict[str, Any]:
    return {
        "kind": found.kind, "area": _area_line(found.area), "team": str(found.team_id),
        "hours": found.hours, "rank": found.rank, "automatic": found.automatic,
        "least_odds": found.least_odds,
        "since": max(localdate(at), found.since) + A_DAY, "until": found.until, "source": "",
    }


def _area_line(code: str) -> str:
    return f"{area_title(code, unit_names([code]))} {code}" if code else ""


def _team_name(form: RuleForm) -> Words:
    team = form.cleaned_data["team"]
    return team_names([UUID(team)])[team]
