"""What is written to the two logs, requests and security. Of people only the ids of accounts.

The trail proves what was changed; the logs say who came, and who was sent away.
"""

import logging
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from .day_files import LOGS, REQUESTS, SECURITY

# Streams whose entries are the day's work on cases and the ground; all others are of interest to
# whoever asks what administrators did, who came in, and who looked at what.
WORK = frozenset({"case", "cell", "cells", "filters", "import", "report", "calendar", "retention"})

_loggers = {log: logging.getLogger(f"yiwang.log.{log}") for log in LOGS}


def note_security(event: str, fields: Mapping[str, Any], level: int = logging.INFO) -> None:
    """One line of the security log."""
    _loggers[SECURITY].log(level, event, extra={"fields": dict(fields)})


def note_request(fields: Mapping[str, Any]) -> None:
    """One line of the log of requests."""
    _loggers[REQUESTS].info("request", extra={"fields": dict(fields)})


def note_entry(stream: str, verb: str, by: str) -> None:
    """A trail entry about people, rights, keys or looks, once it is committed.

    Its content stays in the trail, where only an auditor reads it.
    """
    if stream.partition("/")[0] not in WORK:
        transaction.on_commit(
            lambda: note_security(verb, {"about": stream, "by": by}), robust=True)


def whence(address: str) -> str:
    """A network address as a keyed digest: the same caller is the same, and nobody is named."""
    digest = salted_hmac("yiwang.log", address, algorithm="sha256").hexdigest()
    return digest[:12] if address else ""
