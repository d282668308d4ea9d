"""Pages about accounts: the list, one person, and what an administrator does to them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import unit_names
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.actions import (
    add_person,
    change_person,
    clear_second_factor,
    deactivate_person,
    reactivate_person,
    set_start_password,
    show_phone,
)
from yiwang.kernel.people.models import Person, SecondFactor
from yiwang.kernel.people.queries import people_seen, terms_of
from yiwang.kernel.people.rules import can, can_somewhere
from yiwang.kernel.people.start_password import fresh_start_password
from yiwang.kernel.records.sealed import masked, unseal
from yiwang.shell.doors import Asked, door, refused
from yiwang.shell.proof import lately_proved
from yiwang.shell.refusals import status_of

from .people_forms import NewPersonForm, PersonForm, StartPasswordForm
from .people_shown import shown_terms

PAGE = 50  # rows
LONGEST_SEARCH = 60  # characters


@door("people.view")
def people(request: Asked) -> HttpResponse:
    """Accounts of the reader's units, by account; searched by account or name."""
    asked = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    after = request.GET.get("after", "").replace("\0", "")[:40]
    found = people_seen(request.actor).filter(account__gt=after)
    if asked:
        found = found.filter(account__startswith=asked.lower()) | found.filter(
            name__contains=asked)
    rows = list(found[: PAGE + 1])
    more = rows[PAGE - 1].account if len(rows) > PAGE else ""
    shown = rows[:PAGE]
    names = unit_names(person.unit_code for person in shown)
    return render(request, "shell/people/people.html", {
        "rows": [(person, names.get(person.unit_code, "")) for person in shown],
        "asked": asked, "more": more, "after": after,
        "may_edit": can_somewhere(request.actor, "people.edit"),
    })


@door("people.view")
@never_cache
def person(request: Asked, person_id: UUID) -> HttpResponse:
    """One account: details, roles held, and what the reader may do."""
    return _person_page(request, _seen(request, person_id))


def _person_page(request: Asked, found: Person, phone: str = "") -> HttpResponse:
    edits = can(request.actor, "people.edit", area=found.unit_code)
    itself = request.actor.ref == f"person/{found.pk}"
    return render(request, "shell/people/person.html", {
        "person": found,
        "unit": unit_names([found.unit_code]).get(found.unit_code, ""),
        "phone": phone or masked(unseal(found.phone_sealed)),
        "phone_is_shown": bool(phone),
        "terms": shown_terms(terms_of(found), now()),
        "may_edit": edits,
        "may_reset": edits and not itself,
        "has_factor": edits and SecondFactor.objects.filter(person=found).exists(),
        "may_unmask": edits or can(request.actor, "case.unmask", area=found.unit_code),
        "may_grant": can_somewhere(request.actor, "terms.edit") and not itself,
        "may_audit": can_somewhere(request.actor, "trail.read"),
    })


@door("people.edit")
@sensitive_post_parameters("start_password")
def person_add(request: Asked) -> HttpResponse:
    """Make an account."""
    form = NewPersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_person(**form.cleaned_data, by=request.actor, at=now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _say(request, Words("已建账号 {account}。", "Account {account} is made.").filled(
                account=made.account))
            return redirect("person-detail", made.pk)
    return _form_page(request, form, Words("新建账号", "New account"))


@door("people.edit")
def person_change(request: Asked, person_id: UUID) -> HttpResponse:
    """Correct name, unit or phone. An untouched, masked phone stays as it is."""
    found = _seen(request, person_id)
    shown = masked(unseal(found.phone_sealed))
    form = PersonForm(request.POST or None, initial={
        "name": found.name, "unit_code": found.unit_code, "phone": shown,
    })
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        phone = None if values["phone"] == shown else values["phone"]
        try:
            change_person(
                found, name=values["name"], unit_code=values["unit_code"], phone=phone,
                by=request.actor, at=now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _say(request, Words("已保存。", "Saved."))
            return redirect("person-detail", found.pk)
    return _form_page(request, form, Words("修改资料", "Change details"), found)


@door("people.edit")
@sensitive_post_parameters("start_password")
@lately_proved
def person_password(request: Asked, person_id: UUID) -> HttpResponse:
    """Set a start password for somebody who cannot sign in."""
    found = _seen(request, person_id)
    form = StartPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["start_password"]
        password = typed or fresh_start_password()
        try:
            set_start_password(found, password, by=request.actor, at=now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if not typed:
                return _made_page(request, found, password)
            _say(request, Words("初始密码已设，请当面告诉本人。",
                                "The start password is set; tell the person yourself."))
            return redirect("person-detail", found.pk)
    return _form_page(request, form, Words("设初始密码", "Set a start password"), found)


@door("people.edit")
@require_POST
def person_deactivate(request: Asked, person_id: UUID) -> HttpResponse:
    """Close the account at once."""
    found = _seen(request, person_id)
    try:
        deactivate_person(found, by=request.actor, at=now())
    except Refusal as refusal:
        return refused(request, refusal)
    _say(request, Words("账号已停用。", "The account is closed."))
    return redirect("person-detail", found.pk)


@door("people.edit")
@require_POST
def person_reactivate(request: Asked, person_id: UUID) -> HttpResponse:
    """Open a closed account again."""
    found = _seen(request, person_id)
    try:
        reactivate_person(found, by=request.actor, at=now())
    except Refusal as refusal:
        return refused(request, refusal)
    _say(request, Words("账号已恢复。", "The account is open again."))
    return redirect("person-detail", found.pk)


@door("people.edit")
@require_POST
@lately_proved
def person_factor(request: Asked, person_id: UUID) -> HttpResponse:
    """Clear the second factor of somebody whose phone and codes are lost."""
    found = _seen(request, person_id)
    try:
        clear_second_factor(found, by=request.actor, at=now())
    except Refusal as refusal:
        return refused(request, refusal)
    _say(request, Words("两步验证已清除。", "The second factor is cleared."))
    return redirect("person-detail", found.pk)


@door("people.view")
@require_POST
@never_cache
def person_phone(request: Asked, person_id: UUID) -> HttpResponse:
    """Show the phone number in clear, once; the look is in the trail."""
    found = _seen(request, person_id)
    try:
        number = show_phone(found, by=request.actor, at=now())
    except Refusal as refusal:
        return refused(request, refusal, status=status_of(refusal))
    return _person_page(request, found, number)


def _made_page(request: Asked, found: Person, password: str) -> HttpResponse:
    """The one page that shows a start password nobody chose."""
    answer = render(request, "shell/people/start_password.html",
                    {"person": found, "password": password})
    answer["Cache-Control"] = "no-store"
    return answer


def _form_page(
    request: Asked, form: PersonForm | StartPasswordForm, title: Words, found: Person | None = None
) -> HttpResponse:
    return render(
        request, "shell/people/person_form.html",
        {"form": form, "heading": title, "person": found}, status=422 if form.errors else 200,
    )


def _seen(request: Asked, person_id: UUID) -> Person:
    return get_object_or_404(people_seen(request.actor), pk=person_id)


def _say(request: Asked, words: Words) -> None:
    messages.success(request, str(words))
