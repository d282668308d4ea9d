"""How this instance stands: lamps of its database, background work, disk and backups."""

from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache

import yiwang
from yiwang.kernel.keeping.keys import instance_of
from yiwang.kernel.keeping.lamps import lamps
from yiwang.kernel.keeping.manifest import KEYS, backups_in
from yiwang.kernel.keeping.rules import KEEPING
from yiwang.shell.doors import Asked, door

SHOWN = 30  # backups


@door("system.edit")
@never_cache
def instance(request: Asked) -> HttpResponse:
    """The lamps, and the backups there are; no case and no person is named."""
    target: Path | None = settings.BACKUP
    kept = backups_in(target, instance_of(Path(settings.DATA) / KEYS)) if target else []
    return render(request, "shell/instance.html", {
        "lamps": lamps(at=now()), "version": yiwang.__version__, "kept": kept[:SHOWN],
        "rule": KEEPING, "configured": target is not None,
    })
