"""Somebody with a password, and the steps by which they come in."""

from datetime import datetime
from typing import Any

from django.test import Client
from django.utils.timezone import now
from django_otp.oath import TOTP

from yiwang.kernel.people.models import Person, SecondFactor
from yiwang.kernel.people.queries import key_of
from yiwang.kernel.people.sign_in_rules import SIGN_IN
from yiwang.kernel.records.models import TrailEntry
from yiwang.kernel.records.sealed import unseal

GOOD = "Mianbao-2026-xia"
TOWN = "330206005"


def enter(client: Client, password: str = GOOD, account: str = "lisi", **more: str) -> Any:
    return client.post("/sign-in", {"account": account, "password": password, **more})


def verbs(person: Person) -> list[str]:
    found = TrailEntry.objects.filter(stream=f"person/{person.pk}").order_by("seq")
    return list(found.values_list("verb", flat=True))[1:]


def code_of(person: Person, at: datetime) -> str:
    totp = TOTP(bytes.fromhex(unseal(SecondFactor.objects.get(person=person).key_sealed)))
    totp.time = at.timestamp()
    return f"{totp.token():06d}"


def switch_on(client: Client, person: Person) -> list[str]:
    assert "<svg" not in client.get("/account/second-factor").content.decode().split("<main")[1]
    client.post("/account/second-factor", {"begin": "1"})
    page = client.get("/account/second-factor").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    factor = SecondFactor.objects.get(person=person)
    assert key_of(factor) == "".join(page.split("<code>")[1].split("</code>")[0].split())
    wrong = client.post("/account/second-factor", {"code": "000000x"})
    assert wrong.status_code == 422
    assert "验证码不对" in wrong.content.decode()
    shown = client.post("/account/second-factor", {"code": code_of(person, now())})
    codes = shown.context["codes"]
    assert len(codes) == SIGN_IN.recovery_codes
    return list(codes)
