"""No question makes the JSON API or Open311 fail, or answer what their documents do not say."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils.timezone import now
from hypothesis import strategies as st
from tests.fuzz.asking import Tally, ask_all

from yiwang.kernel.cases.tests.town import TOWN, Town
from yiwang.kernel.people.keys import make_key
from yiwang.kernel.people.models import Person, Term
from yiwang.kernel.people.rules import SYSTEM
from yiwang.practices.events.states import EVENT
from yiwang.practices.events.tests.api_ground import caller, ground

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(actor: Callable[..., Any]) -> Town:
    return ground(actor)


@pytest.fixture
def app(tmp_path: Any, settings: Any) -> Iterator[WSGIHandler]:
    """The whole application in process, on the connection of the test."""
    settings.FILES = tmp_path
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield WSGIHandler()
    for signal in signals:
        signal.connect(close_old_connections)


def statuses(tally: Tally) -> set[int]:
    return {status for told in tally.values() for status in told}


def test_the_json_api_answers_as_its_document_says(town: Town, app: WSGIHandler) -> None:
    Term.objects.create(person=Person.objects.get(account="desk"), role="office", area=TOWN,
                        team=town.build, since=town.at.date().replace(year=2020))
    cases = [str(case.id) for case in (town.open(), town.assigned(), town.checking())]
    known: dict[str, Any] = {
        "case_id": st.sampled_from(cases), "kind": st.just("GB2021/E.01.10"),
        "move": st.sampled_from(sorted({move.code for move in EVENT.moves})),
        "fields": st.fixed_dictionaries({"reason": st.text(max_size=20)}, optional={
            "team": st.just(str(town.police.id)), "photo": st.just([])}),
        "place": st.just(f"{TOWN}221"), "text": st.text(min_size=1, max_size=30),
        "point": st.none(), "code": st.sampled_from([f"{TOWN}221001", "events.open"]),
        "under": st.sampled_from([TOWN, "GB2021"]), "by": st.just("area"), "key": st.just(TOWN),
        "If-Match": st.just("*"), "reporter": st.just({"name": "", "phone": ""}),
    }
    key = caller("desk").secret
    tally = ask_all("/api/v1/openapi.json", app,
                    headers={"Authorization": f"Bearer {key}"}, known=known)
    assert len(tally) == 16
    assert {200, 201, 404, 409, 422} <= statuses(tally)


def test_open311_answers_as_its_document_says(town: Town, app: WSGIHandler) -> None:
    secret = make_key("试", ["open311.write"], area=TOWN, hourly=100_000, by=SYSTEM, at=now())[1]
    number = town.assigned().number
    known: dict[str, Any] = {
        "service_code": st.just("GB2021-E.01.10"), "service_request_id": st.just(number),
        "api_key": st.just(secret), "lat": st.just(29.89), "long": st.just(121.87),
        "jurisdiction_id": st.sampled_from(["", TOWN]), "phone": st.just(""),
    }
    tally = ask_all("/open311/v2/openapi.json", app, headers={}, known=known)
    assert len(tally) == 16
    assert {200, 201, 400, 403, 404} <= statuses(tally)


def test_features_answer_as_their_document_says(town: Town, app: WSGIHandler) -> None:
    number = town.assigned().number
    known = {"id": st.sampled_from([number, f"{TOWN}221001"]),
             "datetime": st.sampled_from(["2026-01-01/..", "2026-01-01"]),
             "bbox": st.just([121.0, 29.0, 122.0, 30.0]), "cursor": st.just("MzMw")}
    tally = ask_all("/ogc/api", app, headers={}, known=known)
    assert len(tally) == 12  # all but the document itself
    assert {200, 400, 404} <= statuses(tally)
