"""The nightly backup, as a process of its own beside the background worker."""

import logging
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from yiwang.kernel.keeping.rules import KEEPING, backup_is_due

logger = logging.getLogger("yiwang.backup")

COMMAND = ("nice", sys.executable, "-c", "from yiwang.cli import main; main()", "backup", "--json")


class Nightly:
    """Starts a backup when tonight's is due; after one that failed it waits an hour."""

    def __init__(self, target: Path | None, command: tuple[str, ...] = COMMAND) -> None:
        self.target, self.command = target, command
        self.process: subprocess.Popen[bytes] | None = None
        self.tried: datetime | None = None

    def look(self, at: datetime) -> None:
        """Start one if it is due and none is under way; ``at`` is in the town's zone."""
        if self.target is None or self._under_way() or self._tried_lately(at):
            return
        if backup_is_due(_newest(self.target), at):
            self.tried = at
            self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)

    def _under_way(self) -> bool:
        if self.process is None:
            return False
        code = self.process.poll()
        if code is None:
            return True
        if code:
            logger.error("the nightly backup ended with code %s; see the lines above", code)
        self.process = None
        return False

    def _tried_lately(self, at: datetime) -> bool:
        return self.tried is not None and abs(at - self.tried) < KEEPING.retry


def _newest(target: Path) -> datetime | None:
    from django.conf import settings

    from yiwang.kernel.keeping.keys import instance_of
    from yiwang.kernel.keeping.manifest import KEYS, backups_in

    kept = backups_in(target, instance_of(Path(settings.DATA) / KEYS))
    return kept[0].at if kept else None
