"""Keys of other systems: what each may do, where, how often. The secret is shown once."""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.records import trail
from yiwang.kernel.records.pace import keep_pace
from yiwang.kernel.records.pace_rules import Pace

from .models import ApiKey
from .rules import SYSTEM, Actor, check_can

WRITE, FULLER = "open311.write", "open311.read"
SCOPES: dict[str, Words] = {
    WRITE: Words("报事（Open311）", "send reports (Open311)"),
    FULLER: Words("读本单位事项的原文、地址和确切位置（Open311）",
                  "read words, address and exact place of its unit's requests (Open311)"),
}
GIVEN_FIRST = (WRITE,)  # what a new key may do unless more is chosen
USUAL_HOURLY, MOST_HOURLY = 1000, 100_000  # requests an hour; own choice
LONGEST_NAME = 60  # characters, models.ApiKey.name
AN_HOUR = timedelta(hours=1)


@transaction.atomic
def make_key(
    name: str, scopes: list[str], *, area: str, hourly: int = USUAL_HOURLY, by: Actor,
    at: datetime,
) -> tuple[ApiKey, str]:
    """A key and its secret, which is kept nowhere and cannot be shown again."""
    if by != SYSTEM:
        check_can(by, "system.edit", area=area)
    _check(name, scopes, hourly)
    secret = f"yw_{secrets.token_urlsafe(24)}"
    key = ApiKey.objects.create(
        name=name.strip(), scopes=sorted(set(scopes)), area=area, hourly=hourly,
        digest=digest_of(secret), hint=secret[-4:], since=localdate(at))
    trail.append(stream_of(key), verb="make_key", by=by.ref, at=at, changes={
        "name": key.name, "scopes": key.scopes, "area": area, "hourly": hourly})
    return key, secret


@transaction.atomic
def end_key(key: ApiKey, *, by: Actor, at: datetime) -> None:
    """The key opens nothing from now on."""
    if by != SYSTEM:
        check_can(by, "system.edit", area=key.area)
    if key.ended_at is None:
        key.ended_at = at
        key.save(update_fields=["ended_at"])
        trail.append(stream_of(key), verb="end_key", by=by.ref, at=at, changes={"ended_at": at})


def admitted(secret: str, scope: str, *, at: datetime) -> Actor:
    """Who acts by this secret; raises ``NotAllowed``, or ``Refusal`` beyond the key's quota."""
    key = key_of(secret, scope, at=at)
    return Actor(f"key/{key.pk}", key.name)


def key_of(secret: str, scope: str = "", *, at: datetime) -> ApiKey:
    """The key of a secret, with the scope where one is asked for, counted against its quota."""
    key = ApiKey.objects.filter(digest=digest_of(secret), ended_at__isnull=True).first()
    if key is None or (scope and scope not in key.scopes):
        raise NotAllowed(
            "bad_key", Words("缺少有效的接口密钥。", "A valid API key is missing."),
            Words("请系统管理员发放。", "The town's system administrator gives keys out."))
    pace = Pace("key", key.hourly, AN_HOUR, "per key")
    keep_pace(pace, str(key.pk), at=at)
    return key


def seconds_left(at: datetime) -> int:
    """Until the hour of every key's quota is over; at least 1."""
    hour = int(AN_HOUR.total_seconds())
    return hour - int(at.timestamp()) % hour


@transaction.atomic
def note_reading(
    key: ApiKey, *, path: str, asked: Mapping[str, str], rows: int, at: datetime
) -> None:
    """Write down that words and exact places were read with the key: what was asked, how many."""
    ApiKey.objects.select_for_update().get(pk=key.pk)  # two answers at once take turns
    trail.append(stream_of(key), verb="read_fuller", by=f"key/{key.pk}", at=at,
                 note={"path": path, "asked": dict(asked), "rows": rows})


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is random and long, so that one plain round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def stream_of(key: ApiKey) -> str:
    """Where the trail keeps what happened to a key."""
    return f"key/{key.pk}"


def _check(name: str, scopes: list[str], hourly: int) -> None:
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise Refusal("name", Words("名称 1 至 {n} 字。", "A name has 1–{n} characters.").filled(
            n=LONGEST_NAME), field="name")
    if not scopes or set(scopes) - SCOPES.keys():
        raise Refusal("scopes", Words("选它可以做什么。", "Choose what it may do."),
                      field="scopes")
    if not 1 <= hourly <= MOST_HOURLY:
        raise Refusal("hourly", Words("每小时 1 到 {n} 次。", "1 to {n} an hour.").filled(
            n=MOST_HOURLY), field="hourly")
