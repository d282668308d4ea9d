"""Verbs about the second factor: a code generator on the phone, and recovery codes on paper."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.timezone import localdate
from django_otp.oath import TOTP

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Person, RecoveryCode, SecondFactor, Term
from yiwang.kernel.people.queries import held_on
from yiwang.kernel.people.rules import SEPARATED, SYSTEM, Actor
from yiwang.kernel.people.sign_in_rules import SIGN_IN, second_step_opens_at
from yiwang.kernel.records import trail
from yiwang.kernel.records.sealed import seal, unseal

from .checks import check_not_oneself, check_own, check_reach, locked, stream_of

KEY_BYTES = 20  # RFC 4226, 4: R6 recommends 160 bits
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another

CODE_WRONG = Words("验证码不对。", "The code is wrong.")
TRY_NEXT = Words(
    "请用手机上最新的 6 位数；手机时间要准。",
    "Use the newest six digits; the phone's clock must be right.",
)


@transaction.atomic
def start_second_factor(person: Person, *, by: Actor, at: datetime) -> SecondFactor:
    """A fresh key to scan, or the one begun before; it does not count until it is confirmed."""
    check_own(by, person)
    person = locked(person)
    factor, made = SecondFactor.objects.get_or_create(
        person=person, defaults={"key_sealed": seal(secrets.token_hex(KEY_BYTES))}
    )
    if made:
        trail.append(stream_of(person), verb="second_factor_begun", by=by.ref, at=at)
    return factor


@transaction.atomic
def confirm_second_factor(
    person: Person, code: str, *, by: Actor, at: datetime
) -> tuple[str, ...]:
    """Switch the second factor on with its first right code; returns the recovery codes, once."""
    check_own(by, person)
    person = locked(person)
    factor = SecondFactor.objects.filter(person=person, confirmed_at__isnull=True).first()
    step = _step_of(factor, code, at) if factor else None
    if factor is None or step is None:
        raise Refusal("code_wrong", CODE_WRONG, TRY_NEXT, field="code")
    factor.confirmed_at, factor.last_step = at, step
    factor.save(update_fields=["confirmed_at", "last_step"])
    trail.append(stream_of(person), verb="second_factor_confirmed", by=by.ref, at=at)
    return _new_codes(person)


@transaction.atomic
def use_second_factor(person: Person, code: str, *, by: Actor, at: datetime) -> bool:
    """Whether ``code`` lets the person in: six digits never used before, or a recovery code.

    Answers instead of raising, so that a failure is counted and stays counted.
    """
    person = locked(person)
    factor = SecondFactor.objects.filter(person=person, confirmed_at__isnull=False).first()
    if factor is None or second_step_opens_at(factor.failures, factor.failed_at, at):
        return False
    step = _step_of(factor, code, at)
    right = step is not None or _spend_recovery_code(person, code, by=by, at=at)
    if right:
        factor.last_step = factor.last_step if step is None else step
        factor.failures, factor.failed_at = 0, None
    else:
        factor.failures = factor.failures % SIGN_IN.second_step_failures + 1
        factor.failed_at = at
        trail.append(
            stream_of(person), verb="sign_in_failed", by=by.ref, at=at, note={"why": "code"}
        )
    factor.save(update_fields=["last_step", "failures", "failed_at"])
    return right


@transaction.atomic
def remove_second_factor(person: Person, *, password: str, by: Actor, at: datetime) -> None:
    """Switch it off again, with the password; the recovery codes go with it."""
    check_own(by, person)
    person = locked(person)
    if not person.check_password(password):
        raise Refusal(
            "password_wrong", Words("密码不对。", "The password is wrong."), field="password"
        )
    SecondFactor.objects.filter(person=person).delete()
    RecoveryCode.objects.filter(person=person).delete()
    trail.append(stream_of(person), verb="second_factor_removed", by=by.ref, at=at)


@transaction.atomic
def clear_second_factor(person: Person, *, by: Actor, at: datetime) -> None:
    """Help somebody whose phone and codes are lost; the command line alone does it for the three
    administrators, so that none of them can become another.
    """
    person = locked(person)
    check_reach(by, "people.edit", person.unit_code)
    check_not_oneself(by, person)
    apart = Term.objects.filter(held_on(localdate(at)), person=person, role__in=SEPARATED)
    if by != SYSTEM and apart.exists():
        raise Refusal(
            "administrator_s_factor",
            Words("三员的两步验证不能由其他管理员清除。",
                  "No administrator can clear the second factor of another."),
            Words("请在服务器上用命令行办理。", "Use the command line on the server."),
        )
    SecondFactor.objects.filter(person=person).delete()
    RecoveryCode.objects.filter(person=person).delete()
    trail.append(stream_of(person), verb="second_factor_cleared", by=by.ref, at=at)


@transaction.atomic
def renew_recovery_codes(person: Person, *, by: Actor, at: datetime) -> tuple[str, ...]:
    """New recovery codes; the old ones are good for nothing. Shown once, never stored in clear."""
    check_own(by, person)
    person = locked(person)
    trail.append(stream_of(person), verb="recovery_codes_renewed", by=by.ref, at=at)
    return _new_codes(person)


def _step_of(factor: SecondFactor, code: str, at: datetime) -> int | None:
    """The time step ``code`` belongs to, where it is right and later than the last one used."""
    tidy = code.replace(" ", "")
    if not (tidy.isascii() and tidy.isdigit() and len(tidy) == 6):
        return None
    totp = TOTP(bytes.fromhex(unseal(factor.key_sealed)))
    totp.time = at.timestamp()
    if not totp.verify(int(tidy), SIGN_IN.code_tolerance, factor.last_step + 1):
        return None
    return int(totp.t())


def _new_codes(person: Person) -> tuple[str, ...]:
    RecoveryCode.objects.filter(person=person).delete()
    codes = tuple(_random_code() for _ in range(SIGN_IN.recovery_codes))
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, digest=_digest(code)) for code in codes
    )
    return codes


def _random_code() -> str:
    """Letters and digits of 31: 118 bits, so that a plain digest is enough; in groups of six."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(6)) for _ in range(4))


def _digest(code: str) -> str:
    tidy = code.strip().lower().replace("-", "").replace(" ", "")
    return salted_hmac("yiwang.recovery-code", tidy, algorithm="sha256").hexdigest()


def _spend_recovery_code(person: Person, code: str, *, by: Actor, at: datetime) -> bool:
    unused = RecoveryCode.objects.filter(person=person, digest=_digest(code), used_at__isnull=True)
    if not unused.update(used_at=at):
        return False
    trail.append(stream_of(person), verb="recovery_code_used", by=by.ref, at=at)
    return True
