"""Django's ``LOGGING``: two logs in day files, everything else on standard error, line by line."""

from pathlib import Path
from typing import Any

from yiwang.kernel.records.day_files import LOGS


def logging_of(folder: Path, service: str = "") -> dict[str, Any]:
    """The description that ``logging.config.dictConfig`` reads.

    ``service``: the socket of the machine's log service that gets every line as well.
    """
    sent = {"service": {"class": "yiwang.kernel.records.system_log.SystemLog", "path": service,
                        "formatter": "json"}} if service else {}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "yiwang.kernel.records.day_files.JsonLine"},
            "line": {"()": "yiwang.kernel.records.day_files.OneLine",
                     "format": "{levelname} {name}: {message}", "style": "{"},
        },
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING"},
            **{log: {"class": "yiwang.kernel.records.day_files.DayFile", "folder": folder,
                     "log": log, "formatter": "json"} for log in LOGS},
            **sent,
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            **{f"yiwang.log.{log}": {"handlers": [log, *sent], "level": "INFO", "propagate": False}
               for log in LOGS},
            # Its warnings name addresses, which may hold a follow code; the log of requests has
            # every answer by the name of its route.
            "django.request": {"level": "ERROR"},
            # Its warnings repeat what was typed as an account; the trail has every failure.
            "axes": {"level": "ERROR"},
        },
    }
