"""One webhook's turn: what waits for it is sent in order, until something goes wrong."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, F, OuterRef, QuerySet

from yiwang.kernel.outgoing import turns
from yiwang.kernel.outgoing.call import Answer, call
from yiwang.kernel.outgoing.rules import retry_after
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records.sealed import unseal

from .actions import end_webhook
from .envelope import Event, signatures, written
from .models import Delivery, Told, Webhook
from .rules import RULES

Clock = Callable[[], datetime]
GONE, TOO_MANY, UNAVAILABLE = 410, 429, 503
SCHEMA_PATH = "/webhooks/case.schema.json"


def due(at: datetime) -> list[Webhook]:
    """Webhooks that have something to be sent now and are not being served, oldest call first."""
    waiting = Delivery.objects.filter(webhook=OuterRef("pk"), state=Delivery.State.WAITING,
                                      due_at__lte=at)
    open_ = Webhook.objects.filter(turns.ready(at), ended_at__isnull=True, paused_at__isnull=True)
    return list(open_.filter(Exists(waiting)).order_by(F("next_at").asc(nulls_first=True)))


def serve(hook: Webhook, clock: Clock) -> int:
    """Send to one webhook for one turn; returns how many were taken. Never raises for a call."""
    if not turns.claim(_row(hook), clock()):
        return 0
    try:
        hook.refresh_from_db()
        return _turn(hook, clock)
    finally:
        turns.release(_row(hook))


def _turn(hook: Webhook, clock: Clock) -> int:
    if hook.paused_at is not None or hook.ended_at is not None or not _agreed(hook, clock):
        return 0
    done, until = 0, clock() + turns.TURN
    while done < RULES.at_once and clock() < until and (one := _next(hook, clock())):
        if not _send(hook, one, clock):
            break
        done += 1
        turns.hold_on(_row(hook), clock())
    return done


def _row(hook: Webhook) -> QuerySet[Webhook]:
    return Webhook.objects.filter(pk=hook.pk)


def _next(hook: Webhook, at: datetime) -> Delivery | None:
    """The oldest that is due and has no older one of its own case waiting before it."""
    waiting = Delivery.objects.filter(webhook=hook, state=Delivery.State.WAITING)
    before = waiting.filter(subject=OuterRef("subject"), told__lt=OuterRef("told"))
    found: QuerySet[Delivery] = waiting.filter(~Exists(before), due_at__lte=at)
    return found.select_related("told").order_by("told").first()


def _agreed(hook: Webhook, clock: Clock) -> bool:
    """Whether the receiver wants it (CloudEvents HTTP 1.1 Web Hooks, 4): asked once, if at all."""
    if not hook.asks_first or hook.agreed_at is not None:
        return True
    answer = call(hook.url, method="OPTIONS", headers={"webhook-request-origin": origin()})
    allowed = answer.headers.get("webhook-allowed-origin", "")
    if answer.well and allowed in ("*", origin()):
        _row(hook).update(agreed_at=clock(), failures=0, next_at=None)
        return True
    turns.went_wrong(_row(hook), hook.failures, clock())
    one = _next(hook, clock())
    if one is not None:
        _log(one, Answer(answer.status, ms=answer.ms, error=answer.error or "not agreed"), clock())
    return False


def _send(hook: Webhook, delivery: Delivery, clock: Clock) -> bool:
    """One call and what follows from its answer; whether the next may be sent."""
    at = clock()
    body, headers = written(event_of(delivery.told), hook.mode)
    keys = secrets_of(hook, at)
    signed = signatures(keys, delivery.told.id, at, body)
    answer = call(hook.url, headers={**headers, **signed, "user-agent": "Yiwang"}, body=body)
    return _after(hook, delivery, answer, clock())


def _after(hook: Webhook, delivery: Delivery, answer: Answer, at: datetime) -> bool:
    if answer.well:
        _log(delivery, answer, at, state=Delivery.State.DONE, tries=delivery.tries + 1)
        turns.went_well(_row(hook))
        return True
    asked = retry_after(answer.headers.get("retry-after", ""), now_seconds=at.timestamp())
    if answer.status in (TOO_MANY, UNAVAILABLE) and asked is not None:
        _log(delivery, answer, at, due_at=at + asked)  # it asked for patience: not a failed try
    else:
        _failed(delivery, answer, at)
    if answer.status == GONE:
        end_webhook(hook, by=SYSTEM, at=at, gone=True)
    else:
        turns.went_wrong(_row(hook), hook.failures, at, asked)
    return False


def _failed(delivery: Delivery, answer: Answer, at: datetime) -> None:
    tries = delivery.tries + 1
    again = turns.next_try(tries, at)
    state = Delivery.State.WAITING if again else Delivery.State.FAILED
    _log(delivery, answer, at, state=state, tries=tries, due_at=again or at)


def _log(delivery: Delivery, answer: Answer, at: datetime, **columns: object) -> None:
    Delivery.objects.filter(pk=delivery.pk).update(
        status=answer.status, ms=answer.ms, error=answer.error[:200], tried_at=at, **columns)


def secrets_of(hook: Webhook, at: datetime) -> list[str]:
    """The secrets in force: the newest first, the one before it for a while."""
    old = hook.old_secret_until is not None and at < hook.old_secret_until
    return [unseal(hook.secret_sealed), *([unseal(hook.old_secret_sealed)] if old else [])]


def event_of(told: Told) -> Event:
    """A logged event as it is told."""
    schema = f"{settings.ADDRESS}{SCHEMA_PATH}" if settings.ADDRESS else ""
    return Event(told.id, told.seq, told.type, told.subject, told.at, told.data,
                 source=settings.ADDRESS or f"//{settings.ALLOWED_HOSTS[0]}",
                 schema=schema if told.type.startswith("case.") else "")


def origin() -> str:
    """The host name we ask under."""
    return urlsplit(settings.ADDRESS).hostname or str(settings.ALLOWED_HOSTS[0])
