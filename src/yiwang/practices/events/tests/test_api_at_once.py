"""Two at once, each with a connection of its own: one case, one move, one answer for both."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.tests.town import TOWN, Town
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.tests.at_once import empty_trail, together

from .api_ground import V1, caller, ground

pytestmark = pytest.mark.django_db(transaction=True)
PILE = {"kind": "GB2021/E.01.10", "text": "垃圾堆到桶外", "place": f"{TOWN}221"}


@pytest.fixture
def town(transactional_db: None, actor: Callable[..., Any]) -> Iterator[Town]:
    """The town, committed."""
    yield ground(actor)
    empty_trail()


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
