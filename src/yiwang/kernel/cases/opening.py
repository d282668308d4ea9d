"""A case begins: reported once, numbered, placed in its cell, with the clock of its first state."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from yiwang.kernel import rows
from yiwang.kernel.ids import new_id
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records import outbox, search, trail
from yiwang.kernel.records.numbers import next_serial

from .calendar import calendar_now
from .events import CaseOpened
from .models import Case, Hold
from .playbook_store import current
from .playbooks import Playbook
from .stages import due_columns, enter_state
from .step import stream_of, veiled

CHINA = ZoneInfo("Asia/Shanghai")
_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is read as another


@dataclass(frozen=True)
class NewCase:
    """What is known when a case is opened. ``once_key`` makes sending it twice harmless."""

    practice: str
    playbook: str
    number_prefix: str
    kind: str
    title: str
    text: str
    channel: str
    area: str
    columns: Mapping[str, Any] = field(default_factory=dict)
    once_key: str | None = None


def open_case(new: NewCase, *, by: Actor, at: datetime, note: Mapping[str, Any] | None = None,
              announce: bool = True) -> Case:
    """Open a case, or give back the one that the same ``once_key`` opened before."""
    playbook = current(new.playbook)
    clocks = enter_state({}, playbook, playbook.start, at=at, calendar=calendar_now())
    try:
        with transaction.atomic():
            return _write(new, playbook, clocks, by=by, at=at, note=note, announce=announce)
    except IntegrityError:
        # A replay of an outbox: the first one won, and this is its case.
        if before := sent_before(new.once_key):
            return before
        raise


def sent_before(once_key: str | None) -> Case | None:
    """The case that the same sending opened already."""
    return rows.one(Case, once_key=once_key) if once_key else None


def _write(new: NewCase, playbook: Playbook, clocks: Mapping[str, Any], *, by: Actor,
           at: datetime, note: Mapping[str, Any] | None, announce: bool) -> Case:
    year = at.astimezone(CHINA).year
    first = {
        "number": number_of(new.number_prefix, year, next_serial(f"{new.number_prefix}-{year}")),
        "practice": new.practice, "playbook": playbook.code,
        "playbook_version": playbook.version, "kind": new.kind, "title": new.title,
        "text": new.text, "channel": new.channel, "area": new.area, "state": playbook.start,
        "opened_at": at, "opened_by": by.ref, "follow_code": new_follow_code(),
        "once_key": new.once_key, "clocks": clocks, **due_columns(clocks), **new.columns,
    }
    case = Case(id=new_id(), changed_at=at, **first)
    entry = trail.compose(stream_of(case), 1, trail.GENESIS, verb="open", by=by.ref, at=at,
                          changes=veiled(first), note=note)
    case.version, case.head = entry.seq, entry.digest
    rows.insert(case)
    rows.insert(entry)
    rows.insert(Hold(case=case, state=case.state, since=at))
    search.index(case.id, text=searched_text(case))
    if announce:
        outbox.publish(CaseOpened(case=str(case.id), practice=case.practice), at=at)
    return case


def number_of(prefix: str, year: int, serial: int) -> str:
    """A number for people, such as ``XP-2026-004217``."""
    return f"{prefix}-{year}-{serial:06d}"


def prefix_of(number: str) -> str:
    """The letters a number begins with: ``XP`` of ``XP-2026-004217``."""
    return number.rsplit("-", 2)[0]


def new_follow_code() -> str:
    """Ten letters and digits (50 bits): enough to follow one case, too many to guess."""
    return "".join(_CODE_LETTERS[byte & 31] for byte in secrets.token_bytes(10))


def searched_text(case: Case) -> str:
    """What the search finds a case by."""
    return searched_words(case.number, case.title, case.address, case.text)


def searched_words(number: str, title: str, address: str, text: str) -> str:
    """The same, of a case that is not written yet."""
    return " ".join([number, title, address, text[:2000]])


def case_of(case_id: UUID) -> Case:
    """The case with its teams; raises ``Case.DoesNotExist``."""
    case = rows.one(Case, id=case_id)
    if case is None:
        raise Case.DoesNotExist(case_id)
    ids = (case.handler_id, case.holder_id)
    teams = {id_: rows.one(Team, id=id_) if id_ else None for id_ in set(ids)}
    case.handler, case.holder = (teams[id_] for id_ in ids)
    return case
