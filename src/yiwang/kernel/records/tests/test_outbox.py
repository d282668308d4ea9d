"""Events are handed on at least once, and what they write here exactly once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction

from yiwang.kernel.records import outbox
from yiwang.kernel.records.models import Counter, OutboxMessage


@dataclass(frozen=True)
class Rang:
    """A bell rang."""

    bell: str


def count(body: dict[str, Any]) -> outbox.Write:
    return lambda: add_one(body["bell"])


def add_one(bell: str) -> None:
    made, _ = Counter.objects.get_or_create(name=bell)
    Counter.objects.filter(name=made.name).update(last=made.last + 1)


@pytest.mark.django_db
def test_each_listener_hears_each_event_once(at: datetime) -> None:
    outbox.publish(Rang("a"), at=at)
    outbox.publish(Rang("a"), at=at)
    assert outbox.deliver({"Rang": (count,)}, at=at) == 2
    assert outbox.deliver({"Rang": (count,)}, at=at) == 0
    assert Counter.objects.get(name="a").last == 2


@pytest.mark.django_db
@pytest.mark.parametrize("when", ["hearing", "writing"])
def test_a_listener_that_fails_changes_nothing_and_is_asked_again(
    at: datetime, when: str
) -> None:
    def fails(body: dict[str, Any]) -> outbox.Write:
        if when == "hearing":
            raise ValueError("no")

        def write() -> None:
            add_one(body["bell"])
            raise ValueError("no")

        return write

    outbox.publish(Rang("a"), at=at)
    assert outbox.deliver({"Rang": (fails,)}, at=at) == 0
    message = OutboxMessage.objects.get()
    assert (message.delivered_at, message.attempts) == (None, 1)
    assert "no" in message.last_error
    assert not Counter.objects.filter(name="a").exists()
    assert outbox.deliver({"Rang": (count,)}, at=at) == 1


@pytest.mark.django_db
def test_a_failing_event_does_not_hold_up_the_next(at: datetime) -> None:
    def picky(body: dict[str, Any]) -> outbox.Write:
        if body["bell"] == "a":
            raise ValueError
        return count(body)

    outbox.publish(Rang("a"), at=at)
    outbox.publish(Rang("b"), at=at)
    assert outbox.deliver({"Rang": (picky,)}, at=at) == 1
    assert Counter.objects.get(name="b").last == 1


@pytest.mark.django_db(transaction=True)
def test_an_event_of_a_change_undone_is_never_heard(at: datetime) -> None:
    with transaction.atomic():
        outbox.publish(Rang("a"), at=at)
        transaction.set_rollback(True)
    assert outbox.deliver({"Rang": (count,)}, at=at) == 0


@pytest.mark.django_db
def test_who_listens_without_writing_has_heard(at: datetime) -> None:
    for _ in range(outbox.TOGETHER + 1):
        outbox.publish(Rang("a"), at=at)
    heard: list[dict[str, Any]] = []
    assert outbox.deliver({"Rang": (heard.append,)}, at=at) == outbox.TOGETHER + 1
    assert outbox.deliver({"Rang": (heard.append,)}, at=at) == 0
    assert len(heard) == outbox.TOGETHER + 1
