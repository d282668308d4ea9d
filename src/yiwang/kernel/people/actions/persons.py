"""Verbs about a person's account."""

import re
from datetime import datetime

from django.db import transaction

from yiwang.algorithms.words import LANGUAGES, Language, Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Person
from yiwang.kernel.people.rules import SYSTEM, Actor, can, not_allowed
from yiwang.kernel.people.scopes import scope_from
from yiwang.kernel.people.sign_in_rules import LOOKS_PACE
from yiwang.kernel.records import trail
from yiwang.kernel.records.pace import keep_pace
from yiwang.kernel.records.sealed import masked, seal, unseal

from .checks import check_not_oneself, check_own, check_reach, checked_name, locked, stream_of
from .passwords import give_start_password
from .sessions import end_sessions

_ACCOUNT = re.compile(r"[a-z][a-z0-9._-]{2,39}")
_PHONE = re.compile(r"\+?[0-9][0-9-]{4,18}[0-9]")


@transaction.atomic
def add_person(
    *, account: str, name: str, unit_code: str, start_password: str = "", phone: str = "",
    language: Language = "zh", by: Actor, at: datetime,
) -> Person:
    """Make an account kept by a unit. With a start password it must be changed at first sign-in."""
    unit = checked_unit(unit_code)
    check_reach(by, "people.edit", unit)
    person = Person(
        account=_checked_account(account), name=checked_name(name), unit_code=unit,
        phone_sealed=seal(_checked_phone(phone)), language=language,
    )
    if start_password:
        give_start_password(person, start_password, at=at)
    else:
        person.set_unusable_password()
    person.save(force_insert=True)
    trail.append(
        stream_of(person), verb="person_added", by=by.ref, at=at,
        changes={"account": person.account, "name": person.name, "unit_code": unit,
                 "language": language, "is_active": True},
        note={"phone": masked(phone)} if phone else {},
    )
    return person


@transaction.atomic
def change_person(
    person: Person, *, name: str, unit_code: str, phone: str | None = None, by: Actor, at: datetime
) -> Person:
    """Correct what the account says. ``phone``: None leaves it as it is, empty removes it."""
    person = locked(person)
    unit = checked_unit(unit_code)
    check_reach(by, "people.edit", person.unit_code)
    check_reach(by, "people.edit", unit)
    changes = _set(person, name=checked_name(name), unit_code=unit)
    note: dict[str, object] = {}
    if phone is not None:
        number = _checked_phone(phone)
        if number != unseal(person.phone_sealed):
            person.phone_sealed, note = seal(number), {"phone": masked(number)}
    if changes or note:
        person.save()
        trail.append(
            stream_of(person), verb="person_changed", by=by.ref, at=at, changes=changes, note=note
        )
    return person


@transaction.atomic
def deactivate_person(person: Person, *, by: Actor, at: datetime) -> Person:
    """Close the account at once: no sign-in, every open session over; the terms stay on record."""
    person = locked(person)
    check_reach(by, "people.edit", person.unit_code)
    check_not_oneself(by, person)
    if _set(person, is_active=False):
        person.save(update_fields=["is_active"])
        ended = end_sessions(person)
        trail.append(
            stream_of(person), verb="person_deactivated", by=by.ref, at=at,
            changes={"is_active": False}, note={"sessions_ended": ended},
        )
    return person


@transaction.atomic
def reactivate_person(person: Person, *, by: Actor, at: datetime) -> Person:
    """Open a closed account again; terms that still run count again."""
    person = locked(person)
    check_reach(by, "people.edit", person.unit_code)
    check_not_oneself(by, person)
    if _set(person, is_active=True):
        person.save(update_fields=["is_active"])
        trail.append(
            stream_of(person), verb="person_reactivated", by=by.ref, at=at,
            changes={"is_active": True},
        )
    return person


@transaction.atomic
def choose_language(person: Person, language: Language, *, by: Actor, at: datetime) -> Person:
    """Remember the language the person reads in, for the next device too."""
    check_own(by, person)
    if language not in LANGUAGES:
        raise Refusal("no_such_language", Words("没有这种语言。", "There is no such language."))
    person = locked(person)
    if _set(person, language=language):
        person.save(update_fields=["language"])
        trail.append(
            stream_of(person), verb="language_chosen", by=by.ref, at=at,
            changes={"language": language},
        )
    return person


@transaction.atomic
def show_phone(person: Person, *, by: Actor, at: datetime) -> str:
    """The number in clear, for those who may see contacts; every look is in the person's trail.

    Raises ``Refusal`` beyond ``LOOKS_PACE``; one's own number is not counted.
    """
    if by != SYSTEM and not _may_see_phone(by, person):
        raise not_allowed("case.unmask")
    if by.ref != stream_of(person):
        keep_pace(LOOKS_PACE, by.ref, at=at)
    person = locked(person)
    number = unseal(person.phone_sealed)
    trail.append(
        stream_of(person), verb="phone_shown", by=by.ref, at=at, note={"phone": masked(number)}
    )
    return number


def _may_see_phone(by: Actor, person: Person) -> bool:
    return by.ref == stream_of(person) or any(
        can(by, capability, area=person.unit_code) for capability in ("people.edit", "case.unmask")
    )


def _set(person: Person, **values: object) -> dict[str, object]:
    """Put the values that differ into the row; returns those."""
    changes = {name: value for name, value in values.items() if getattr(person, name) != value}
    for name, value in changes.items():
        setattr(person, name, value)
    return changes


def checked_unit(unit_code: str) -> str:
    """A unit code as typed, as the scope it stands for; refuses a cell."""
    try:
        unit = scope_from(unit_code)
    except Refusal as refusal:
        refusal.field = "unit_code"
        raise
    if len(unit) > 12:
        raise Refusal(
            "unit_is_a_cell",
            Words("这是网格编码，请填单位编码。", "This is a cell; enter the code of a unit."),
            field="unit_code",
        )
    return unit


def _checked_account(account: str) -> str:
    tidy = account.strip().lower()
    if not _ACCOUNT.fullmatch(tidy):
        raise Refusal(
            "account_malformed",
            Words("账号为 3–40 位小写字母、数字和 . _ -，以字母开头。",
                  "An account has 3–40 small letters, digits, . _ -, and begins with a letter."),
            field="account",
        )
    if Person.objects.filter(account=tidy).exists():
        raise Refusal(
            "account_taken",
            Words("账号“{account}”已有人用。", "The account “{account}” is taken.").filled(
                account=tidy),
            Words("加上姓的拼音或数字。", "Add a surname or a number."),
            field="account",
        )
    return tidy


def _checked_phone(phone: str) -> str:
    tidy = phone.replace(" ", "")
    if tidy and not _PHONE.fullmatch(tidy):
        raise Refusal(
            "phone_malformed",
            Words("电话号码只含数字和 -，6–20 位。",
                  "A phone number has 6–20 digits and hyphens only."),
            field="phone",
        )
    return tidy
