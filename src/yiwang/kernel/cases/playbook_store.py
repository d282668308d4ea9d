"""Playbooks at rest: what practices declare becomes version 1, a town's changes come after it."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.db import connection, transaction

from yiwang.kernel.people.rules import Actor
from yiwang.kernel.records import trail

from .models import PlaybookVersion
from .playbook_json import from_json, to_json
from .playbooks import Playbook


@lru_cache(maxsize=256)
def load(code: str, version: int) -> Playbook:
    """The playbook a case runs under; versions never change, so they are kept in memory."""
    stored = PlaybookVersion.objects.get(code=code, version=version)
    return from_json(stored.body, version=version)


def current(code: str) -> Playbook:
    """The newest version, which new cases begin with; ``KeyError`` where there is none."""
    with connection.cursor() as cursor:  # at every report: a plain statement costs a tenth
        cursor.execute("SELECT max(version) FROM kernel_playbookversion WHERE code = %s", [code])
        (newest,) = cursor.fetchone()
    if newest is None:
        raise KeyError(f"no playbook {code!r}: run `yiwang migrate`")
    return load(code, newest)


@transaction.atomic
def publish_playbook(
    playbook: Playbook, *, by: Actor, at: datetime, source: str
) -> PlaybookVersion | None:
    """Store ``playbook`` as the next version unless it says what the newest already says."""
    playbook.check()
    body = to_json(playbook)
    newest = PlaybookVersion.objects.filter(code=playbook.code).order_by("-version").first()
    if newest is not None and newest.body == body:
        return None
    version = newest.version + 1 if newest else 1
    trail.append(f"playbook/{playbook.code}", verb="publish", by=by.ref, at=at,
                 changes={"version": version}, note={"source": source})
    return PlaybookVersion.objects.create(
        code=playbook.code, version=version, body=body, since=at, source=source
    )


def declare(playbooks: Iterable[Playbook], *, by: Actor, at: datetime) -> None:
    """Bring what the practices declare into the database; a town's own later version stands."""
    for playbook in playbooks:
        own = PlaybookVersion.objects.filter(code=playbook.code).exclude(source="practice")
        if not own.exists():
            publish_playbook(playbook, by=by, at=at, source="practice")
