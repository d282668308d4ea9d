"""Webhooks as a receiver meets them: signed, in order, again when it failed, from a cursor."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from yiwang.kernel.cases.tests.town import TOWN, Town, make_town
from yiwang.kernel.courier import Courier, send_all
from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.ids import new_id
from yiwang.kernel.outgoing.tests.receiver import Receiver, Reply, receiving
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records.outbox import deliver
from yiwang.kernel.records.sealed import seal
from yiwang.kernel.webhooks import actions
from yiwang.kernel.webhooks.envelope import new_secret
from yiwang.kernel.webhooks.forgetting import forget_told
from yiwang.kernel.webhooks.listening import line_up
from yiwang.kernel.webhooks.models import Delivery, Told, Webhook
from yiwang.kernel.work import listeners

pytestmark = pytest.mark.django_db
Hour = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _trusted(settings: Any) -> None:
    settings.OUTGOING_HOSTS = ["127.0.0.1"]


@pytest.fixture
def town(at: datetime, actor: Callable[..., Any]) -> Town:
    return make_town(at, actor)


@pytest.fixture
def here() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def hook_to(address: str, at: datetime, **more: Any) -> tuple[Webhook, str]:
    given = {"area": TOWN, "types": [], **more}
    return actions.make_webhook("小程序", address, by=SYSTEM, at=at, **given)


def sent(at: datetime) -> int:
    """One round of the worker and of the courier."""
    deliver(listeners(), at=at)
    return send_all(lambda: at)


def bodies(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(body) for method, _, _, body in receiver.got if method == "POST"]


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Standard Webhooks, worked out here on its own."""
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(base64.b64decode(secret[len("whsec_"):]), said, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}" in headers["webhook-signature"].split(" ")


def test_a_life_is_told_in_order_and_names_nobody(town: Town, here: Receiver, at: datetime) -> None:
    _, secret = hook_to(here.address, at)
    case = town.closed()
    assert sent(at) == 4
    told = bodies(here)
    assert [event["type"] for event in told] == [
        f"cn.yiwang.case.{what}.v1" for what in ("reported", "moved", "moved", "closed")]
    assert {event["subject"] for event in told} == {str(case.id)}
    assert [event["sequence"] for event in told] == sorted(event["sequence"] for event in told)
    assert told[-1]["data"] == {"number": case.number, "practice": "events", "kind": case.kind,
                                "area": case.area, "state": "closed"}
    assert told[1]["data"]["step"] == "assign"
    for _, _, headers, body in here.got:
        assert is_signed(secret, headers, body)
        assert headers["content-type"] == "application/cloudevents+json; charset=utf-8"
        assert headers["webhook-id"] == json.loads(body)["id"]
        for word in ("积水", "霞浦中路", "李工", "person/"):
            assert word not in body.decode()
    assert sent(at) == 0


def test_binary_mode_has_the_envelope_in_headers(town: Town, here: Receiver, at: datetime) -> None:
    _, secret = hook_to(here.address, at, mode="binary")
    case = town.open()
    sent(at)
    _, _, headers, body = here.got[0]
    assert json.loads(body)["number"] == case.number
    assert headers["ce-type"] == "cn.yiwang.case.reported.v1"
    assert (headers["ce-specversion"], headers["ce-subject"]) == ("1.0", str(case.id))
    assert is_signed(secret, headers, body)


def test_only_the_types_and_the_part_of_town_asked_for(
    town: Town, here: Receiver, at: datetime
) -> None:
    hook_to(here.address + "/closed", at, types=["case.closed"])
    hook_to(here.address + "/next", at, area="330206006")
    hook_to(here.address + "/cell", at, area=TOWN + "221001", types=["case.reported"])
    town.closed()
    sent(at)
    assert sorted(path for _, path, _, _ in here.got) == ["/cell", "/closed"]


def test_a_failure_waits_longer_each_time_and_is_told_under_the_same_id(
    town: Town, at: datetime
) -> None:
    with receiving(Reply(500), Reply(500), Reply(204)) as here:
        hook_to(here.address, at)
        town.open()
        assert sent(at) == 0
        first = Delivery.objects.get()
        assert (first.tries, first.status) == (1, 500)
        assert timedelta(seconds=23) < first.due_at - at < timedelta(seconds=37)
        assert sent(at + timedelta(seconds=20)) == 0
        assert sent(at + Hour) == 0
        assert sent(at + 2 * Hour) == 1
        assert len({headers["webhook-id"] for _, _, headers, _ in here.got}) == 1
        assert len(here.got) == 3


def test_after_ten_tries_it_stays_in_the_log_and_can_be_sent_again(
    town: Town, at: datetime
) -> None:
    with receiving(Reply(500)) as here:
        hook_to(here.address, at)
        town.open()
        for day in range(12):
            sent(at + timedelta(days=day))
        delivery = Delivery.objects.get()
        assert (delivery.state, delivery.tries, len(here.got)) == ("failed", 10, 10)
        here.replies = [Reply(200)]
        actions.send_again(delivery, by=SYSTEM, at=at + timedelta(days=12))
        assert sent(at + timedelta(days=12)) == 1


def test_gone_ends_it(town: Town, at: datetime) -> None:
    with receiving(Reply(410)) as here:
        hook, _ = hook_to(here.address, at)
        town.closed()
        sent(at)
        hook.refresh_from_db()
        assert (hook.gone, hook.ended_at) == (True, at)
        assert not Delivery.objects.filter(state="waiting").exists()
        assert len(here.got) == 1
        with pytest.raises(Refusal):
            actions.send_test(hook, by=SYSTEM, at=at)


def test_too_many_is_waited_out_and_no_failed_try(town: Town, at: datetime) -> None:
    with receiving(Reply(429, {"Retry-After": "3600"}), Reply(204)) as here:
        hook_to(here.address, at)
        town.open()
        town.open()
        sent(at)
        assert sent(at + timedelta(minutes=59)) == 0
        assert Delivery.objects.order_by("told").first().tries == 0  # type: ignore[union-attr]
        assert sent(at + timedelta(minutes=61)) == 2


def test_a_case_keeps_its_order_while_another_goes_on(town: Town, at: datetime) -> None:
    with receiving(Reply(500), Reply(204)) as here:
        hook_to(here.address, at)
        first = town.assigned()
        second = town.open()
        sent(at)
        assert sent(at + timedelta(seconds=10)) == 1  # the other case's
        assert bodies(here)[-1]["subject"] == str(second.id)
        assert sent(at + Hour) == 2
        mine = [e["type"] for e in bodies(here)[1:] if e["subject"] == str(first.id)]
        assert mine == ["cn.yiwang.case.reported.v1", "cn.yiwang.case.moved.v1"]


def test_a_new_secret_signs_beside_the_old_one_for_a_day(
    town: Town, here: Receiver, at: datetime
) -> None:
    hook, old = hook_to(here.address, at)
    new = actions.rotate_secret(hook, by=SYSTEM, at=at)
    town.open()
    sent(at)
    assert is_signed(old, *here.got[0][2:])
    assert is_signed(new, *here.got[0][2:])
    town.open()
    sent(at + timedelta(hours=25))
    assert not is_signed(old, *here.got[1][2:])
    assert is_signed(new, *here.got[1][2:])


def test_replay_from_a_sequence_and_from_a_time(town: Town, here: Receiver, at: datetime) -> None:
    hook, _ = hook_to(here.address, at)
    for hours in range(4):
        town.at = at + hours * Hour
        town.open()
    actions.send_test(hook, by=SYSTEM, at=at)
    later = at + 5 * Hour
    assert sent(later) == 5
    ids = [event["id"] for event in bodies(here) if "case" in event["type"]]
    second = Told.objects.filter(type="case.reported").order_by("seq")[1]
    assert actions.replay(hook, after=second.seq, by=SYSTEM, at=later) == 2
    sent(later)
    assert [event["id"] for event in bodies(here)[5:]] == ids[2:]
    assert actions.replay(hook, since=at + Hour, by=SYSTEM, at=later) == 3
    wrongs: list[dict[str, Any]] = [{}, {"after": 1, "since": at}]
    for wrong in wrongs:
        with pytest.raises(Refusal) as caught:
            actions.replay(hook, by=SYSTEM, at=later, **wrong)
        assert caught.value.field == "after"


def test_paused_it_keeps_what_happens_meanwhile(town: Town, here: Receiver, at: datetime) -> None:
    hook, _ = hook_to(here.address, at)
    actions.pause_webhook(hook, by=SYSTEM, at=at)
    town.open()
    assert sent(at) == 0
    actions.resume_webhook(hook, by=SYSTEM, at=at)
    assert sent(at) == 1


@pytest.mark.parametrize(("allowed", "agreed"), [("*", True), ("127.0.0.1", True), ("x", False)])
def test_a_receiver_is_asked_first_where_it_is_wished(
    town: Town, at: datetime, allowed: str, agreed: bool
) -> None:
    with receiving(Reply(200, {"WebHook-Allowed-Origin": allowed})) as here:
        hook_to(here.address, at, asks_first=True)
        town.open()
        sent(at)
        assert here.got[0][0] == "OPTIONS"
        assert here.got[0][2]["webhook-request-origin"] == "127.0.0.1"
        assert bool(bodies(here)) is agreed


def test_nothing_is_logged_while_nobody_listens(town: Town, at: datetime) -> None:
    town.closed()
    sent(at)
    assert not Told.objects.exists()


def test_the_log_is_forgotten_after_a_month_but_not_what_waits(
    town: Town, here: Receiver, at: datetime
) -> None:
    hook_to(here.address, at)
    town.open()
    sent(at)
    town.open()
    deliver(listeners(), at=at)
    assert forget_told(at=at + timedelta(days=29)) == 0
    assert forget_told(at=at + timedelta(days=31)) == 1
    assert Delivery.objects.get().state == "waiting"


def test_who_may_and_what_is_wrong(at: datetime, actor: Callable[..., Any]) -> None:
    admin = actor("system_admin")
    good = {"types": [], "area": TOWN, "by": admin, "at": at}
    with pytest.raises(NotAllowed):
        actions.make_webhook("x", "https://a.example", **{**good, "by": actor("dispatcher")})
    with pytest.raises(NotAllowed):
        actions.make_webhook("x", "https://a.example", **{**good, "area": "330206006"})
    for field, wrong in (("name", {"name": " "}), ("url", {"url": "http://a.example"}),
                         ("types", {"types": ["x"]}), ("mode", {"mode": "x"}),
                         ("area", {"area": "xyz"})):
        given = {"name": "x", "url": "https://a.example", **good, **wrong}
        with pytest.raises(Refusal) as caught:
            actions.make_webhook(**given)
        assert caught.value.field == field


@pytest.mark.django_db(transaction=True)
def test_a_slow_receiver_holds_up_nobody(at: datetime) -> None:
    with receiving(Reply(204, wait=1.0)) as slow, receiving() as quick:
        hooks = [Webhook.objects.create(name="x", url=one.address, types=[], area=TOWN, made_at=at,
                                        mode="structured", secret_sealed=seal(new_secret()))
                 for one in (slow, quick)]
        for seq in range(1, 4):
            told = Told.objects.create(seq=seq, id=new_id(), type="case.moved", subject=new_id(),
                                       area=TOWN, at=at, data={})
            line_up(told, hooks)
        courier, began = Courier(lambda: at), time.monotonic()
        assert courier.round() == 2
        while len(quick.got) < 3 and time.monotonic() - began < 5:
            time.sleep(0.02)
        took = time.monotonic() - began
        courier.close()
    assert took < 0.9  # before the slow one has answered once
    assert (len(slow.got), len(quick.got)) == (3, 3)
