"""Verbs about passwords: a start password by the administrator, a real one by the person."""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache

from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.guessable import is_guessable
from yiwang.kernel.people.models import Person
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.people.sign_in_rules import is_plain, password_fault
from yiwang.kernel.places.queries import names_above
from yiwang.kernel.records import trail

from .checks import check_not_oneself, check_own, check_reach, locked, stream_of
from .sessions import end_sessions


@transaction.atomic
def set_start_password(person: Person, password: str, *, by: Actor, at: datetime) -> Person:
    """Give somebody who cannot sign in a password good for one thing: setting their own."""
    person = locked(person)
    check_reach(by, "people.edit", person.unit_code)
    check_not_oneself(by, person)
    give_start_password(person, password, at=at)
    person.save(update_fields=["password", "password_set_at", "must_change_password"])
    ended = end_sessions(person)
    trail.append(
        stream_of(person), verb="start_password_set", by=by.ref, at=at,
        note={"sessions_ended": ended},
    )
    return person


def give_start_password(person: Person, password: str, *, at: datetime) -> None:
    """Put a start password into the row, unsaved."""
    check_password(person, password, field="start_password")
    person.set_password(password)
    person.password_set_at = at
    person.must_change_password = True


@transaction.atomic
def change_password(
    person: Person, *, old: str, new: str, session_key: str = "", by: Actor, at: datetime
) -> Person:
    """The person's own change: every other session of theirs ends."""
    check_own(by, person)
    person = locked(person)
    if not person.check_password(old):
        raise Refusal(
            "old_password_wrong",
            Words("现在的密码不对。", "The present password is wrong."),
            field="old",
        )
    check_password(person, new, field="new")
    if person.check_password(new):
        raise Refusal("password_unchanged", password_fault("password_unchanged"), field="new")
    person.set_password(new)
    person.password_set_at, person.must_change_password = at, False
    person.save(update_fields=["password", "password_set_at", "must_change_password"])
    ended = end_sessions(person, keep=session_key)
    trail.append(
        stream_of(person), verb="password_changed", by=by.ref, at=at,
        note={"sessions_ended": ended},
    )
    return person


def check_password(person: Person, password: str, *, field: str) -> None:
    """Refuse a password that is short, common, like the name, or of too few kinds."""
    faults: list[str] = []
    try:
        validate_password(password, person)
    except ValidationError as problem:
        faults = [error.code or "" for error in problem.error_list]
    if is_plain(password):
        faults.append("password_too_plain")
    if is_guessable(password, _common(), names_above(person.unit_code)):
        faults.append("password_guessable")
    if faults:
        said = [password_fault(code) for code in dict.fromkeys(faults)]
        raise Refusal(faults[0], said[0], missing=tuple(said[1:]), field=field)


@lru_cache(maxsize=1)
def _common() -> Collection[str]:
    """The 20,000 commonest of a collection of leaked passwords, as Django ships them."""
    found: Collection[str] = CommonPasswordValidator().passwords
    return found
