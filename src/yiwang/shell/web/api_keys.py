"""Keys of other systems: the list, a new one with its secret shown once, the end of one."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import lazystr
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.key_scopes import SCOPES
from yiwang.kernel.people.keys import GIVEN_FIRST, MOST_HOURLY, USUAL_HOURLY, end_key, make_key
from yiwang.kernel.people.models import ApiKey
from yiwang.kernel.people.queries import scope_filter
from yiwang.shell.doors import Asked, door
from yiwang.shell.proof import lately_proved

from .people_forms import UNIT_HINT, PlainForm, text

PAGE = 200  # keys
KEY_ENDED = Words("密钥已停用。", "The key is ended.")


def scope_choices() -> list[tuple[str, Any]]:
    """What a key may do, to tick."""
    return [(code, lazystr(scope.title)) for code, scope in SCOPES.items()
            if not scope.in_address]


class KeyForm(PlainForm):
    """A key of another system."""

    name = text("给哪个系统", "For which system", 60)
    area = text("所属单位", "Unit", 12, UNIT_HINT)
    scopes = forms.MultipleChoiceField(
        label=lazystr(Words("可以做什么", "What it may do")), widget=forms.CheckboxSelectMultiple,
        choices=scope_choices())
    hourly = forms.IntegerField(
        label=lazystr(Words("每小时最多几次", "Most requests an hour")), min_value=1,
        max_value=MOST_HOURLY)


@door("system.edit")
def api_keys(request: Asked) -> HttpResponse:
    """Keys of the reader's area, those in force first."""
    scope = scope_filter(request.actor, "system.edit", "", area_field="area")
    found = ApiKey.objects.filter(scope).select_related("person").order_by(
        "-ended_at", "name")[:PAGE]
    rows = [(key, [SCOPES[code].title for code in key.scopes if code in SCOPES])
            for key in found]
    rows.sort(key=lambda row: row[0].ended_at is not None)
    return render(request, "shell/keys/keys.html", {"rows": rows})


@never_cache
@door("system.edit")
@lately_proved
def api_key_new(request: Asked) -> HttpResponse:
    """A new key; its secret is on the answer and nowhere else."""
    area = next((grant.area for grant in request.actor.grants
                 if "system.edit" in grant.capabilities), "")
    form = KeyForm(request.POST or None, initial={
        "hourly": USUAL_HOURLY, "scopes": list(GIVEN_FIRST), "area": area})
    if request.method == "POST" and form.is_valid():
        try:
            key, secret = make_key(by=request.actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return render(request, "shell/keys/made.html", {
                "key": key, "secret": secret, "back": "api-keys"})
    return render(request, "shell/keys/new.html", {"form": form, "back": "api-keys"},
                  status=422 if form.errors else 200)


@require_POST
@door("system.edit")
def api_key_end(request: Asked, key_id: UUID) -> HttpResponse:
    """End a key at once."""
    scope = scope_filter(request.actor, "system.edit", "", area_field="area")
    end_key(get_object_or_404(ApiKey.objects.filter(scope), pk=key_id), by=request.actor, at=now())
    messages.success(request, str(KEY_ENDED))
    return redirect("api-keys")
