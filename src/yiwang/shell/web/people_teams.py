"""Pages about teams."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import unit_names
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.actions import add_team, close_team
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.queries import team_members, teams_seen
from yiwang.kernel.people.rules import can, can_somewhere
from yiwang.shell.doors import Asked, door

from .people_forms import KINDS, CloseTeamForm, TeamForm, team_title

PAGE = 50  # rows


@door("people.view")
def teams(request: Asked) -> HttpResponse:
    """Teams of the reader's units, by code."""
    after = request.GET.get("after", "").replace("\0", "")[:40]
    rows = list(teams_seen(request.actor).filter(code__gt=after)[: PAGE + 1])
    shown = rows[:PAGE]
    names, today = unit_names(team.unit_code for team in shown), localdate()
    return render(request, "shell/people/teams.html", {
        "rows": [(team, team_title(team), KINDS[team.kind], names.get(team.unit_code, ""),
                  team.until is not None and team.until < today) for team in shown],
        "more": shown[-1].code if len(rows) > PAGE else "",
        "after": after,
        "may_edit": can_somewhere(request.actor, "people.edit"),
    })


@door("people.view")
def team(request: Asked, team_id: UUID) -> HttpResponse:
    """One team and who is in it today; ends it with a last day."""
    found, at = get_object_or_404(teams_seen(request.actor), pk=team_id), now()
    form = CloseTeamForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            close_team(found, last_day=form.cleaned_data["last_day"], by=request.actor, at=at)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(Words("已定结束日。", "The last day is set.")))
            return redirect("team-detail", found.pk)
    return _page(request, found, form)


def _page(request: Asked, found: Team, form: CloseTeamForm) -> HttpResponse:
    return render(
        request, "shell/people/team.html",
        {
            "team": found,
            "name": team_title(found),
            "kind": KINDS[found.kind],
            "unit": unit_names([found.unit_code]).get(found.unit_code, ""),
            "members": team_members(found, localdate()),
            "may_edit": can(request.actor, "people.edit", area=found.unit_code),
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@door("people.edit")
def team_add(request: Asked) -> HttpResponse:
    """Set up a team."""
    form = TeamForm(request.POST or None, initial={"since": localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            made = add_team(**form.cleaned_data, by=request.actor, at=now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(Words("机构已设。", "The team is set up.")))
            return redirect("team-detail", made.pk)
    return render(
        request, "shell/people/team_form.html", {"form": form}, status=422 if form.errors else 200
    )
