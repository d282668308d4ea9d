"""Keys of other systems and of people: what each may do, as whom, how often, until when.

The secret is shown once. A key with a person acts as that person and never beyond their roles; a
system's key has an account of its own, which nobody can sign in with and which is given roles as
everybody is, by the security administrator (docs/decisions/0019-json-api.md).
"""

import hashlib
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import NotAllowed, Refusal
from yiwang.kernel.records import trail
from yiwang.kernel.records.logs import note_security
from yiwang.kernel.records.pace import keep_pace
from yiwang.kernel.records.pace_rules import Pace

from .actions import add_person
from .actions.checks import check_own
from .key_scopes import SCOPES, narrowed, needs_person, stands_in_address
from .models import ApiKey, Person
from .queries import actor_for
from .rules import SYSTEM, Actor, check_can

WRITE, FULLER = "open311.write", "open311.read"
GIVEN_FIRST = (WRITE,)  # what a new key may do unless more is chosen
USUAL_HOURLY, MOST_HOURLY = 1000, 100_000  # requests an hour; own choice
LONGEST_NAME = 60  # characters, models.ApiKey.name
USUAL_DAYS, MOST_DAYS = 90, 366  # of a person's own key; own choice, 2026-11
MOST_OWN = 10  # keys in force of one person; own choice, 2026-11
AN_HOUR = timedelta(hours=1)
TOO_MANY = Words("这把密钥发得太多了", "Too many with this key")


@dataclass(frozen=True, slots=True)
class Token:
    """A key that was shown: who acts by it, and what it may do."""

    key: ApiKey
    actor: Actor
    scopes: frozenset[str]


@transaction.atomic
def make_key(
    name: str, scopes: list[str], *, area: str, hourly: int = USUAL_HOURLY, by: Actor,
    at: datetime,
) -> tuple[ApiKey, str]:
    """A system's key and its secret, which is kept nowhere and cannot be shown again.

    Where it is to read or change cases it gets an account of its own, without a role so far.
    """
    if by != SYSTEM:
        check_can(by, "system.edit", area=area)
    _check(name, scopes, hourly)
    key = ApiKey(name=name.strip(), area=area, scopes=sorted(set(scopes)), hourly=hourly)
    if needs_person(scopes):
        account = f"key-{secrets.token_hex(4)}"
        key.person = add_person(account=account, name=key.name, unit_code=area, by=by, at=at)
    return write_key(key, by=by, at=at)


@transaction.atomic
def make_own_key(
    person: Person, name: str, scopes: list[str], *, days: int = USUAL_DAYS, by: Actor,
    at: datetime,
) -> tuple[ApiKey, str]:
    """A person's own key, which does what they may do, until a day."""
    check_own(by, person)
    own = all(code in SCOPES and SCOPES[code].own for code in scopes)
    _check(name, scopes if own else [], USUAL_HOURLY)
    if not 1 <= days <= MOST_DAYS:
        raise Refusal("days", Words("1 到 {n} 天。", "1 to {n} days.").filled(n=MOST_DAYS),
                      field="days")
    if keys_of(person, on=localdate(at)).count() >= MOST_OWN:
        many = Words("已有 {n} 把密钥。", "There are {n} keys already.").filled(n=MOST_OWN)
        raise Refusal("too_many_keys", many, Words("先停用一把。", "End one of them first."))
    return write_key(ApiKey(
        name=name.strip(), scopes=sorted(set(scopes)), area=person.unit_code, person=person,
        hourly=USUAL_HOURLY, until=localdate(at) + timedelta(days=days)), by=by, at=at)


@transaction.atomic
def end_key(key: ApiKey, *, by: Actor, at: datetime) -> None:
    """The key opens nothing from now on. Its own person may end it, and the administrator."""
    if by != SYSTEM and by.ref != f"person/{key.person_id}":
        check_can(by, "system.edit", area=key.area)
    if key.ended_at is None:
        key.ended_at = at
        key.save(update_fields=["ended_at"])
        trail.append(stream_of(key), verb="end_key", by=by.ref, at=at, changes={"ended_at": at})


def token_of(secret: str, *, at: datetime, in_address: bool = False) -> Token:
    """Who acts by this secret; raises ``NotAllowed``, or ``Refusal`` beyond the key's quota.

    ``in_address``: it stood in an address. A key made for that opens nothing else, and no other
    key opens there.
    """
    today = localdate(at)
    found = ApiKey.objects.filter(in_force(today), digest=digest_of(secret))
    key = found.select_related("person").first()
    if key is None or stands_in_address(key.scopes) != in_address:
        note_security("key_refused", {"key": str(key.pk) if key else ""}, logging.WARNING)
        raise bad_key()
    note_security("key_used", {"key": str(key.pk)})
    pace = Pace("key", key.hourly, AN_HOUR, "per key", TOO_MANY)
    keep_pace(pace, str(key.pk), at=at)
    scopes = frozenset(key.scopes)
    if key.person is None:
        return Token(key, Actor(f"key/{key.pk}", key.name), scopes)
    return Token(key, narrowed(actor_for(key.person, today), scopes), scopes)


def admitted(secret: str, scope: str, *, at: datetime) -> Actor:
    """Who acts by this secret within ``scope``; raises as :func:`token_of` does."""
    token = token_of(secret, at=at)
    if scope not in token.scopes:
        raise bad_key()
    return token.actor


def bad_key() -> NotAllowed:
    """No key, one nobody gave out, one that has ended, or one for something else."""
    return NotAllowed(
        "bad_key", Words("缺少有效的接口密钥。", "A valid API key is missing."),
        Words("请系统管理员发放，或在“我的密钥”页自己发一把。",
              "The town's system administrator gives keys out; “My keys” makes your own."))


def in_force(on: date) -> Q:
    """Keys that open something on the day: not ended, not over, their person's account open."""
    stands = Q(person__isnull=True) | Q(person__is_active=True)
    return stands & Q(ended_at__isnull=True) & (Q(until__isnull=True) | Q(until__gte=on))


def keys_of(person: Person, *, on: date) -> QuerySet[ApiKey]:
    """A person's own keys in force, the newest first."""
    return ApiKey.objects.filter(in_force(on), person=person).order_by("-id")


def key_of(secret: str, scope: str = "", *, at: datetime) -> ApiKey:
    """The key of a secret, with the scope where one is asked for, counted against its quota."""
    token = token_of(secret, at=at)
    if scope and scope not in token.scopes:
        raise bad_key()
    return token.key


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


def write_key(key: ApiKey, *, by: Actor, at: datetime) -> tuple[ApiKey, str]:
    """Keep a key whose columns are checked; returns it with its secret."""
    secret = f"yw_{secrets.token_urlsafe(24)}"
    key.digest, key.hint, key.since = digest_of(secret), secret[-4:], localdate(at)
    key.save(force_insert=True)
    trail.append(stream_of(key), verb="make_key", by=by.ref, at=at, changes={
        "name": key.name, "scopes": key.scopes, "area": key.area, "hourly": key.hourly,
        "until": key.until, "person": key.person_id})
    return key, secret


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
    if not scopes or set(scopes) - SCOPES.keys() or stands_in_address(scopes):
        raise Refusal("scopes", Words("选它可以做什么。", "Choose what it may do."),
                      field="scopes")
    if not 1 <= hourly <= MOST_HOURLY:
        raise Refusal("hourly", Words("每小时 1 到 {n} 次。", "1 to {n} an hour.").filled(
            n=MOST_HOURLY), field="hourly")
