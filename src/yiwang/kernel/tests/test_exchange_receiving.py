"""Letters from another instance: taken once, in order, from whom they are, and of now."""

import base64
import hashlib
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from yiwang.kernel.cases.models import Case, Reporter
from yiwang.kernel.cases.names import forget_kinds
from yiwang.kernel.cases.tests.town import CLEAR, Town, make_town
from yiwang.kernel.errors import Refusal
from yiwang.kernel.exchange import keyring
from yiwang.kernel.exchange.models import Handed, PeerMessage
from yiwang.kernel.exchange.opening import opened
from yiwang.kernel.exchange.peers import end_peer, rotate_own_key
from yiwang.kernel.exchange.rules import canonical, signed_bytes
from yiwang.kernel.exchange.taking import receive
from yiwang.kernel.exchange.tests.other import CASE, TOWN, Other
from yiwang.kernel.people.models import Peer
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places.models import Unit
from yiwang.kernel.records.models import Attachment
from yiwang.kernel.records.outbox import deliver
from yiwang.kernel.work import listeners
from yiwang.practices.events.kinds import seed_kinds

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_key(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def town(at: datetime, actor: Callable[..., Any]) -> Town:
    forget_kinds()
    seed_kinds(by=SYSTEM, at=at)
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu")
    return make_town(at, actor)


@pytest.fixture
def other(town: Town, at: datetime) -> Other:
    other = Other()
    other.registered(at)
    return other


def refused(wire: Any, at: datetime) -> str:
    with pytest.raises(Refusal) as caught:
        receive(wire, at=at)
    assert not PeerMessage.objects.filter(incoming=True).exists()
    return caught.value.code


def waiting(kind: str = "status") -> list[dict[str, Any]]:
    deliver(listeners(), at=datetime.fromisoformat("2026-03-10T10:00:00+08:00"))
    found = PeerMessage.objects.filter(incoming=False, kind=kind).order_by("id")
    return list(found.values_list("body", flat=True))


def test_a_handed_case_opens_one_of_ours(other: Other, at: datetime) -> None:
    wire = other.letter("hand", CASE, at=at)
    answer = receive(wire, at=at)
    case = Case.objects.get()
    assert answer["message"]["body"] == {"result": "taken", "number": case.number}
    assert (case.kind, case.area, case.channel) == ("GB2021/E.05.06", TOWN, "county")
    assert (case.text, case.address) == ("人行道积水", "霞浦中路 12 号")
    assert case.opened_by.startswith("peer/")
    assert not Reporter.objects.exists()
    handed = Handed.objects.get()
    assert (handed.their_number, handed.incoming) == ("QU-2026-000001", True)
    said = answer["message"]
    assert keyring.is_signed(signed_bytes(said), answer["signature"], keyring.own_public())
    assert said["about"] == wire["message"]["id"]


def test_a_doubled_letter_opens_no_second_case(other: Other, at: datetime) -> None:
    wire = other.letter("hand", CASE, at=at)
    first = receive(wire, at=at)["message"]["body"]
    again = other.signed({**wire["message"], "at": "2026-03-10T01:35:00Z"})
    assert receive(again, at=at)["message"]["body"] == first
    assert receive(wire, at=at + timedelta(minutes=1))["message"]["body"] == first
    assert Case.objects.count() == 1
    changed = other.signed({**wire["message"], "body": {**CASE, "text": "别的"}})
    with pytest.raises(Refusal) as caught:
        receive(changed, at=at)
    assert caught.value.code == "id_used"


def test_strangers_forgers_and_yesterdays_letters(other: Other, at: datetime) -> None:
    wire = other.letter("hand", CASE, at=at)
    assert refused(Other().letter("hand", CASE, at=at), at) == "unknown_peer"
    forged = {**wire, "message": {**wire["message"], "body": {**CASE, "text": "改过"}}}
    assert refused(forged, at) == "signature"
    assert refused({**wire, "signature": "AAAA"}, at) == "signature"
    assert refused(other.letter("hand", CASE, at=at, to="0" * 16), at) == "not_for_us"
    assert refused(wire, at + timedelta(minutes=11)) == "clock"
    assert refused(wire, at - timedelta(minutes=11)) == "clock"
    end_peer(Peer.objects.get(), by=SYSTEM, at=at)
    assert refused(wire, at) == "unknown_peer"
    assert not Case.objects.exists()


@pytest.mark.parametrize("wire", [
    None, [], {}, {"message": {}}, {"message": "x", "signature": "y"},
    {"message": {"spec": "other/1"}, "signature": ""}])
def test_what_is_no_letter(wire: Any, at: datetime) -> None:
    assert refused(wire, at) == "malformed"


@pytest.mark.parametrize("more", [
    {"body": []}, {"step": "1"}, {"step": -1}, {"step": True}, {"id": "x"}, {"about": "x", },
    {"kind": "other"}, {"at": "yesterday"}, {"at": "2026-03-10T09:30:00"}])
def test_what_is_signed_but_malformed(other: Other, at: datetime, more: dict[str, Any]) -> None:
    said = {**other.letter("hand", CASE, at=at)["message"], **more}
    assert refused(other.signed(said), at) == "malformed"


@pytest.mark.parametrize("more", [
    {"text": 5}, {"title": "x" * 121}, {"longitude": "east"}, {"latitude": "91"},
    {"due_at": "soon"}, {"pictures": 5}, {"pictures": [{}]}, {"kind": ""}])
def test_a_case_of_the_wrong_shape(other: Other, at: datetime, more: dict[str, Any]) -> None:
    assert refused(other.letter("hand", {**CASE, **more}, at=at), at) == "malformed"


def test_a_fraction_is_written_in_two_ways_and_so_refused(other: Other, at: datetime) -> None:
    wire = other.letter("hand", dict(CASE), at=at)
    wire["message"]["body"]["longitude"] = 121.5
    assert refused(wire, at) == "malformed"
    assert canonical({"b": 1, "a": "中"}) == '{"a":"中","b":1}'.encode()


def test_what_we_do_not_deal_with_is_refused_with_a_reason(other: Other, at: datetime) -> None:
    wire = other.letter("hand", {**CASE, "kind": "ZZ/1"}, at=at)
    answer = receive(wire, at=at)["message"]["body"]
    assert (answer["result"], "ZZ/1" in answer["reason"]) == ("refused", True)
    assert receive(wire, at=at)["message"]["body"] == answer
    assert other.send("hand", {**CASE, "practice": "lamps"}, at=at)["result"] == "refused"
    assert not Case.objects.exists()
    assert other.send("hand", {**CASE, "kind": "GB2021/E.05.06.77"}, at=at)["result"] == "taken"
    assert Case.objects.get().kind == "GB2021/E.05.06"  # the nearest class above it


def test_pictures_come_by_their_hash(other: Other, at: datetime) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (80, 60), "green").save(buffer, "JPEG")
    content, digest = buffer.getvalue(), hashlib.sha256(buffer.getvalue()).hexdigest()
    body = {**CASE, "pictures": [{"sha256": digest, "size": len(content), "stage": "report"}]}
    wire = other.letter("hand", body, at=at)
    for pictures in ({}, {digest: "%%"}, {"0" * 64: base64.b64encode(content).decode()}):
        assert refused({**wire, "pictures": pictures}, at) == "malformed"
    swapped = base64.b64encode(content + b"x").decode()
    assert refused({**wire, "pictures": {digest: swapped}}, at).startswith("photo")
    receive({**wire, "pictures": {digest: base64.b64encode(content).decode()}}, at=at)
    assert Attachment.objects.get().captured_digest == digest


def test_news_goes_back_as_the_case_is_worked(other: Other, town: Town, at: datetime) -> None:
    hand = uuid4()
    other.send("hand", CASE, at=at, about=hand)
    case = town.move(Case.objects.get(), "assign", "desk", team=str(town.build.id))
    assert [said["state"] for said in waiting()] == ["working"]
    case = town.move(case, "submit", "build", **CLEAR)
    town.move(case, "pass", "leader" if case.state != "checking" else "desk")
    assert [said["state"] for said in waiting()] == ["working", "closed"]
    last = PeerMessage.objects.filter(incoming=False).latest("id")
    assert (last.about, last.step) == (hand, 2)
    assert last.body["for_person"] == "路面已可通行"


def test_a_rejected_case_goes_back_with_the_reason(other: Other, town: Town, at: datetime) -> None:
    other.send("hand", CASE, at=at)
    town.move(Case.objects.get(), "reject", "desk", whose="市政", reason="不在本街道")
    assert waiting() == [{"state": "refused", "number": Case.objects.get().number,
                          "reason": "市政；不在本街道"}]


def test_a_recall_is_shown_and_stops_the_news(other: Other, town: Town, at: datetime) -> None:
    hand = uuid4()
    other.send("hand", CASE, at=at, about=hand)
    assert other.send("recall", {"reason": "自己办"}, at=at, about=hand)["result"] == "taken"
    assert Handed.objects.get().state == "recalled"
    town.move(Case.objects.get(), "assign", "desk", team=str(town.build.id))
    assert waiting() == []


def test_a_new_key_is_announced_under_the_old_one(other: Other, town: Town, at: datetime) -> None:
    new = Other()
    assert other.send("key", {"key": new.key}, at=at)["result"] == "taken"
    assert new.send("hand", CASE, at=at)["result"] == "taken"
    assert other.send("hand", CASE, at=at)["result"] == "taken"  # on its way when it changed
    with pytest.raises(Refusal) as caught:
        other.send("hand", CASE, at=at + timedelta(days=8))
    assert caught.value.code == "unknown_peer"
    stranger = Other()
    with pytest.raises(Refusal):
        stranger.send("key", {"key": stranger.key}, at=at)


def test_our_own_new_key_is_told_to_all_and_then_signs(
    other: Other, at: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    before = keyring.own_key_id()
    with django_capture_on_commit_callbacks(execute=True):
        public = rotate_own_key(by=SYSTEM, at=at)
    told = PeerMessage.objects.get(kind="key")
    assert (told.key_id, told.body) == (before, {"key": public})
    assert keyring.own_public() == public
    letter = other.letter("hand", CASE, at=at, to=before)  # they do not know the new one yet
    assert receive(letter, at=at)["message"]["key"] == before
    assert opened(letter, at=at).kind == "hand"
