"""“Is it still you?”: the password, and the second factor where there is one, asked once more."""

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.algorithms.words import Words
from yiwang.kernel.people.actions import record_failed_sign_in, record_proof, use_second_factor
from yiwang.kernel.people.actions.sessions import carry_session
from yiwang.kernel.people.models import Person, SecondFactor
from yiwang.shell.doors import Asked, signed_in
from yiwang.shell.proof import PROVED

from .account import me
from .people_forms import ProofForm
from .read import page_after

WRONG = Words("密码或验证码不对。连错 5 次，这个账号锁 15 分钟。",
              "The password or the code is wrong. Five failures lock the account for 15 minutes.")


@signed_in
@never_cache
@sensitive_post_parameters("password", "code")
def prove(request: Asked) -> HttpResponse:
    """Ask, and lead back to the page that wanted to know."""
    person = me(request)
    factor = SecondFactor.objects.filter(person=person, confirmed_at__isnull=False).exists()
    form, after = ProofForm(request.POST or None), page_after(request, "account")
    if request.method == "POST" and form.is_valid():
        if _is_right(request, person, form, factor=factor):
            _note(request, person)
            messages.success(request, str(Words("已确认，请接着办。", "Confirmed; please go on.")))
            return redirect(after)
        form.add_error("password", str(WRONG))
    return render(request, "shell/account/prove.html",
                  {"form": form, "next": after, "factor": factor},
                  status=422 if form.errors else 200)


def _is_right(request: Asked, person: Person, form: ProofForm, *, factor: bool) -> bool:
    """Both factors; a wrong password counts towards the lock of the account, as at sign-in."""
    at = now()
    known = authenticate(request, account=person.account, password=form.cleaned_data["password"])
    request.axes_locked_out = False  # type: ignore[attr-defined]  # answered here, in words
    if known != person:
        record_failed_sign_in(person.account, why="proof", address="", by=request.actor, at=at)
        return False
    return not factor or use_second_factor(
        person, form.cleaned_data["code"], by=request.actor, at=at)


def _note(request: Asked, person: Person) -> None:
    """The session goes on under a new key, as after signing in."""
    at, before = now(), request.session.session_key or ""
    request.session[PROVED] = at.timestamp()
    request.session.cycle_key()
    carry_session(person, before=before, after=request.session.session_key or before)
    record_proof(person, by=request.actor, at=at)
