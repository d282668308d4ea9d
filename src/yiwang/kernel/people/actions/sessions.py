"""Sessions as rows: what ending one means. Writes no trail of its own; the verbs around it do."""

from collections.abc import Sequence

from django.contrib.sessions.models import Session

from yiwang.kernel.people.models import Person, SignIn


def end_sessions(person: Person, *, keep: str = "") -> int:
    """End every session of the person except ``keep``; returns how many were ended."""
    keys = list(
        SignIn.objects.filter(person=person)
        .exclude(session_key=keep)
        .values_list("session_key", flat=True)
    )
    return drop(keys)


def drop(keys: Sequence[str]) -> int:
    """Forget these sessions: whoever still carries one is signed out at the next request."""
    Session.objects.filter(session_key__in=keys).delete()
    SignIn.objects.filter(session_key__in=keys).delete()
    return len(keys)


def carry_session(person: Person, *, before: str, after: str) -> None:
    """The same session under a new key, as Django gives it when a password changes."""
    SignIn.objects.filter(person=person, session_key=before).update(session_key=after)
