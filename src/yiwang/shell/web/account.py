"""A person's own page: password, second factor, sessions, roles held."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.actions import (
    change_password,
    close_sessions,
    confirm_second_factor,
    remove_second_factor,
    renew_recovery_codes,
    start_second_factor,
)
from yiwang.kernel.people.actions.sessions import carry_session
from yiwang.kernel.people.models import Person, SecondFactor
from yiwang.kernel.people.queries import codes_left, key_of, sessions_of, terms_of
from yiwang.kernel.people.sign_in_rules import is_old
from yiwang.kernel.records.sealed import masked, unseal
from yiwang.shell.doors import Asked, signed_in
from yiwang.shell.middleware import MUST_CHANGE, MUST_SET_UP
from yiwang.shell.proof import lately_proved
from yiwang.shell.second_step import must_set_up

from .people_forms import CodeForm, PasswordForm, RemoveFactorForm
from .people_shown import shown_terms
from .qr import qr_of

ISSUER = "Yiwang"
BEGIN = "begin"  # the button that makes a key to scan


@signed_in
@never_cache
def account(request: Asked) -> HttpResponse:
    """What the system knows about the reader, and what they can change."""
    person, at = me(request), now()
    factor = SecondFactor.objects.filter(person=person, confirmed_at__isnull=False).first()
    return render(request, "shell/account/account.html", {
        "person": person,
        "phone": masked(unseal(person.phone_sealed)),
        "terms": shown_terms(terms_of(person), at),
        "sessions": sessions_of(person),
        "this_session": request.session.session_key,
        "factor": factor,
        "codes_left": codes_left(person) if factor else 0,
        "password_is_old": is_old(person.password_set_at, at),
    })


@signed_in
@never_cache
@sensitive_post_parameters("old", "new")
def password(request: Asked) -> HttpResponse:
    """Change the password; with a start password this is the only page that opens."""
    person, form = me(request), PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_password(
                person, old=form.cleaned_data["old"], new=form.cleaned_data["new"],
                session_key=request.session.session_key or "", by=request.actor, at=now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _keep_signed_in(request, changed)
            messages.success(request, str(Words("密码已改。", "Your password is changed.")))
            return redirect("account")
    return render(
        request, "shell/account/password.html",
        {"form": form, "forced": person.must_change_password},
        status=422 if form.errors else 200,
    )


def _keep_signed_in(request: Asked, person: Person) -> None:
    """A new password ends all sessions; this one goes on under a new key."""
    before = request.session.session_key or ""
    request.session[MUST_CHANGE] = False
    update_session_auth_hash(request, person)
    request.session.save()
    carry_session(person, before=before, after=request.session.session_key or before)


@signed_in
@never_cache
@lately_proved
def second_factor(request: Asked) -> HttpResponse:
    """Switch the second factor on: begin, scan, type a code, keep the recovery codes."""
    person, at = me(request), now()
    factor = SecondFactor.objects.filter(person=person).first()
    if factor and factor.confirmed_at:
        if request.session.get(MUST_SET_UP):
            request.session[MUST_SET_UP] = False  # switched on in another session
        return redirect("account")
    if BEGIN in request.POST:
        start_second_factor(person, by=request.actor, at=at)
        return redirect("second-factor")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = confirm_second_factor(
                person, form.cleaned_data["code"], by=request.actor, at=at
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            request.session[MUST_SET_UP] = False
            return _codes_page(request, codes)
    return _factor_page(request, factor, form)


def _factor_page(request: Asked, factor: SecondFactor | None, form: CodeForm) -> HttpResponse:
    """The key to scan once it is begun; before that, what will be needed."""
    key = key_of(factor) if factor else ""
    return render(request, "shell/account/second_factor.html", {
        "form": form, "key_parts": [key[start : start + 4] for start in range(0, len(key), 4)],
        "picture": _picture(me(request), key) if key else "",
        "forced": request.session.get(MUST_SET_UP),
    }, status=422 if form.errors else 200)


@signed_in
@require_POST
@never_cache
@lately_proved
def recovery_codes(request: Asked) -> HttpResponse:
    """New recovery codes in place of the old."""
    return _codes_page(request, renew_recovery_codes(me(request), by=request.actor, at=now()))


@signed_in
@never_cache
@sensitive_post_parameters("password")
def remove_factor(request: Asked) -> HttpResponse:
    """Switch the second factor off, with the password."""
    form = RemoveFactorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            remove_second_factor(
                me(request), password=form.cleaned_data["password"], by=request.actor, at=now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            request.session[MUST_SET_UP] = must_set_up(me(request), request.actor)
            messages.success(
                request, str(Words("两步验证已关闭。", "The second factor is off.")))
            return redirect("account")
    return render(
        request, "shell/account/remove_factor.html", {"form": form},
        status=422 if form.errors else 200,
    )


@signed_in
@require_POST
@lately_proved
def end_other_sessions(request: Asked) -> HttpResponse:
    """Sign the reader out on every other device."""
    ended = close_sessions(
        me(request), keep=request.session.session_key or "", by=request.actor, at=now()
    )
    said = Words("已在其他 {n} 处退出。",
                 "Signed out in {n} other {n:place|places}.").filled(n=ended)
    messages.success(request, str(said))
    return redirect("account")


def _codes_page(request: Asked, codes: tuple[str, ...]) -> HttpResponse:
    return render(request, "shell/account/recovery_codes.html", {"codes": codes})


def _picture(person: Person, key: str) -> SafeString:
    """The key as a QR code that authenticator apps read."""
    label = f"{ISSUER}:{person.account}"
    return qr_of(f"otpauth://totp/{label}?{urlencode({'secret': key, 'issuer': ISSUER})}")


def me(request: Asked) -> Person:
    if not isinstance(request.user, Person):
        raise TypeError("a door let somebody in who has not signed in")
    return request.user
