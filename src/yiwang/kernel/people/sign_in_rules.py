"""Numbers and checks of signing in. Pure.

GB/T 22239-2019, 8.1.4.1 asks for complex, regularly changed passwords, for a limit of failures,
for a time-out and for two factors, and leaves the figures to the operator; where a figure below
is our own default it says so.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from yiwang.algorithms.words import Words
from yiwang.kernel.records.pace_rules import Pace


@dataclass(frozen=True, slots=True)
class SignInRules:
    """How people sign in here. Times are ``timedelta``; the rest are counts."""

    sessions: int = 3  # ours: a desk, a phone, a wall screen
    idle: timedelta = timedelta(hours=4)  # ours: a round through the villages
    idle_administrator: timedelta = timedelta(minutes=30)  # ours: an unlocked console
    longest: timedelta = timedelta(hours=12)  # ours: one shift, handover included
    second_step: timedelta = timedelta(minutes=5)  # ours: time to find the phone
    second_step_failures: int = 5  # as the password's (settings.AXES_FAILURE_LIMIT)
    second_step_lock: timedelta = timedelta(minutes=15)  # as settings.AXES_COOLOFF_TIME
    code_tolerance: int = 1  # steps of 30 s before and after (RFC 6238, 5.2)
    password_length: int = 10  # ours; NIST SP 800-63B, 5.1.1.2 asks for at least 8
    password_kinds: int = 3  # of four: small, capital, digit, sign (8.1.4.1 a: complexity)
    password_age: timedelta = timedelta(days=90)  # ours: after that a reminder, no lock
    recovery_codes: int = 10  # ours
    start_password: timedelta = timedelta(days=3)  # ours: told on a Friday, used on a Monday
    proof: timedelta = timedelta(minutes=15)  # ours: how long a proof of being oneself counts

    def __post_init__(self) -> None:
        if not 1 <= self.sessions <= 20:
            raise ValueError("sessions: 1 to 20")
        if not timedelta(minutes=5) <= self.idle_administrator <= self.idle <= self.longest:
            raise ValueError("idle times: at least 5 minutes, at most the longest session")
        if not (8 <= self.password_length <= 64 and 1 <= self.password_kinds <= 4):
            raise ValueError("password: 8 to 64 characters of 1 to 4 kinds")


SIGN_IN = SignInRules()
# One network that fails for many accounts, each below its own lock; an office behind one router
# mistypes less.
SIGN_IN_PACE = Pace("sign-in", 60, timedelta(minutes=15), "own choice, 2026-11")

# GB/T 22239-2019, 8.1.4.1 d asks for two kinds of proof; of whom a town demands them, it chooses.
OFFERED, ADMINISTRATORS, ALL = SECOND_FACTOR = ("offered", "administrators", "all")
# Somebody signed in who carries more out than work asks for. A month's figures are some twenty
# files; whoever calls reporters back looks at one number in two minutes.
LATER = Words("一小时后再试；确有需要请找系统管理员。",
              "Try again in an hour; if you need more, ask the system administrator.")
TAKEN_PACE = Pace("taken", 60, timedelta(hours=1), "own choice, 2026-11",
                  Words("您导出的文件太多了", "You took too many files"), LATER)
LOOKS_PACE = Pace("looks", 120, timedelta(hours=1), "own choice, 2026-11",
                  Words("您查看的姓名、电话太多了", "You looked at too many names and numbers"),
                  LATER)

_KINDS = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9]"), re.compile("[^a-zA-Z0-9]"))

TOO_PLAIN = Words(
    "密码要含小写字母、大写字母、数字、符号中的至少 {kinds} 类。",
    "Use at least {kinds} of: small letters, capitals, digits, signs.",
)
PASSWORD_FAULTS: dict[str, Words] = {
    "password_too_short": Words("密码至少 {length} 位。", "Use at least {length} characters."),
    "password_too_common": Words("这个密码太常见。", "This password is too common."),
    "password_too_similar": Words(
        "密码与账号或姓名太像。", "The password is too close to the account or the name."
    ),
    "password_unchanged": Words(
        "新密码要与现在的不同。", "The new password must differ from the present one."
    ),
    "password_too_plain": TOO_PLAIN,
    "password_guessable": Words(
        "密码只是常见词、地名或本系统用语加上数字、符号，容易被猜到。",
        "The password is a common word, a place or a word of this system with digits or signs "
        "added: easy to guess.",
    ),
}
OTHER_FAULT = Words("这个密码不合要求。", "This password does not meet the rules.")


def password_fault(code: str, rules: SignInRules = SIGN_IN) -> Words:
    """What is wrong with a password, by the code of the check that failed."""
    return PASSWORD_FAULTS.get(code, OTHER_FAULT).filled(
        kinds=rules.password_kinds, length=rules.password_length
    )


def start_password_is_over(
    set_at: datetime | None, at: datetime, rules: SignInRules = SIGN_IN
) -> bool:
    """Whether a start password set at ``set_at`` lets nobody in any more."""
    return set_at is None or at - set_at > rules.start_password


def is_plain(password: str, rules: SignInRules = SIGN_IN) -> bool:
    """Whether a password has too few kinds of characters."""
    return sum(bool(kind.search(password)) for kind in _KINDS) < rules.password_kinds


def is_old(set_at: datetime | None, at: datetime, rules: SignInRules = SIGN_IN) -> bool:
    """Whether the reader is reminded to change a password set at ``set_at``."""
    return set_at is not None and at - set_at > rules.password_age


def idle_limit(*, administrator: bool, rules: SignInRules = SIGN_IN) -> timedelta:
    """How long a session may rest: shorter for the three administrators."""
    return rules.idle_administrator if administrator else rules.idle


def second_factor_demanded(demand: str, *, administrator: bool) -> bool:
    """Whether ``demand``, the setting of the instance, asks this person for a second factor."""
    return demand == ALL or (demand == ADMINISTRATORS and administrator)


def session_is_over(
    begun: datetime, seen: datetime, idle: timedelta, at: datetime, rules: SignInRules = SIGN_IN
) -> bool:
    """Whether a session rested too long or is older than the longest one."""
    return at - seen > idle or at - begun > rules.longest


def second_step_opens_at(
    failures: int, failed_at: datetime | None, at: datetime, rules: SignInRules = SIGN_IN
) -> datetime | None:
    """When codes are taken again after too many wrong ones; None: they are taken now."""
    if failed_at is None or failures < rules.second_step_failures:
        return None
    opens = failed_at + rules.second_step_lock
    return opens if at < opens else None
