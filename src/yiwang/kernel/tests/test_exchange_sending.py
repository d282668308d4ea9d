"""A case handed to another instance: what travels, until when it is tried, what the answers do."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from yiwang.kernel.cases.models import Case, Reporter
from yiwang.kernel.cases.replay import prove
from yiwang.kernel.cases.tests.town import Town, make_town
from yiwang.kernel.courier import send_all
from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.exchange.models import Handed, PeerMessage
from yiwang.kernel.exchange.opening import opened
from yiwang.kernel.exchange.peers import add_peer, send_message_again
from yiwang.kernel.exchange.rules import key_id_of, stamp
from yiwang.kernel.exchange.tests.other import TOWN, Other
from yiwang.kernel.outgoing.tests.receiver import Receiver, Reply, receiving
from yiwang.kernel.people.models import Peer
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places.models import Unit
from yiwang.kernel.records.outbox import deliver
from yiwang.kernel.records.sealed import seal
from yiwang.kernel.work import listeners

pytestmark = pytest.mark.django_db
DONE = {"state": "closed", "result": "solved", "done": "区市政 10 点抽水并更换井盖",
        "for_person": "已可通行", "number": "QU-2026-000007"}


@pytest.fixture(autouse=True)
def _own_key(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path
    settings.OUTGOING_HOSTS = ["127.0.0.1"]


@pytest.fixture
def town(at: datetime, actor: Callable[..., Any]) -> Town:
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu")
    return make_town(at, actor)


@pytest.fixture
def here() -> Iterator[Receiver]:
    with receiving(Reply(503)) as receiver:
        yield receiver


@pytest.fixture
def county(here: Receiver, town: Town, at: datetime) -> Other:
    other = Other()
    other.registered(at, address=here.address)
    return other


def sent(at: datetime) -> int:
    deliver(listeners(), at=at)
    return send_all(lambda: at)


def receipt(other: Other, message: PeerMessage, at: datetime, **body: str) -> bytes:
    """What the other side answers to a message."""
    return json.dumps(other.letter("receipt", body or {"result": "taken", "number": "QU-1"},
                                   at=at, about=message.message)).encode()


def handed_up(town: Town, case: Case | None = None) -> Case:
    moved: Case = town.move(case or town.open(), "hand_up", "desk", reason="超出街道权限")
    return moved


def arrived(town: Town, here: Receiver, county: Other, at: datetime) -> Handed:
    """A case handed up and receipted."""
    handed_up(town)
    sent(at)
    here.replies = [Reply(200, body=receipt(county, PeerMessage.objects.get(), at + HOUR))]
    assert sent(at + HOUR) == 1
    return Handed.objects.get()


HOUR = timedelta(hours=1)


def test_what_travels_and_what_does_not(
    town: Town, here: Receiver, county: Other, at: datetime
) -> None:
    case = town.open(address="霞浦中路", longitude=121.95, latitude=29.87)
    Reporter.objects.create(case=case, name_sealed=seal("王芳"), phone_sealed=seal("13800001234"))
    handed_up(town, case)
    sent(at)
    _, path, headers, body = here.got[0]
    wire = json.loads(body)
    assert path == "/exchange/v1/messages"
    assert headers["yiwang-key"] == wire["message"]["key"]
    assert wire["message"]["to"] == key_id_of(county.key)
    assert wire["message"]["body"] == {
        "practice": "events", "number": case.number, "kind": case.kind, "title": case.title,
        "text": case.text, "address": "霞浦中路", "area": case.area, "reason": "超出街道权限",
        "longitude": "121.9500000", "latitude": "29.8700000", "opened_at": stamp(at),
        "due_at": stamp(case.due_at) if case.due_at else "", "pictures": []}
    assert "王芳" not in body.decode()
    assert "13800001234" not in body.decode()


def test_it_is_tried_until_a_receipt_is_here(
    town: Town, here: Receiver, county: Other, at: datetime
) -> None:
    handed_up(town)
    assert sent(at) == 0
    message = PeerMessage.objects.get()
    here.replies = [Reply(200, body=b"<html>"), Reply(200, body=b"{}"),
                    Reply(200, body=receipt(Other(), message, at)),
                    Reply(200, body=receipt(county, message, at + 9 * HOUR)),
                    Reply(200, body=receipt(county, message, at + 40 * HOUR, result="taken"))]
    for hours in (1, 2, 3, 20):  # no receipt, not a receipt, a stranger's, an old one
        assert sent(at + hours * HOUR) == 0
        assert Handed.objects.get().state == "sent"
    assert sent(at + 40 * HOUR) == 1
    assert Handed.objects.get().state == "arrived"
    assert len({json.loads(body)["message"]["id"] for *_, body in here.got}) == 1
    assert sent(at + 50 * HOUR) == 0


def test_a_message_that_failed_says_why_and_can_be_sent_again(
    town: Town, here: Receiver, county: Other, at: datetime
) -> None:
    here.replies = [Reply(409, body=b'{"code":"clock"}')]
    handed_up(town)
    for day in range(12):
        sent(at + timedelta(days=day))
    message = PeerMessage.objects.get()
    assert (message.state, message.tries, message.error) == ("failed", 11, "409 clock")
    later = at + timedelta(days=12)
    send_message_again(message, by=SYSTEM, at=later)
    here.replies = [Reply(200, body=receipt(county, message, later))]
    assert sent(later) == 1


def test_closed_there_it_waits_for_our_check(
    town: Town, here: Receiver, county: Other, at: datetime
) -> None:
    handed = arrived(town, here, county, at)
    working = {"state": "working", "number": "QU-2026-000007"}
    assert county.send("status", working, at=at, about=handed.hand, step=1)["result"] == "taken"
    case = Case.objects.get()
    assert (case.state, Handed.objects.get().state) == ("county", "working")
    assert county.send("status", DONE, at=at, about=handed.hand, step=2)["result"] == "taken"
    case = Case.objects.get()
    assert (case.state, case.outcome) == ("checking", "solved")
    assert case.outcome_by == f"peer/{Peer.objects.get().pk}"
    town.move(case, "pass", "worker")
    assert sent(at + 2 * HOUR) == 0  # nothing is recalled: they have closed it
    assert not PeerMessage.objects.filter(kind="recall").exists()
    assert not prove().faults


def test_out_of_order_and_doubled_news_change_nothing(
    town: Town, here: Receiver, county: Other, at: datetime
) -> None:
    handed = arrived(town, here, county, at)
    assert county.send("status", DONE, at=at, about=handed.hand, step=2)["result"] == "taken"
    late = {"state": "working", "number": "QU-2026-000007"}
    assert county.send("status", late, at=at, about=handed.hand, step=1)["result"] == "stale"
    assert county.send("status", DONE, at=at, about=handed.hand, step=2)["result"] == "stale"
    assert (Case.objects.get().state, Handed.objects.get().state) == ("checking", "closed")
    with pytest.raises(Refusal) as caught:  # it comes again until we know of it
        county.send("status", DONE, at=at, about=PeerMessage.objects.latest("id").message, step=1)
    assert caught.value.code == "no_such_hand"


def test_refused_there_it_is_ours_again_with_the_reason(
    town: Town, here: Receiver, county: Other, at: datetime
) -> None:
    handed = arrived(town, here, county, at)
    county.send("status", {"state": "refused", "reason": "属街道职责"}, at=at, about=handed.hand,
                step=1)
    assert Case.objects.get().state == "reported"
    assert Handed.objects.get().said == {"reason": "属街道职责"}
    again = handed_up(town, Case.objects.get())  # a second time, as a hand-over of its own
    sent(at + 5 * HOUR)
    assert Handed.objects.filter(case=again).count() == 2


def test_a_receipt_may_refuse_at_once(
    town: Town, here: Receiver, county: Other, at: datetime
) -> None:
    handed_up(town)
    sent(at)
    body = receipt(county, PeerMessage.objects.get(), at + HOUR, result="refused",
                   reason="没有此类")
    here.replies = [Reply(200, body=body)]
    sent(at + HOUR)
    assert (Case.objects.get().state, Handed.objects.get().state) == ("reported", "refused")


def test_taken_back_here_it_is_recalled_there(
    town: Town, here: Receiver, county: Other, at: datetime
) -> None:
    arrived(town, here, county, at)
    town.move(Case.objects.get(), "hand_down", "desk", reason="自己办")
    deliver(listeners(), at=at)
    assert PeerMessage.objects.get(kind="recall").body == {"reason": "自己办"}
    handed = Handed.objects.get()
    assert handed.state == "recalled"
    county.send("status", DONE, at=at, about=handed.hand, step=1)  # they had finished already
    assert Case.objects.get().state == "reported"


def test_a_town_beside_us_is_named_in_the_step(town: Town, here: Receiver, at: datetime) -> None:
    case = town.open()
    with pytest.raises(Refusal) as caught:
        town.move(case, "hand_over", "desk", peer="春晓街道", reason="属地不符")
    assert caught.value.code == "not_now"  # nobody is registered
    Other().registered(at, stands="beside", name="春晓街道", address=here.address)
    with pytest.raises(Refusal):
        town.move(case, "hand_over", "desk", peer="别处", reason="属地不符")
    case = town.move(case, "hand_over", "desk", peer="春晓街道", reason="属地不符")
    sent(at)
    assert case.state == "elsewhere"
    assert json.loads(here.got[0][3])["message"]["body"]["reason"] == "属地不符"


def test_without_an_instance_above_it_is_handed_up_as_before(town: Town, at: datetime) -> None:
    handed_up(town)
    sent(at)
    assert not PeerMessage.objects.exists()


def test_a_letter_is_for_one_reader_only(
    town: Town, here: Receiver, county: Other, at: datetime
) -> None:
    handed_up(town)
    sent(at)
    with pytest.raises(Refusal) as caught:
        opened(json.loads(here.got[0][3]), at=at)  # our own letter, thrown back at us
    assert caught.value.code == "unknown_peer"


def test_who_may_register_whom(at: datetime, actor: Callable[..., Any]) -> None:
    key = Other().key
    good: dict[str, Any] = {"name": "区中心", "address": "https://qu.example", "key": key,
                            "stands": "above", "area": TOWN, "by": actor("system_admin"), "at": at}
    with pytest.raises(NotAllowed):
        add_peer(**{**good, "by": actor("dispatcher")})
    for field, value in (("name", ""), ("address", "http://qu.example"), ("key", "AAAA"),
                         ("stands", "under"), ("area", "x")):
        with pytest.raises(Refusal) as caught:
            add_peer(**{**good, field: value})
        assert caught.value.field == field
    add_peer(**good)
    for field, value in (("key", Other().key), ("name", "别的")):
        with pytest.raises(Refusal):  # the name, then the key, is known already
            add_peer(**{**good, field: value})
