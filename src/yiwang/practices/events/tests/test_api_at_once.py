"""Two at once, each with a connection of its own: one case, one move, one answer for both."""

import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.tests.town import TOWN, Town
from yiwang.kernel.records.models import TrailEntry

from .api_ground import V1, caller, ground

pytestmark = pytest.mark.django_db(transaction=True)
PILE = {"kind": "GB2021/E.01.10", "text": "垃圾堆到桶外", "place": f"{TOWN}221"}


@pytest.fixture
def town(transactional_db: None, actor: Callable[..., Any]) -> Iterator[Town]:
    """The town, committed; SQLite lets the trail be emptied afterwards only without its trigger."""
    yield ground(actor)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_words")
        if connection.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE name = 'trail_no_delete'")
            (trigger,) = cursor.fetchone()
            cursor.execute("DROP TRIGGER trail_no_delete")
            cursor.execute("DELETE FROM kernel_trailentry")
            cursor.execute(trigger)


def together(times: int, ask: Callable[[Client], Any]) -> list[Any]:
    """The answers of that many threads that ask at the same moment."""
    begin, answers = threading.Barrier(times), []

    def run() -> None:
        begin.wait()
        answers.append(ask(Client()))
        connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def headers(secret: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}",
            **{name.replace("_", "-"): value for name, value in more.items()}}


def test_the_same_report_from_four_at_once_is_one_case(town: Town) -> None:
    secret = caller("desk").secret
    answers = together(4, lambda client: client.post(
        f"{V1}/cases", json.dumps(PILE), "application/json",
        headers=headers(secret, Idempotency_Key="k")))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert sorted(answer["Idempotency-Replayed"] for answer in answers) == ["false"] + ["true"] * 3
    assert Case.objects.count() == 1


def test_of_four_moves_of_one_version_one_is_made(town: Town) -> None:
    case, secret = town.open(), caller("desk").secret
    body = {"move": "assign", "fields": {"team": str(town.build.id)}}
    answers = together(4, lambda client: client.post(
        f"{V1}/cases/{case.id}/moves", json.dumps(body), "application/json",
        headers=headers(secret, If_Match=f'"{case.version}"')))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]
    assert TrailEntry.objects.filter(verb="assign").count() == 1
