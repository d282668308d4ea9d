"""The pages of webhooks and peers, and the door letters come in by."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import forget_kinds
from yiwang.kernel.cases.tests.town import Town, make_town
from yiwang.kernel.exchange import keyring
from yiwang.kernel.exchange.models import Handed, PeerMessage
from yiwang.kernel.exchange.rules import key_id_of
from yiwang.kernel.exchange.tests.other import CASE, TOWN, Other
from yiwang.kernel.people.models import Peer, Person, Term
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.places.models import Unit
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.records.sealed import unseal
from yiwang.kernel.webhooks import actions
from yiwang.kernel.webhooks.models import Delivery, Webhook
from yiwang.practices.events.kinds import seed_kinds

pytestmark = pytest.mark.django_db
GOOD: dict[str, Any] = {"name": "小程序", "url": "https://hooks.example.com/a", "area": TOWN,
                        "types": ["case.closed"], "mode": "structured"}


@pytest.fixture(autouse=True)
def _own_key(settings: Any, tmp_path: Any) -> None:
    settings.DATA = tmp_path


@pytest.fixture
def town(actor: Callable[..., Any]) -> Town:
    forget_kinds()
    seed_kinds(by=SYSTEM, at=now())
    Unit.objects.create(code=TOWN, name="霞浦街道", name_en="Xiapu")
    return make_town(now(), actor)


def signed_in(role: str, language: str = "zh") -> Client:
    person = Person.objects.create(account=role.replace("_", "-"), name="x")
    Term.objects.create(person=person, role=role, area=TOWN, since=date(2020, 1, 1))
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["language"] = language
    return client


def secret_on(page: Any) -> str:
    found = re.search(r"<code[^>]*data-secret>(whsec_[^<]+)</code>", page.content.decode())
    assert found
    assert page["Cache-Control"].startswith("max-age=0")
    return found[1]


def test_a_webhook_from_its_making_to_its_end() -> None:
    client = signed_in("system_admin")
    secret = secret_on(client.post("/webhooks/new", GOOD))
    hook = Webhook.objects.get()
    assert unseal(hook.secret_sealed) == secret
    page = f"/webhooks/{hook.pk}"
    assert secret not in client.get(page).content.decode()
    assert secret_on(client.post(f"{page}/rotate")) != secret
    for act in ("test", "pause", "resume"):
        assert client.post(f"{page}/{act}").status_code == 302
    delivery = Delivery.objects.get()
    Delivery.objects.update(state="failed", tries=10, status=500, tried_at=now())
    assert "再送一次" in client.get(page).content.decode()
    client.post(f"{page}/again/{delivery.pk}")
    assert Delivery.objects.get().state == "waiting"
    assert client.post(f"{page}/replay", {"after": "0"}).status_code == 302
    assert client.post(f"{page}/replay", {}).status_code == 422
    assert client.post(f"{page}/replay", {"since": "soon"}).status_code == 422
    assert client.post(f"{page}/nothing").status_code == 404
    assert client.post(f"{page}/end").status_code == 302
    assert client.post(f"{page}/test").status_code == 409
    assert client.get(f"{page}/end").status_code == 405
    verbs = TrailEntry.objects.filter(stream=f"webhook/{hook.pk}").order_by("seq")
    assert list(verbs.values_list("verb", flat=True)) == [
        "make_webhook", "rotate_secret", "send_test", "pause_webhook", "resume_webhook",
        "send_again", "replay", "end_webhook"]
    assert "whsec" not in str(list(verbs.values_list("changes", flat=True)))


def test_what_is_wrong_is_said_beside_its_field_in_the_readers_language() -> None:
    page = signed_in("system_admin", "en").post("/webhooks/new", {**GOOD, "url": "http://a.example"})
    assert page.status_code == 422
    assert "The address must use https." in page.content.decode()
    assert not Webhook.objects.exists()


def test_only_administrators_of_the_place_get_in(at: Any) -> None:
    hook, _ = actions.make_webhook(**{**GOOD, "area": "330206006"}, by=SYSTEM, at=at)
    client = signed_in("system_admin")
    assert client.get(f"/webhooks/{hook.pk}").status_code == 404
    assert client.post(f"/webhooks/{hook.pk}/end").status_code == 404
    assert signed_in("dispatcher").get("/webhooks").status_code == 403
    assert Client().get("/peers").status_code == 302


def test_the_schema_is_for_everybody() -> None:
    answer = Client().get("/webhooks/case.schema.json")
    assert answer["Content-Type"] == "application/schema+json"
    assert set(json.loads(answer.content)["required"]) == {
        "number", "practice", "kind", "area", "state"}


def test_a_peer_from_its_registration_to_its_end(town: Town) -> None:
    client, other = signed_in("system_admin"), Other()
    assert keyring.own_public() in client.get("/peers").content.decode()
    sent = {"name": "区中心", "stands": "above", "address": "https://qu.example.com",
            "key": other.key, "area": TOWN}
    assert client.post("/peers/new", {**sent, "key": "x"}).status_code == 422
    assert client.post("/peers/new", sent).status_code == 302
    peer = Peer.objects.get()
    new = Other()
    assert client.post(f"/peers/{peer.pk}", {"key": "x"}).status_code == 422
    assert client.post(f"/peers/{peer.pk}", {"key": new.key}).status_code == 302
    peer.refresh_from_db()
    assert (peer.key, peer.old_key) == (new.key, other.key)
    assert client.post("/peers/own-key").status_code == 302
    message = PeerMessage.objects.get(kind="key")
    PeerMessage.objects.update(state="failed")
    assert "换公钥" in client.get(f"/peers/{peer.pk}").content.decode()
    client.post(f"/peers/{peer.pk}/again/{message.pk}")
    assert PeerMessage.objects.get().state == "waiting"
    assert client.post(f"/peers/{peer.pk}/end").status_code == 302
    assert PeerMessage.objects.get().state == "failed"


def letter(wire: Any, key: str) -> Any:
    body = wire if isinstance(wire, bytes) else json.dumps(wire).encode()
    return Client().post("/exchange/v1/messages", body, content_type="application/json",
                         headers={"Yiwang-Key": key})


def test_a_letter_comes_in_and_the_case_shows_where_it_is_from(town: Town) -> None:
    other = Other()
    other.registered(now())
    wire, key = other.letter("hand", CASE, at=now()), key_id_of(other.key)
    answer = letter(wire, key)
    assert (answer.status_code, answer.json()["message"]["body"]["result"]) == (200, "taken")
    assert letter(wire, key).json()["message"]["body"] == answer.json()["message"]["body"]
    page = signed_in("dispatcher").get(f"/cases/{Case.objects.get().pk}/").content.decode()
    assert "来自 区中心" in page
    assert "QU-2026-000001" in page


@pytest.mark.parametrize(("body", "status", "code"), [
    (b"", 400, "malformed"), (b"[" * 100_000, 400, "malformed"), (b"\xff", 400, "malformed"),
    (b'{"message":1}', 400, "malformed")])
def test_what_is_no_letter_is_told_so(body: bytes, status: int, code: str) -> None:
    other = Other()
    other.registered(now())
    answer = letter(body, key_id_of(other.key))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_strangers_letter_is_not_read_and_a_long_one_not_to_its_end() -> None:
    other = Other()
    for key in ("", "0" * 16):
        assert letter(b"x" * 1000, key).json()["code"] == "unknown_peer"
    other.registered(now())
    assert letter(b" " * (20 * 1024 * 1024 + 1), key_id_of(other.key)).status_code == 413
    late = other.letter("status", {"state": "closed"}, at=now(), about=Handed().hand)
    assert letter(late, key_id_of(other.key)).status_code == 404


def test_a_case_handed_on_shows_where_it_is_and_how_far(town: Town) -> None:
    case, other = town.open(), Other()
    peer = other.registered(now(), stands="beside", name="春晓街道")
    client = signed_in("dispatcher")
    assert "春晓街道" in client.get(f"/cases/{case.pk}/hand_over/").content.decode()
    client.post(f"/cases/{case.pk}/hand_over/", {
        "peer": "春晓街道", "reason": "属地不符", "version": case.version})
    case.refresh_from_db()
    assert case.state == "elsewhere"
    Handed.objects.create(hand=case.pk, peer=peer, incoming=False, case=case, move="hand_over",
                          state="working", their_number="CX-2026-000003", at=now(),
                          changed_at=now())
    page = client.get(f"/cases/{case.pk}/").content.decode()
    for words in ("转给 春晓街道", "CX-2026-000003", "对方办理中"):
        assert words in page
