"""The pages of webhooks: whom we tell what happens to cases, and how the telling went."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import lazystr
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.queries import scope_filter
from yiwang.kernel.webhooks import actions
from yiwang.kernel.webhooks.envelope import schema
from yiwang.kernel.webhooks.models import Delivery, Webhook
from yiwang.kernel.webhooks.rules import MODES, TEST_WORDS, TYPES, full_type
from yiwang.shell.doors import Asked, door, public, refused

from .people_forms import UNIT_HINT, PlainForm, text

PAGE, LOG = 200, 50  # webhooks; newest deliveries
STATES: dict[str, tuple[str, Words]] = {
    Delivery.State.WAITING: ("warn", Words("待送", "waiting")),
    Delivery.State.DONE: ("ok", Words("已送达", "delivered")),
    Delivery.State.FAILED: ("bad", Words("没有送达", "not delivered")),
}
ACTS = {
    "test": (actions.send_test, Words("测试事件已排队。", "A test event is in the queue.")),
    "pause": (actions.pause_webhook, Words("已暂停。", "It is paused.")),
    "resume": (actions.resume_webhook, Words("继续推送。", "It goes on.")),
    "end": (actions.end_webhook, Words("推送已结束。", "The webhook has ended.")),
}


class WebhookForm(PlainForm):
    """A system that is told."""

    name = text("给哪个系统", "For which system", 60)
    url = text("接收地址", "Address", 400, Words("https://…", "https://…"))
    area = text("哪一片", "Which part of town", 18, UNIT_HINT)
    types = forms.MultipleChoiceField(
        label=lazystr(Words("哪些事件", "Which events")), widget=forms.CheckboxSelectMultiple,
        choices=[(code, lazystr(words)) for code, words in TYPES.items()])
    mode = forms.ChoiceField(
        label=lazystr(Words("格式", "Form")), widget=forms.RadioSelect,
        choices=[(code, lazystr(words)) for code, words in MODES.items()])
    asks_first = forms.BooleanField(required=False, label=lazystr(Words(
        "先征得对方同意（CloudEvents 握手）", "Ask the receiver first (CloudEvents handshake)")))


class ReplayForm(PlainForm):
    """From where events are sent again: behind a sequence, or since a time."""

    after = forms.IntegerField(required=False, min_value=0, label=lazystr(
        Words("序号之后", "After sequence")))
    since = forms.DateTimeField(
        required=False, label=lazystr(Words("或自此时起", "Or since")),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


def _mine(request: Asked) -> QuerySet[Webhook]:
    return Webhook.objects.filter(scope_filter(request.actor, "system.edit", "",
                                               area_field="area"))


@door("system.edit")
def webhooks(request: Asked) -> HttpResponse:
    """Webhooks of the reader's area, those in force first."""
    found = sorted(_mine(request).order_by("name")[:PAGE], key=lambda hook: bool(hook.ended_at))
    return render(request, "shell/webhooks/list.html", {
        "hooks": found, "types": [(full_type(code), words) for code, words in TYPES.items()]})


@never_cache
@door("system.edit")
def webhook_new(request: Asked) -> HttpResponse:
    """A new webhook; its secret is on the answer and nowhere else."""
    area = next((grant.area for grant in request.actor.grants
                 if "system.edit" in grant.capabilities), "")
    form = WebhookForm(request.POST or None, initial={
        "types": list(TYPES), "mode": "structured", "area": area})
    if request.method == "POST" and form.is_valid():
        try:
            hook, secret = actions.make_webhook(by=request.actor, at=now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _secret(request, hook, secret)
    return render(request, "shell/webhooks/new.html", {"form": form},
                  status=422 if form.errors else 200)


@door("system.edit")
def webhook(request: Asked, hook_id: UUID) -> HttpResponse:
    """One webhook: what it wants, how it stands, its newest deliveries."""
    return _page(request, get_object_or_404(_mine(request), pk=hook_id), ReplayForm())


def _page(request: Asked, hook: Webhook, form: ReplayForm, status: int = 200) -> HttpResponse:
    log = Delivery.objects.filter(webhook=hook).select_related("told").order_by("-told")[:LOG]
    rows = [(one, *STATES[one.state], TYPES.get(one.told.type, TEST_WORDS)) for one in log]
    return render(request, "shell/webhooks/webhook.html", {
        "hook": hook, "rows": rows, "form": form, "mode": MODES[hook.mode],
        "types": [TYPES[code] for code in hook.types or TYPES]}, status=status)


@never_cache
@require_POST
@door("system.edit")
def webhook_act(request: Asked, hook_id: UUID, act: str) -> HttpResponse:
    """Test, pause, go on, end, or a new secret."""
    hook = get_object_or_404(_mine(request), pk=hook_id)
    try:
        if act == "rotate":
            return _secret(request, hook, actions.rotate_secret(hook, by=request.actor, at=now()))
        if act not in ACTS:
            raise Http404
        do, said = ACTS[act]
        do(hook, by=request.actor, at=now())
    except Refusal as refusal:
        return refused(request, refusal)
    messages.success(request, str(said))
    return redirect("webhook", hook_id=hook.pk)


@require_POST
@door("system.edit")
def webhook_again(request: Asked, hook_id: UUID, delivery_id: int) -> HttpResponse:
    """One event once more."""
    hook = get_object_or_404(_mine(request), pk=hook_id)
    delivery = get_object_or_404(Delivery.objects.select_related("webhook"), pk=delivery_id,
                                 webhook=hook)
    try:
        actions.send_again(delivery, by=request.actor, at=now())
    except Refusal as refusal:
        return refused(request, refusal)
    messages.success(request, str(Words("已重新排队。", "It is in the queue again.")))
    return redirect("webhook", hook_id=hook.pk)


@require_POST
@door("system.edit")
def webhook_replay(request: Asked, hook_id: UUID) -> HttpResponse:
    """All that was logged behind a cursor, once more."""
    hook, form = get_object_or_404(_mine(request), pk=hook_id), ReplayForm(request.POST)
    if form.is_valid():
        given: dict[str, int | datetime | None] = form.cleaned_data
        try:
            count = actions.replay(hook, by=request.actor, at=now(), **given)  # type: ignore[arg-type]
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(Words("{n} 条事件已排队。", "{n} {n:event is|events are} "
                                                "in the queue.").filled(n=count)))
            return redirect("webhook", hook_id=hook.pk)
    return _page(request, hook, form, 422)


def _secret(request: Asked, hook: Webhook, secret: str) -> HttpResponse:
    return render(request, "shell/webhooks/secret.html", {"hook": hook, "secret": secret})


@public("what other systems are told about a case, in form; no case is in it")
def webhook_schema(request: Asked) -> HttpResponse:
    """JSON Schema of the data of events about cases."""
    return JsonResponse(schema(), content_type="application/schema+json")
