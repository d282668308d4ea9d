"""Pages about roles held: the list, granting one, ending one."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.actions import end_term, grant_term
from yiwang.kernel.people.queries import people_seen, teams_seen, terms_seen
from yiwang.kernel.people.rules import ROLES
from yiwang.shell.doors import Asked, door
from yiwang.shell.proof import lately_proved

from .people_forms import EndTermForm, GrantForm
from .people_shown import shown_terms

PAGE = 50  # rows
MOST_TEAMS = 500  # offered in one list


@door("terms.edit")
def terms(request: Asked) -> HttpResponse:
    """Terms in the reader's scope, newest first; by role, and those in force only if asked."""
    role, before = request.GET.get("role", ""), _key(request.GET.get("before", ""))
    found = terms_seen(request.actor)
    if role in ROLES:
        found = found.filter(role=role)
    if before is not None:
        found = found.filter(pk__lt=before)
    if request.GET.get("all") != "1":
        found = found.filter(Q(until__isnull=True) | Q(until__gte=localdate()))
    rows = list(found[: PAGE + 1])
    return render(request, "shell/people/terms.html", {
        "rows": shown_terms(rows[:PAGE], now()),
        "more": rows[PAGE - 1].pk if len(rows) > PAGE else "",
        "all_roles": ROLES.values(), "role": role, "all": request.GET.get("all") == "1",
        "before": before,
    })


@door("terms.edit")
@lately_proved
def term_grant(request: Asked, person_id: UUID) -> HttpResponse:
    """Grant a role to one person."""
    person = get_object_or_404(people_seen(request.actor), pk=person_id)
    today = localdate()
    standing = Q(until__isnull=True) | Q(until__gte=today)
    teams = teams_seen(request.actor, "terms.edit").filter(standing)[:MOST_TEAMS]
    form = GrantForm(
        request.POST or None, teams=teams, initial={"since": today, "area": person.unit_code})
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data | {"team": form.teams.get(form.cleaned_data["team"])}
        try:
            grant_term(person, **values, by=request.actor, at=now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(Words("已授权。", "The role is granted.")))
            return redirect("person-detail", person.pk)
    return render(
        request, "shell/people/grant.html", {"form": form, "person": person},
        status=422 if form.errors else 200,
    )


@door("terms.edit")
def term_end(request: Asked, term_id: UUID) -> HttpResponse:
    """End a term, at once or after a day."""
    term = get_object_or_404(terms_seen(request.actor), pk=term_id)
    form = EndTermForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            end_term(term, last_day=form.cleaned_data["last_day"], by=request.actor, at=now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(Words("授权已结束。", "The term is ended.")))
            return redirect("terms")
    return render(
        request, "shell/people/end_term.html",
        {"form": form, "row": shown_terms([term], now())[0]},
        status=422 if form.errors else 200,
    )


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
