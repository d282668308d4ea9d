"""Requests of an Open311 file, one JSON object a line, plain or gzipped."""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from pathlib import Path
from typing import Any

from yiwang.algorithms.coordinates import Point
from yiwang.algorithms.words import Words
from yiwang.kernel.cases.duplicates import words_of
from yiwang.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was reported; ``note`` is what the city said when it closed it."""

    id: str
    kind: str
    at: datetime
    closed: datetime | None
    point: Point
    words: frozenset[str]
    note: str


def read_requests(path: Path) -> tuple[list[Request], int]:
    """Requests, oldest first, and how many lines are none: no JSON, no id, no moment, no point."""
    found: dict[str, Request] = {}
    bad = 0
    for line in _lines(path):
        try:
            request = _request(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError):
            bad += 1
        else:
            found[request.id] = request
    return sorted(found.values(), key=lambda one: (one.at, one.id)), bad


def _lines(path: Path) -> Iterator[str]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8", errors="replace") as lines:
            yield from (line for line in lines if line.strip())
    except (OSError, EOFError) as trouble:
        raise Refusal("bad_file", Words(
            "文件读不出：{why}", "The file cannot be read: {why}").filled(why=trouble)) from None


def _request(given: dict[str, Any]) -> Request:
    lon, lat = float(given["long"]), float(given["lat"])
    if not (isfinite(lon) and isfinite(lat)) or abs(lon) > 180 or abs(lat) > 90:
        raise ValueError("off the globe")
    closed = _moment(given["updated_datetime"]) if given.get("status") == "closed" else None
    return Request(str(given["service_request_id"]).strip(), str(given.get("service_code", "")),
                   _moment(given["requested_datetime"]), closed, (lon, lat),
                   words_of(given.get("description") or ""), given.get("status_notes") or "")


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
