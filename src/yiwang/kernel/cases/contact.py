"""Whom to answer: shown masked; in full only to who may, and every look is in the trail."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from yiwang.kernel.people.rules import Actor, check_can
from yiwang.kernel.people.sign_in_rules import LOOKS_PACE
from yiwang.kernel.records import trail
from yiwang.kernel.records.pace import keep_pace
from yiwang.kernel.records.sealed import masked, unseal

from .models import Case, Reporter


@dataclass(frozen=True, slots=True)
class Contact:
    """A reporter's name and telephone number, masked or in full."""

    name: str
    phone: str


def looks_of(case: Case) -> str:
    """The stream that remembers who looked: its own, so that a look makes nobody's form stale."""
    return f"contact/{case.id}"


def masked_contact(reporter: Reporter | None) -> Contact | None:
    """王** 138****1234; None where nobody left a name or a number."""
    full = _opened(reporter)
    if full is None:
        return None
    return Contact(full.name[:1] + "**" if full.name else "", masked(full.phone))


@transaction.atomic
def unmask_contact(case: Case, *, by: Actor, at: datetime) -> Contact | None:
    """The contact in full. The look is in the trail before it is shown.

    Raises ``NotAllowed``, or ``Refusal`` beyond ``LOOKS_PACE``.
    """
    teams = [team for team in (case.handler_id, case.holder_id) if team]
    check_can(by, "case.unmask", area=case.area, practice=case.practice, teams=teams)
    keep_pace(LOOKS_PACE, by.ref, at=at)
    trail.append(looks_of(case), verb="unmask", by=by.ref, at=at, note={"case": case.number})
    return _opened(Reporter.objects.filter(case=case).first())


def _opened(reporter: Reporter | None) -> Contact | None:
    if reporter is None or not (reporter.name_sealed or reporter.phone_sealed):
        return None
    return Contact(unseal(reporter.name_sealed), unseal(reporter.phone_sealed))
