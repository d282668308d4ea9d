"""From the outbox to the log of what may be told, and from the log to whoever wants it."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from yiwang.kernel import rows
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.playbook_store import load
from yiwang.kernel.people.rules import covers
from yiwang.kernel.records.numbers import next_serial
from yiwang.kernel.records.outbox import Listener, Write

from .models import Delivery, Told, Webhook
from .rules import TEST, type_of

COUNTER = "webhook-events"  # its row is locked to the end of the transaction: no gap, no overtaking


def listeners() -> dict[str, tuple[Listener, ...]]:
    """Who listens now: nobody while no webhook is in force, and then nothing is logged."""
    if not Webhook.objects.filter(ended_at__isnull=True).exists():
        return {}
    return {name: (_Teller(name),) for name in ("CaseOpened", "CaseMoved", "CaseClosed")}


class _Teller:
    """Logs one kind of event and lines it up for the webhooks that want it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, body: dict[str, Any]) -> Write | None:
        case = rows.one(Case, id=UUID(body["case"]))
        return partial(self._tell, case, body) if case else None

    def _tell(self, case: Case, body: dict[str, Any]) -> None:
        line_up(_logged(self._name, case, body))


def _logged(name: str, case: Case, body: dict[str, Any]) -> Told:
    playbook, was = load(case.playbook, case.playbook_version), str(body.get("was", ""))
    ended = bool(was) and playbook.state(was).final
    state = body.get("now") or body.get("state") or playbook.start
    said = {"number": case.number, "practice": case.practice, "kind": case.kind,
            "area": case.area, "state": state, "was": was, "step": body.get("verb", "")}
    told = Told(
        seq=next_serial(COUNTER), id=UUID(body["id"]), type=type_of(name, was, ended),
        subject=case.id, area=case.area, at=datetime.fromisoformat(body["at"]),
        data={key: value for key, value in said.items() if value})
    rows.insert(told)
    return told


def line_up(told: Told, only: Iterable[Webhook] | None = None) -> int:
    """Put an event in the queue of each webhook that wants it; returns of how many."""
    hooks = Webhook.objects.filter(ended_at__isnull=True) if only is None else only
    waiting = [Delivery(webhook=hook, told=told, subject=told.subject, due_at=told.at)
               for hook in hooks if only is not None or wants(hook, told)]
    Delivery.objects.bulk_create(waiting, ignore_conflicts=True)
    return len(waiting)


def wants(hook: Webhook, told: Told) -> bool:
    """Whether the event is of a kind and a place that the webhook asked for."""
    return (told.type != TEST and covers(hook.area, told.area)
            and (not hook.types or told.type in hook.types))
