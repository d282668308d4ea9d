"""Changing a framework: a member from a day on, its end, the track of a kind."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import lazystr
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import Kind, KindList
from yiwang.kernel.errors import Refusal, SomebodyElseDecided
from yiwang.kernel.frameworks.actions import (
    NewMember,
    begin_member,
    end_member,
    put_on_track,
    stamp_of,
)
from yiwang.kernel.frameworks.models import Framework
from yiwang.kernel.frameworks.queries import words_of
from yiwang.shell.doors import Asked, door

from .people_forms import PlainForm, choice, day, text
from .read import stamp_seen
from .rules_pages_forms import indented

SOURCE = ("依据", "What it rests on", 200, Words("文件或会议", "A paper or a meeting"))
FROM_THEN = Words("改动从所写的日子起生效；之前的名称和归属保留，已有的统计不变。",
                  "A change holds from that day on; earlier names and tracks are kept, "
                  "and so are figures.")
FROM = ("从哪天起", "From", Words("今天或以后", "Today or later"))


class MemberForm(PlainForm):
    """A member from a day on; under a code that is there, its new name."""

    code = forms.SlugField(
        label=lazystr(Words("代码", "Code")), max_length=20,
        help_text=lazystr(Words("小写字母和数字；已有的代码从那天起改名",
                                "Letters and digits; one that is there is renamed from that day")))
    slot = choice("哪一部分", "Part")
    name = text("名称", "Name", 60)
    name_en = text("英文名称", "English name", 80, required=False)
    is_track = forms.BooleanField(
        required=False, label=lazystr(Words("是跑道：类别归到它", "A track: kinds stand on it")))
    since = day(*FROM)
    source = text(*SOURCE)


class EndForm(PlainForm):
    """The last day of a member."""

    last_day = day("最后一天", "Last day", Words("填昨天就是立即结束", "Yesterday ends it at once"))
    source = text(*SOURCE)


class TrackForm(PlainForm):
    """A kind on a track from a day on."""

    kind = choice("类别", "Kind",
                  Words("下面没有另写的类别都随它", "With all below that say nothing else"))
    member = choice("跑道", "Track")
    since = day("从哪天起", "From",
                Words("过去的日子只能补空缺", "A day in the past fills a gap only"))
    source = text(*SOURCE)


@never_cache
@door("playbook.edit")
def member_new(request: Asked, code: str) -> HttpResponse:
    """A new member, or a new name of one."""
    held = get_object_or_404(Framework, code=code)
    form = MemberForm(request.POST or None, initial=_present(held, request.GET.get("member", "")))
    form.fields["slot"].choices = [(str(n), str(Words(*title)))  # type: ignore[attr-defined]
                                   for n, title in enumerate(held.slots)]
    return _changed(request, held, form, Words("成员", "Member"), lambda data: begin_member(
        held.code, NewMember(**{**data, "slot": int(data["slot"])}), by=request.actor, at=now(),
        seen=stamp_seen(request)))


@never_cache
@door("playbook.edit")
def member_end(request: Asked, code: str, member: str) -> HttpResponse:
    """The end of a member."""
    held = get_object_or_404(Framework, code=code)
    row = get_object_or_404(held.members, code=member, until__isnull=True)
    form = EndForm(request.POST or None)
    title = Words("到哪天为止：{name}", "When it ends: {name}").filled(name=words_of(row))
    return _changed(request, held, form, title, lambda data: end_member(
        held.code, member, by=request.actor, at=now(), seen=stamp_seen(request), **data))


@never_cache
@door("playbook.edit")
def track_new(request: Asked, code: str) -> HttpResponse:
    """The track of a kind from a day on."""
    held = get_object_or_404(Framework, code=code)
    form = TrackForm(request.POST or None, initial={
        "kind": request.GET.get("kind", "")[:60], "since": localdate()})
    form.fields["kind"].choices = _kinds()  # type: ignore[attr-defined]
    form.fields["member"].choices = [  # type: ignore[attr-defined]
        ("", "—"), *((row.code, str(words_of(row))) for row in held.members.filter(
            is_track=True, until__isnull=True).order_by("slot", "id"))]
    return _changed(request, held, form, Words("类别的跑道", "The track of a kind"),
                    lambda data: put_on_track(held.code, by=request.actor, at=now(),
                                              seen=stamp_seen(request), **data))


def _changed(
    request: Asked, held: Framework, form: PlainForm, title: Words,
    change: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """Show the form, or make the change and go back; what is refused keeps the typing."""
    status, back = 200, f"{reverse('frameworks')}?code={held.code}"
    if request.method == "POST" and form.is_valid():
        try:
            change(form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
            status = 409 if isinstance(refusal, SomebodyElseDecided) else 422
        else:
            messages.success(request, str(Words("已记下，从所写的日期起生效。",
                                                "Recorded; it holds from that day.")))
            return redirect(back)
    return render(request, "shell/change.html", {
        "form": form, "about": FROM_THEN, "name": words_of(held), "title": title, "back": back,
        "seen": stamp_of(held.code),
    }, status=status if status != 200 or not form.errors else 422)


def _present(held: Framework, code: str) -> dict[str, object]:
    row = held.members.filter(code=code, until__isnull=True).first()
    if row is None:
        return {"since": localdate()}
    return {"code": row.code, "slot": row.slot, "name": row.name, "name_en": row.name_en,
            "is_track": row.is_track, "since": localdate()}


def _kinds() -> list[tuple[str, str]]:
    """Every list and every kind in it, indented by depth."""
    lists = {one.code: Words(one.name, one.name_en or one.name)
             for one in KindList.objects.order_by("code")}
    rows = [(code, str(name)) for code, name in lists.items()]
    rows += [(code, indented(code)) for code in Kind.objects.values_list("code", flat=True)]
    return [("", str(Words("任何类别", "any kind"))), *sorted(rows)]
