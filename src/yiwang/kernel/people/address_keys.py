"""A person's calendar address: a key of its own, which opens nothing but their deadlines.

Anybody who has the address reads it, and calendar programs keep addresses in the open. So there is
one at a time, it is made anew with one press, and it ends with the account
(docs/decisions/0032-calendar-address.md).
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from yiwang.algorithms.words import Words

from .actions.checks import check_own, locked
from .key_scopes import CALENDAR
from .keys import MOST_DAYS, end_key, in_force, write_key
from .models import ApiKey, KeyReading, Person
from .rules import Actor

HOURLY = 60  # readings an hour: a handful of devices, each every ten minutes; own choice, 2026-11
NAME = Words("日历地址", "calendar address")


@transaction.atomic
def renew_address(person: Person, *, by: Actor, at: datetime) -> tuple[ApiKey, str]:
    """A new address for a year, with its secret; the one before opens nothing any more."""
    check_own(by, person)
    locked(person)  # two presses at once leave one address
    for old in addresses_of(person, on=localdate(at)):
        end_key(old, by=by, at=at)
    key, secret = write_key(ApiKey(
        name=NAME.said_in("en" if person.language == "en" else "zh"), scopes=[CALENDAR],
        area=person.unit_code, person=person, hourly=HOURLY,
        until=localdate(at) + timedelta(days=MOST_DAYS)), by=by, at=at)
    KeyReading.objects.create(key=key)
    return key, secret


@transaction.atomic
def end_address(person: Person, *, by: Actor, at: datetime) -> int:
    """End the person's address at once; returns how many there were."""
    check_own(by, person)
    locked(person)
    old = addresses_of(person, on=localdate(at))
    for key in old:
        end_key(key, by=by, at=at)
    return len(old)


def addresses_of(person: Person, *, on: date) -> list[ApiKey]:
    """The person's addresses in force, with how often they were read; one or none."""
    held = ApiKey.objects.filter(in_force(on), person=person).select_related("reading")
    return [key for key in held.order_by("-id") if CALENDAR in key.scopes]
