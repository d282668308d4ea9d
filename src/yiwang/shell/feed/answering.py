"""The answer to whoever shows the secret of a calendar address."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from yiwang.algorithms.words import Language, reading_in
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.names import unit_names
from yiwang.kernel.cases.running_out import running_out
from yiwang.kernel.people.key_readings import note_answer
from yiwang.kernel.people.keys import token_of
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.practice import practices

from .document import document
from .entries import Ground


@dataclass(frozen=True, slots=True)
class Answer:
    """A calendar, its digest, and since when it has been the same."""

    body: bytes
    tag: str
    since: datetime


def answer_to(
    secret: str, language: Language | None, *, address: Callable[[Case], str], at: datetime
) -> Answer:
    """The calendar of the key's person, in their own language unless another is asked for.

    Raises ``NotAllowed`` for a key that opens nothing, ``Refusal`` beyond its quota.
    """
    token = token_of(secret, at=at, in_address=True)
    own: Language = "en" if token.key.person and token.key.person.language == "en" else "zh"
    with reading_in(language or own):
        body = calendar_of(token.actor, address=address, at=at)
    tag = hashlib.sha256(body).hexdigest()
    return Answer(body, tag, note_answer(token.key, tag, at=at))


def calendar_of(actor: Actor, *, address: Callable[[Case], str], at: datetime) -> bytes:
    """What runs out for ``actor``, as a calendar in the language that is read in."""
    found = running_out(actor, [practice.code for practice in practices], at=at)
    units = unit_names(case.area for case in (*found.open, *found.ended))
    return document(found, Ground(units, calendar_now(), address))
