"""Verbs about getting in: sign-ins, failures, sign-outs. Each leaves its trail."""

from datetime import date, datetime

from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from yiwang.kernel.people.models import Person, SignIn
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.people.sign_in_rules import SIGN_IN, TAKEN_PACE
from yiwang.kernel.records import trail
from yiwang.kernel.records.pace import keep_pace

from .checks import check_own, locked, stream_of
from .sessions import drop, end_sessions

NOBODY_KNOWN = "sign-in/unknown"
ATTEMPTS = 5  # writers that meet on the one stream of unknown accounts


@transaction.atomic
def record_sign_in(
    person: Person, *, session_key: str, address: str, device: str, by: Actor, at: datetime
) -> int:
    """Note an opened session; the oldest beyond the limit is signed out. Returns how many were."""
    person = locked(person)
    alive = Session.objects.filter(expire_date__gt=at).values("session_key")
    SignIn.objects.filter(person=person).exclude(session_key__in=alive).delete()
    SignIn.objects.create(session_key=session_key, person=person, at=at, device=device[:120])
    keys = SignIn.objects.filter(person=person).order_by("-at", "-session_key")
    extra = [key for key in keys.values_list("session_key", flat=True) if key != session_key]
    ended = drop(extra[SIGN_IN.sessions - 1 :])
    trail.append(
        stream_of(person), verb="signed_in", by=by.ref, at=at,
        note={"address": address, "device": device[:120], "sessions_ended": ended},
    )
    return ended


def record_failed_sign_in(
    account: str, *, why: str, address: str, by: Actor, at: datetime
) -> None:
    """Note a failure; of an unknown account only its beginning: it may be a mistyped password."""
    person = Person.objects.filter(account=account).first()
    stream = stream_of(person) if person else NOBODY_KNOWN
    note = {"why": why, "address": address}
    if person is None:
        note["account"] = f"{account[:2]}…"
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                trail.append(stream, verb="sign_in_failed", by=by.ref, at=at, note=note)
            return
        except IntegrityError:
            if attempt == ATTEMPTS - 1:
                raise


@transaction.atomic
def record_sign_out(
    person: Person, *, session_key: str, why: str = "asked", by: Actor, at: datetime
) -> None:
    """Note the end of a session. ``why``: asked, idle (rested too long), longest (too old)."""
    person = locked(person)
    SignIn.objects.filter(session_key=session_key).delete()
    trail.append(
        stream_of(person), verb="signed_out", by=by.ref, at=at, note={"why": why}
    )


@transaction.atomic
def record_proof(person: Person, *, by: Actor, at: datetime) -> None:
    """Note that somebody signed in showed once more who they are."""
    check_own(by, person)
    trail.append(stream_of(locked(person)), verb="proved", by=by.ref, at=at)


@transaction.atomic
def close_sessions(person: Person, *, keep: str, by: Actor, at: datetime) -> int:
    """Sign the person out everywhere but in the session ``keep``; returns how many were ended."""
    check_own(by, person)
    person = locked(person)
    ended = end_sessions(person, keep=keep)
    trail.append(
        stream_of(person), verb="sessions_closed", by=by.ref, at=at, note={"sessions_ended": ended}
    )
    return ended


@transaction.atomic
def record_export(person: Person, what: str, *, by: Actor, at: datetime, **note: object) -> None:
    """Note that somebody took rows about cases out of the house: one entry for a file.

    Raises ``Refusal`` beyond ``TAKEN_PACE``.
    """
    check_own(by, person)
    keep_pace(TAKEN_PACE, by.ref, at=at)
    trail.append(stream_of(locked(person)), verb="rows_exported", by=by.ref, at=at,
                 note={"what": what, **note})


@transaction.atomic
def record_trail_export(
    person: Person, *, since: date, until: date, account: str, by: Actor, at: datetime
) -> None:
    """Note that an auditor took entries out of the house, and which. As ``record_export``."""
    check_own(by, person)
    keep_pace(TAKEN_PACE, by.ref, at=at)
    person = locked(person)
    trail.append(
        stream_of(person), verb="trail_exported", by=by.ref, at=at,
        note={"since": since, "until": until, "account": account},
    )
