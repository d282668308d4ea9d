"""A log as one file a day. Every process adds whole lines to the day's file; none renames it.

The day is that of UTC and stands in the name, so that what ``TimedRotatingFileHandler`` does by
renaming, which loses lines where several processes write, needs no renaming here.
"""

import json
import logging
import os
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

SECURITY, REQUESTS = LOGS = ("security", "requests")
READABLE_BY_OWNER = 0o600


def file_name(log: str, day: date) -> str:
    """``security-2026-11-23.log``."""
    return f"{log}-{day.isoformat()}.log"


class JsonLine(logging.Formatter):
    """One object a line, in ASCII: nothing that is logged can begin a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """When (UTC), how grave, what happened, and the fields given as ``extra``."""
        fields: dict[str, Any] = getattr(record, "fields", {})
        at = datetime.fromtimestamp(record.created, UTC)
        said = {"at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                "level": record.levelname.lower(), "event": record.getMessage()}
        return json.dumps(said | fields, default=str)


class OneLine(logging.Formatter):
    """Words for a terminal or a service manager: a message stays on the line it began."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        """The message with its control characters written out; a traceback follows as it is."""
        said = super().formatMessage(record)
        return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in said)


class DayFile(logging.Handler):
    """Adds each line by one ``write`` to a file opened for appending, so that lines never mix."""

    def __init__(self, folder: Path | str, log: str) -> None:
        super().__init__()
        self.folder, self.log = Path(folder), log
        self._day: date | None = None
        self._file = -1

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line. What cannot be written is said once on standard error, never raised."""
        try:
            line = (self.format(record) + "\n").encode()
            file = self._file_of(datetime.fromtimestamp(record.created, UTC).date())
            if os.write(file, line) != len(line):
                raise OSError("only part of a line was written")
        except Exception:  # noqa: BLE001  (no failing log may fail a request)
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging's name)
        """One line instead of a traceback: a full disk says so at every request."""
        print(f"log {self.log}: not written: {sys.exc_info()[1]}", file=sys.stderr)

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
        self._file, self._day = -1, None
        super().close()

    def _file_of(self, day: date) -> int:
        if day != self._day or self._file < 0:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
            opened = os.open(self.folder / file_name(self.log, day), flags, READABLE_BY_OWNER)
            if self._file >= 0:
                os.close(self._file)
            self._file, self._day = opened, day
        return self._file
