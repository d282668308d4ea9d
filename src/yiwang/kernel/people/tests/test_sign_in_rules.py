"""The numbers of signing in agree with what Django is told, and passwords are hashed as meant."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from yiwang.kernel.people.hashers import TownArgon2Hasher
from yiwang.kernel.people.sign_in_rules import (
    PASSWORD_FAULTS,
    SIGN_IN,
    idle_limit,
    is_plain,
    password_fault,
    second_step_opens_at,
    session_is_over,
)

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_django_is_told_the_same() -> None:
    validators: Any = settings.AUTH_PASSWORD_VALIDATORS
    (length,) = [one["OPTIONS"]["min_length"] for one in validators
                 if one["NAME"].endswith("MinimumLengthValidator")]
    assert length == SIGN_IN.password_length
    assert SIGN_IN.longest.total_seconds() == settings.SESSION_COOKIE_AGE
    assert SIGN_IN.second_step_failures == settings.AXES_FAILURE_LIMIT
    assert timedelta(hours=settings.AXES_COOLOFF_TIME) == SIGN_IN.second_step_lock


def test_a_password_is_hashed_with_argon2id() -> None:
    hasher = TownArgon2Hasher()
    stored = hasher.encode("Mianbao-2026-xia", hasher.salt())
    assert stored.startswith("argon2$argon2id$v=19$m=65536,t=3,p=4$")
    assert hasher.verify("Mianbao-2026-xia", stored)
    assert not hasher.verify("mianbao-2026-xia", stored)


@pytest.mark.parametrize(
    ("password", "plain"),
    [("abcdefgh", True), ("abcDEFgh", True), ("abcDEF12", False), ("abc-def-12", False),
     ("12345678", True), ("密码abc", True), ("密码abc1", False)],
)
def test_three_kinds_of_four(password: str, plain: bool) -> None:
    assert is_plain(password) is plain


@pytest.mark.parametrize(
    ("rested", "age", "over"),
    [(timedelta(hours=4), timedelta(hours=4), False),
     (timedelta(hours=4, seconds=1), timedelta(hours=5), True),
     (timedelta(0), timedelta(hours=12), False),
     (timedelta(0), timedelta(hours=12, seconds=1), True)],
)
def test_when_a_session_is_over(rested: timedelta, age: timedelta, over: bool) -> None:
    idle = idle_limit(administrator=False)
    assert session_is_over(AT - age, AT - rested, idle, AT) is over
    assert idle_limit(administrator=True) < idle


def test_when_codes_are_taken_again() -> None:
    most, lock = SIGN_IN.second_step_failures, SIGN_IN.second_step_lock
    assert second_step_opens_at(most - 1, AT, AT) is None
    assert second_step_opens_at(most, AT, AT) == AT + lock
    assert second_step_opens_at(most, AT, AT + lock) is None
    assert second_step_opens_at(0, None, AT) is None


def test_every_fault_is_said_without_holes() -> None:
    for code in [*PASSWORD_FAULTS, "something_new"]:
        words = password_fault(code)
        assert words.zh
        assert words.en
        assert "{" not in words.zh + words.en
