"""What administrators do with webhooks. Each leaves a trail entry; secrets are shown once."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.ids import new_id
from yiwang.kernel.outgoing.rules import target_of
from yiwang.kernel.people.rules import SYSTEM, Actor, check_can
from yiwang.kernel.people.scopes import scope_from
from yiwang.kernel.records import trail
from yiwang.kernel.records.numbers import next_serial
from yiwang.kernel.records.sealed import seal

from .envelope import new_secret
from .listening import COUNTER, line_up
from .models import Delivery, Told, Webhook
from .rules import MODES, RULES, TEST, TYPES


@transaction.atomic
def make_webhook(
    name: str, url: str, types: list[str], *, area: str, mode: str = "structured",
    asks_first: bool = False, by: Actor, at: datetime,
) -> tuple[Webhook, str]:
    """A webhook and its signing secret, which is sealed and cannot be shown again."""
    area = scope_from(area)
    _check_may(area, by)
    _check(name, url, types, mode)
    secret = new_secret()
    hook = Webhook.objects.create(
        name=name.strip(), url=url, types=sorted(set(types)), area=area, mode=mode,
        asks_first=asks_first, secret_sealed=seal(secret), made_at=at)
    _note(hook, "make_webhook", by=by, at=at, name=hook.name, url=url, types=hook.types,
          area=area, mode=mode)
    return hook, secret


@transaction.atomic
def rotate_secret(hook: Webhook, *, by: Actor, at: datetime) -> str:
    """A new secret; the old one signs beside it for a day."""
    _check_alive(hook, by)
    secret, until = new_secret(), at + RULES.old_secret
    _change(hook, "rotate_secret", by=by, at=at, old_secret_until=until,
            old_secret_sealed=bytes(hook.secret_sealed), secret_sealed=seal(secret))
    return secret


@transaction.atomic
def pause_webhook(hook: Webhook, *, by: Actor, at: datetime) -> None:
    """Nothing is sent until it goes on; what happens meanwhile waits in its queue."""
    _check_alive(hook, by)
    if hook.paused_at is None:
        _change(hook, "pause_webhook", by=by, at=at, paused_at=at)


@transaction.atomic
def resume_webhook(hook: Webhook, *, by: Actor, at: datetime) -> None:
    """Sending goes on at once, also to a receiver that kept failing."""
    _check_alive(hook, by)
    _change(hook, "resume_webhook", by=by, at=at, paused_at=None, failures=0, next_at=None)


@transaction.atomic
def end_webhook(hook: Webhook, *, by: Actor, at: datetime, gone: bool = False) -> None:
    """Nothing more is sent; what waited is dropped, the log stays. ``gone``: it said 410."""
    _check_may(hook.area, by)
    if hook.ended_at is None:
        _change(hook, "end_webhook", by=by, at=at, ended_at=at, gone=gone)
        Delivery.objects.filter(webhook=hook, state=Delivery.State.WAITING).update(
            state=Delivery.State.FAILED, error="ended")


@transaction.atomic
def send_test(hook: Webhook, *, by: Actor, at: datetime) -> Told:
    """An event of the type ``webhook.test``, for this webhook alone."""
    _check_alive(hook, by)
    told = Told.objects.create(seq=next_serial(COUNTER), id=new_id(), type=TEST, subject=hook.id,
                               area=hook.area, at=at, data={"name": hook.name})
    line_up(told, [hook])
    _note(hook, "send_test", by=by, at=at, event=told.id)
    return told


@transaction.atomic
def send_again(delivery: Delivery, *, by: Actor, at: datetime) -> None:
    """The same event once more, under its own id, with all its tries before it."""
    _check_alive(delivery.webhook, by)
    _wait_anew(Delivery.objects.filter(pk=delivery.pk), at)
    _note(delivery.webhook, "send_again", by=by, at=at, event=delivery.told_id)


@transaction.atomic
def replay(
    hook: Webhook, *, after: int | None = None, since: datetime | None = None, by: Actor,
    at: datetime,
) -> int:
    """Send what was logged behind a cursor (a sequence, or a time) again; returns how many.

    Events keep their ids and their order; what the webhook does not want is left out.
    """
    _check_alive(hook, by)
    found = _behind(hook, after, since)
    Delivery.objects.bulk_create(
        [Delivery(webhook=hook, told_id=seq, subject=subject, due_at=at) for seq, subject in found],
        ignore_conflicts=True, batch_size=1000)
    if found:
        _wait_anew(Delivery.objects.filter(
            webhook=hook, told__gte=found[0][0], told__lte=found[-1][0],
        ).exclude(told__type=TEST), at)
    _note(hook, "replay", by=by, at=at, after=after, since=since, events=len(found))
    return len(found)


def _behind(hook: Webhook, after: int | None, since: datetime | None) -> list[tuple[int, Any]]:
    if (after is None) == (since is None):
        raise Refusal("cursor", Words("写序号或时间，二者取一。",
                                      "Give a sequence or a time, one of the two."), field="after")
    log = Told.objects.filter(area__startswith=hook.area).exclude(type=TEST).order_by("seq")
    log = log.filter(seq__gt=after) if since is None else log.filter(at__gte=since)
    if hook.types:
        log = log.filter(type__in=hook.types)
    found = list(log.values_list("seq", "subject")[:RULES.most_replayed + 1])
    if len(found) > RULES.most_replayed:
        raise Refusal("too_many", Words(
            "一次最多重放 {n} 条。", "At most {n} events at once.").filled(
            n=RULES.most_replayed), Words("分几段重放。", "Replay in parts."), field="after")
    return found


def _wait_anew(deliveries: Any, at: datetime) -> None:
    deliveries.update(state=Delivery.State.WAITING, tries=0, due_at=at, error="")


def _check_may(area: str, by: Actor) -> None:
    if by != SYSTEM:
        check_can(by, "system.edit", area=area)


def _check_alive(hook: Webhook, by: Actor) -> None:
    _check_may(hook.area, by)
    if hook.ended_at is not None:
        raise Refusal("ended", Words("这个推送已经结束。", "This webhook has ended."),
                      Words("要用就新建一个。", "Make a new one."))


def _check(name: str, url: str, types: list[str], mode: str) -> None:
    if not 0 < len(name.strip()) <= RULES.longest_name:
        raise Refusal("name", Words("名称 1 至 {n} 字。", "A name has 1–{n} characters.").filled(
            n=RULES.longest_name), field="name")
    target_of(url, settings.OUTGOING_HOSTS)
    if set(types) - TYPES.keys():
        raise Refusal("types", Words("没有这种事件。", "There is no such type."), field="types")
    if mode not in MODES:
        raise Refusal("mode", Words("没有这种格式。", "There is no such mode."), field="mode")
    if Webhook.objects.filter(ended_at__isnull=True).count() >= RULES.most_webhooks:
        raise Refusal("too_many", Words("推送太多，先结束不用的。",
                                        "Too many webhooks: end those not in use."))


def _change(hook: Webhook, verb: str, *, by: Actor, at: datetime, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(hook, name, value)
    hook.save(update_fields=list(columns))
    _note(hook, verb, by=by, at=at, **{
        name: value for name, value in columns.items() if "sealed" not in name})


def _note(hook: Webhook, verb: str, *, by: Actor, at: datetime, **changes: Any) -> None:
    trail.append(stream_of(hook), verb=verb, by=by.ref, at=at, changes=changes)


def stream_of(hook: Webhook) -> str:
    """Where the trail keeps what happened to a webhook."""
    return f"webhook/{hook.pk}"
