"""Units: what kind each is and was, and what it may do in its own name on a day."""


from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import unit_words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.queries import scope_filter
from yiwang.kernel.people.rules import can, check_can
from yiwang.kernel.places.locate import valid_on
from yiwang.kernel.places.models import Power, Unit, UnitType
from yiwang.kernel.places.queries import unit_kind
from yiwang.kernel.places.unit_actions import change_kind, confer, power_words, withdraw
from yiwang.shell.doors import Asked, door

from .read import day_asked
from .rules_pages_shown import source_words
from .units_forms import KINDS, KindForm, PowerForm, WithdrawForm

PAGE = 300  # units of one page


@door("cells.view")
def units(request: Asked) -> HttpResponse:
    """Every unit of the scope with its kind of today."""
    scope = scope_filter(request.actor, "cells.view", "", area_field="code")
    found = list(Unit.objects.filter(scope).order_by("code")[:PAGE])
    today = UnitType.objects.filter(valid_on(localdate()), unit__in=found)
    kinds = {row.unit_id: row for row in today.order_by("since")}
    return render(request, "shell/units/units.html", {"rows": [
        (unit, unit_words(unit), kinds.get(unit.code), _kind_words(kinds.get(unit.code)))
        for unit in found]})


@door("cells.view")
def unit(request: Asked, code: str) -> HttpResponse:
    """One unit: its kinds over time, its powers on a day and what each rests on."""
    found = _seen(request, code)
    day = day_asked(request)
    kind = unit_kind(code, day)
    powers = Power.objects.filter(valid_on(day), Q(unit=found) | Q(unit_kind=kind, unit=None))
    return render(request, "shell/units/unit.html", {
        "unit": found, "name": unit_words(found), "day": day, "kind": KINDS.get(kind),
        "types": [(row, KINDS[row.kind], source_words(row.source))
                  for row in found.types.order_by("-since")],
        "powers": [(row, power_words(row.code), source_words(row.source))
                   for row in powers.order_by("code", "since") if kind or row.unit_id],
        "may_edit": can(request.actor, "cells.edit", area=code),
    })


@never_cache
@door("cells.edit")
def unit_kind_change(request: Asked, code: str) -> HttpResponse:
    """Another kind from a day on."""
    found = _edited(request, code)
    form = KindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_kind(found, by=request.actor, at=now(), **form.cleaned_data)
            return _done(request, found)
        except Refusal as refusal:
            form.refuse(refusal)
    return _form(request, found, form, Words("改单位类型", "Another kind of unit"))


@never_cache
@door("cells.edit")
def unit_power(request: Asked, code: str) -> HttpResponse:
    """A power of its own, from a day to a day."""
    found = _edited(request, code)
    form = PowerForm(request.POST or None, initial={"since": localdate()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            confer(found, data["power"], data["since"], data["until"], source=data["source"],
                   by=request.actor, at=now())
            return _done(request, found)
        except Refusal as refusal:
            form.refuse(refusal)
    return _form(request, found, form, Words("赋权", "Confer a power"))


@never_cache
@door("cells.edit")
def unit_power_end(request: Asked, code: str, power: int) -> HttpResponse:
    """The end of a power of its own."""
    found = _edited(request, code)
    row = get_object_or_404(Power, pk=power, unit=found)
    form = WithdrawForm(request.POST or None, initial={"last_day": localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(row, form.cleaned_data["last_day"], by=request.actor, at=now())
            return _done(request, found)
        except Refusal as refusal:
            form.refuse(refusal)
    title = Words("收回：{power}", "Withdraw: {power}").filled(power=power_words(row.code))
    return _form(request, found, form, title)


def _form(request: Asked, found: Unit, form: object, title: Words) -> HttpResponse:
    return render(request, "shell/change.html", {
        "form": form, "name": unit_words(found), "title": title, "seen": None,
        "back": reverse("unit", args=[found.code]),
    }, status=422 if getattr(form, "errors", None) else 200)


def _done(request: Asked, found: Unit) -> HttpResponse:
    messages.success(request, str(Words("已记下。", "Recorded.")))
    return redirect("unit", found.code)


def _seen(request: Asked, code: str) -> Unit:
    scope = scope_filter(request.actor, "cells.view", "", area_field="code")
    return get_object_or_404(Unit.objects.filter(scope), code=code)


def _edited(request: Asked, code: str) -> Unit:
    found = get_object_or_404(Unit, code=code)
    check_can(request.actor, "cells.edit", area=code)
    return found


def _kind_words(row: UnitType | None) -> Words | None:
    return KINDS[row.kind] if row else None
