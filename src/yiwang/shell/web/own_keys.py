"""A person's own keys: what a program may do in their name, until a day."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import lazystr
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.key_scopes import SCOPES
from yiwang.kernel.people.keys import MOST_DAYS, USUAL_DAYS, end_key, keys_of, make_own_key
from yiwang.shell.doors import Asked, signed_in
from yiwang.shell.proof import lately_proved

from .account import me
from .api_keys import KEY_ENDED, scope_choices
from .people_forms import PlainForm, text


class OwnKeyForm(PlainForm):
    """A key for a program of one's own."""

    name = text("用在哪里", "What it is for", 60)
    scopes = forms.MultipleChoiceField(
        label=lazystr(Words("可以做什么", "What it may do")), widget=forms.CheckboxSelectMultiple,
        choices=[choice for choice in scope_choices() if SCOPES[choice[0]].own])
    days = forms.IntegerField(label=lazystr(Words("用几天", "For how many days")), min_value=1,
                              max_value=MOST_DAYS)


@never_cache
@signed_in
def own_keys(request: Asked) -> HttpResponse:
    """The reader's keys in force."""
    rows = [(key, [SCOPES[code].title for code in key.scopes if code in SCOPES])
            for key in keys_of(me(request), on=localdate())]
    return render(request, "shell/keys/own.html", {"rows": rows})


@never_cache
@signed_in
@lately_proved
def own_key_new(request: Asked) -> HttpResponse:
    """A new key; its secret is on the answer and nowhere else."""
    form = OwnKeyForm(request.POST or None, initial={"days": USUAL_DAYS, "scopes": ["cases:read"]})
    if request.method == "POST" and form.is_valid():
        try:
            key, secret = make_own_key(me(request), by=request.actor, at=now(),
                                       **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return render(request, "shell/keys/made.html",
                          {"key": key, "secret": secret, "back": "own-keys"})
    return render(request, "shell/keys/new.html", {"form": form, "back": "own-keys"},
                  status=422 if form.errors else 200)


@require_POST
@signed_in
def own_key_end(request: Asked, key_id: UUID) -> HttpResponse:
    """End one of one's own keys at once."""
    key = get_object_or_404(keys_of(me(request), on=localdate()), pk=key_id)
    end_key(key, by=request.actor, at=now())
    messages.success(request, str(KEY_ENDED))
    return redirect("own-keys")
