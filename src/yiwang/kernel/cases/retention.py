"""What is kept no longer than it is needed: whom to answer, after the answer has stood.

个人信息保护法 §19: the shortest time the purpose needs. The case itself stays. Its own words
(title, text, address) are blurred after a longer time: rules in ``algorithms/blurring.py``. The
trail holds their digests only, so the chain and the replay hold before and after.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from yiwang.algorithms.blurring import blurred
from yiwang.kernel.people.rules import SYSTEM
from yiwang.kernel.records import search, trail
from yiwang.kernel.records.models import TrailEntry

from .models import Case, Reporter
from .opening import searched_text
from .step import VEILED, commit_step

CONTACT_KEPT = timedelta(days=90)  # after closing; own choice: three times guards.REOPEN_WITHIN
SETTLED = timedelta(hours=1)  # no import writes one batch longer
AT_ONCE = 2000  # contacts, or cases looked at, in one round of the worker
STREAM, WORDS = "retention/contacts", "retention/words"


@transaction.atomic
def forget_contacts(*, at: datetime) -> int:
    """Delete names and numbers of reporters whose case closed that long ago; returns how many.

    Safe to repeat. The trail keeps that it was done, and of how many, not of whom.
    """
    old = Reporter.objects.filter(case__is_open=False, case__closed_at__lt=at - CONTACT_KEPT)
    gone = Reporter.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:AT_ONCE]))
    count, _ = gone.delete()
    if count:
        trail.append(STREAM, verb="forget_contacts", by=SYSTEM.ref, at=at,
                     changes={"contacts": count})
    return count


def words_kept() -> timedelta:
    """How long after closing a case's words stay as they were written: ``YIWANG_WORDS_KEPT``."""
    return timedelta(days=int(settings.WORDS_KEPT))


@transaction.atomic
def blur_words(*, at: datetime) -> int:
    """Cover what points to a person in cases closed long enough; returns how many changed.

    Raises ``SomebodyElseDecided`` where a case changed meanwhile: nothing is done, the next round
    looks again. Two walks go on where the last round stopped: along the day of closing, and
    along new cases, since an import brings in what closed long ago.
    """
    marks, before = _marks(at), at - words_kept()
    closed, newer = _closed_after(marks, before), _newer(marks, at)
    due = {case.pk: case for case in (*closed, *newer)
           if case.closed_at is not None and not case.is_open and case.closed_at < before}
    changed = sum(_blur(case, at=at) for case in due.values())
    if closed or newer:
        trail.append(WORDS, verb="blur_words", by=SYSTEM.ref, at=at, changes={"cases": changed},
                     note={**marks, **_reached(closed, newer)})
    return changed


def _marks(at: datetime) -> dict[str, Any]:
    """Where the last round stopped; at first, new cases are those that come from now on."""
    last = TrailEntry.objects.filter(stream=WORDS).order_by("-seq").first()
    return dict(last.note) if last else {"newest": str(_first_id(at))}


def _reached(closed: list[Case], newer: list[Case]) -> dict[str, Any]:
    marks: dict[str, Any] = {}
    if closed:
        marks |= {"closed_at": closed[-1].closed_at, "closed": closed[-1].pk}
    return marks | ({"newest": newer[-1].pk} if newer else {})


def _closed_after(marks: Mapping[str, Any], before: datetime) -> list[Case]:
    """The next cases in the order they closed in, by the index of closing."""
    cases = Case.objects.filter(is_open=False, closed_at__lt=before)
    if "closed" in marks:
        day = datetime.fromisoformat(marks["closed_at"])
        cases = cases.filter(closed_at__gte=day).filter(
            Q(closed_at__gt=day) | Q(pk__gt=UUID(marks["closed"])))
    return list(cases.order_by("closed_at", "pk")[:AT_ONCE])


def _newer(marks: Mapping[str, Any], at: datetime) -> list[Case]:
    """The next cases made since, by their ids; those of the last hour may not all be there yet."""
    made = Case.objects.filter(pk__gt=UUID(marks["newest"]), pk__lt=_first_id(at - SETTLED))
    return list(made.order_by("pk")[:AT_ONCE])


def _first_id(at: datetime) -> UUID:
    """The least id a case made at ``at`` can have (ids.py)."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def _blur(case: Case, *, at: datetime) -> bool:
    """Whether anything was covered; the search forgets the words as well."""
    now = {name: blurred(getattr(case, name)) for name in VEILED}
    changes = {name: words for name, words in now.items() if words != getattr(case, name)}
    if not changes:
        return False
    commit_step(case, verb="blur", by=SYSTEM, at=at, changes=changes)
    search.forget(case.pk, by=case.number)
    search.index(case.pk, text=searched_text(case))
    return True
