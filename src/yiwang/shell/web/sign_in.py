"""Signing in and out: password, then the second factor where the person has one."""

from contextlib import suppress
from datetime import datetime, timedelta

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, localtime, now
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.actions import (
    record_failed_sign_in,
    record_sign_in,
    record_sign_out,
    use_second_factor,
)
from yiwang.kernel.people.models import Person, SecondFactor
from yiwang.kernel.people.queries import actor_for
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.people.sign_in_rules import (
    SIGN_IN,
    SIGN_IN_PACE,
    idle_limit,
    second_step_opens_at,
    start_password_is_over,
)
from yiwang.kernel.records.pace import is_over, keep_pace
from yiwang.kernel.records.pace_rules import too_often
from yiwang.shell.callers import caller_address
from yiwang.shell.doors import ELSEWHERE, public, signed_in
from yiwang.shell.middleware import (
    BEGUN,
    ENDED,
    IDLE,
    LANGUAGE_COOKIE,
    MUST_CHANGE,
    MUST_SET_UP,
    SEEN,
)
from yiwang.shell.second_step import administers, must_set_up

from .language import YEAR
from .people_forms import CodeForm, SignInForm
from .people_shown import device_named
from .read import page_after

SECOND_STEP = "second_step"
BACKEND = "yiwang.shell.known.KnownBackend"

WRONG = Words(
    "账号或密码不对。请核对大小写；忘了密码请找系统管理员。",
    "Account or password is wrong. Check capitals; if you forgot it, ask the system administrator.",
)
CODE_WRONG = Words(
    "验证码不对。用手机上最新的 6 位数，或一个没用过的恢复码。",
    "The code is wrong. Use the newest six digits, or a recovery code not used before.",
)
START_OVER = Words(
    "初始密码已过期（3 天）。请系统管理员再设一个。",
    "The start password has run out (3 days). Ask the system administrator for another.",
)
LOCKED = Words(
    "失败次数太多，{time} 之后再试。急用请找系统管理员。",
    "Too many failures. Try again after {time}, or ask the system administrator.",
)
ENDED_WORDS: dict[str, Words] = {
    "idle": Words("太久没有操作，已自动退出。", "You were signed out after a long rest."),
    "longest": Words("本次登录已满 12 小时，请重新登录。",
                     "You were signed in for 12 hours; please sign in again."),
    ELSEWHERE: Words(
        "这次登录已结束：同一账号最多同时在 {n} 处登录，再多就退出最早的；"
        "也可能是有人点了“在其他设备上退出”。请重新登录；若不是您本人，登录后马上改密码。",
        "This session has ended: an account is signed in at {n} places at most, one more ends the "
        "oldest; or somebody chose “Sign out on other devices”. Sign in again; if it was not you, "
        "change the password at once.").filled(n=SIGN_IN.sessions),
}


@public("the way in")
@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for account and password; keep the account when they are wrong."""
    if request.method != "POST":
        if request.user.is_authenticated:
            return redirect(_next(request))
        return _page(request, SignInForm())
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    if is_over(SIGN_IN_PACE, caller_address(request), at=now()):
        form.add_error("password", str(too_often(SIGN_IN_PACE).what))
        return _page(request, form, status=429)
    account = form.cleaned_data["account"].strip().lower()
    person = authenticate(request, account=account, password=form.cleaned_data["password"])
    if isinstance(person, Person) and _start_is_over(person):
        return _told_over(request, form, person)
    if isinstance(person, Person):
        return _after_password(request, person)
    return _refused(request, form, account)


def _start_is_over(person: Person) -> bool:
    return person.must_change_password and start_password_is_over(person.password_set_at, now())


def _told_over(request: HttpRequest, form: SignInForm, person: Person) -> HttpResponse:
    record_failed_sign_in(person.account, why="start_over", address=caller_address(request),
                          by=Actor("unknown"), at=now())
    form.add_error("password", str(START_OVER))
    return _page(request, form, status=422)


def _refused(request: HttpRequest, form: SignInForm, account: str) -> HttpResponse:
    at = now()
    locked = getattr(request, "axes_locked_out", False)
    request.axes_locked_out = False  # type: ignore[attr-defined]  # answered here, in words
    record_failed_sign_in(
        account, why="locked" if locked else "password", address=caller_address(request),
        by=Actor("unknown"), at=at,
    )
    with suppress(Refusal):  # beyond the limit the next one is refused before it is looked at
        keep_pace(SIGN_IN_PACE, caller_address(request), at=at)
    opens = _opens_at(account, at) if locked else None
    form.add_error("password", str(LOCKED.filled(time=_clock(opens)) if opens else WRONG))
    return _page(request, form, status=429 if locked else 422)


def _opens_at(account: str, at: datetime) -> datetime:
    """When a locked account takes passwords again: the last failure and the pause after it."""
    tried = AccessAttempt.objects.filter(username=account).order_by("-attempt_time")
    last = tried.values_list("attempt_time", flat=True).first() or at
    return last + (get_cool_off() or timedelta())


def _after_password(request: HttpRequest, person: Person) -> HttpResponse:
    if SecondFactor.objects.filter(person=person, confirmed_at__isnull=False).exists():
        request.session.cycle_key()
        request.session[SECOND_STEP] = {
            "person": str(person.pk), "at": now().timestamp(), "next": _next(request)
        }
        return redirect("second-step")
    return _let_in(request, person, _next(request))


@public("the way in, second step")
@never_cache
def second_step(request: HttpRequest) -> HttpResponseBase:
    """Ask for the code of the phone, or a recovery code."""
    begun = request.session.get(SECOND_STEP)
    at = now()
    if not begun or at.timestamp() - begun["at"] > SIGN_IN.second_step.total_seconds():
        request.session.pop(SECOND_STEP, None)
        return redirect("sign-in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = Person.objects.filter(pk=begun["person"], is_active=True).first()
        if person is None:
            return redirect("sign-in")
        by = Actor(f"person/{person.pk}")
        if use_second_factor(person, form.cleaned_data["code"], by=by, at=at):
            del request.session[SECOND_STEP]
            return _let_in(request, person, begun["next"])
        form.add_error("code", str(_code_refusal(person, at)))
    status = 422 if form.errors else 200
    return render(request, "shell/sign_in/second_step.html", {"form": form}, status=status)


def _code_refusal(person: Person, at: datetime) -> Words:
    factor = SecondFactor.objects.filter(person=person).first()
    opens = factor and second_step_opens_at(factor.failures, factor.failed_at, at)
    return LOCKED.filled(time=_clock(opens)) if opens else CODE_WRONG


def _let_in(request: HttpRequest, person: Person, page: str) -> HttpResponse:
    at = now()
    login(request, person, backend=BACKEND)
    actor = actor_for(person, localdate(at))
    idle = idle_limit(administrator=administers(actor))
    request.session.update({
        BEGUN: at.timestamp(), SEEN: at.timestamp(), IDLE: idle.total_seconds(),
        MUST_CHANGE: person.must_change_password, MUST_SET_UP: must_set_up(person, actor),
    })
    request.session.save()
    record_sign_in(
        person, session_key=request.session.session_key or "", address=caller_address(request),
        device=device_named(request.headers.get("User-Agent", "")), by=actor, at=at,
    )
    answer = HttpResponseRedirect(reverse("password") if person.must_change_password else page)
    if LANGUAGE_COOKIE not in request.COOKIES:
        answer.set_cookie(
            LANGUAGE_COOKIE, person.language, max_age=YEAR, samesite="Lax",
            secure=request.is_secure(),
        )
    return answer


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    record_sign_out(
        request.user, session_key=request.session.session_key or "",  # type: ignore[arg-type]
        by=Actor(f"person/{request.user.pk}"), at=now(),
    )
    logout(request)
    return redirect("sign-in")


def _page(request: HttpRequest, form: SignInForm, *, status: int = 200) -> HttpResponse:
    ended = request.session.pop(ENDED, "") if request.method == "GET" else ""
    ended = ended or (ELSEWHERE if ELSEWHERE in request.GET else "")
    told = ENDED_WORDS.get(ended)
    return render(
        request, "shell/sign_in/sign_in.html",
        {"form": form, "next": _next(request), "told": told}, status=status,
    )


def _next(request: HttpRequest) -> str:
    return page_after(request, "home")


def _clock(moment: datetime | None) -> str:
    return f"{localtime(moment):%H:%M}" if moment else ""
