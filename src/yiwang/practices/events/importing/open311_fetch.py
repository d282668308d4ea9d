"""All requests of a foreign endpoint as JSON lines: span by span, page by page, nothing twice."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.ids import new_id

from .problems import broken_file
from .uploads import folder

SPAN = timedelta(days=90)  # of one question; GeoReport v2
PAGE = 1000  # requests of one answer; GeoReport v2
MOST_PAGES = 1000  # of one span; an endpoint that ignores ``page`` is noticed long before
PATIENCE = 60.0  # seconds for one answer; own choice
USUAL_SINCE = timedelta(days=90)


def fetched(
    endpoint: str, *, since: datetime | None, until: datetime, tell: Callable[[int], None]
) -> Path:
    """The endpoint's requests of the days asked, in a file of the uploads' folder."""
    import httpx

    until = until if until.tzinfo else until.replace(tzinfo=UTC) + timedelta(days=1)
    since = (since.replace(tzinfo=since.tzinfo or UTC) if since else until - USUAL_SINCE)
    made, digest, count = folder() / new_id().hex, hashlib.sha256(), 0
    try:
        with made.open("wb") as lines, httpx.Client(timeout=PATIENCE) as client:
            for row in _rows(lambda asked: _ask(client, endpoint, asked), since, until):
                line = json.dumps(row, ensure_ascii=False).encode() + b"\n"
                digest.update(line)
                lines.write(line)
                count += 1
                tell(count)
        return made.rename(folder() / f"{digest.hexdigest()}.jsonl")
    except httpx.HTTPError as wrong:
        raise _no_answer(endpoint, type(wrong).__name__) from wrong
    finally:
        made.unlink(missing_ok=True)


def _rows(
    ask: Callable[[dict[str, str]], list[Any]], since: datetime, until: datetime
) -> Iterator[Any]:
    seen: set[str] = set()
    while since < until:
        end = min(since + SPAN, until)
        for page in range(1, MOST_PAGES + 1):
            rows = ask({"start_date": since.isoformat(), "end_date": end.isoformat(),
                        "page": str(page), "page_size": str(PAGE)})
            new = [row for row in rows if _id(row) not in seen]
            seen |= {_id(row) for row in new}
            yield from new
            if not new:  # the last page, or an endpoint that has no pages
                break
        since = end


def _id(row: Any) -> str:
    return str(row.get("service_request_id")) if isinstance(row, dict) else str(row)


def _ask(client: Any, endpoint: str, asked: dict[str, str]) -> list[Any]:
    answer = client.get(f"{endpoint.rstrip('/')}/requests.json", params=asked)
    if answer.status_code != 200:
        raise _no_answer(endpoint, f"HTTP {answer.status_code}")
    try:
        found = answer.json()
    except ValueError as wrong:
        raise _no_answer(endpoint, "no JSON") from wrong
    if not isinstance(found, list):
        raise _no_answer(endpoint, "no list")
    return found


def _no_answer(endpoint: str, why: str) -> Refusal:
    return broken_file(
        "endpoint",
        Words("{endpoint} 没有给出可用的答复（{why}）。",
              "{endpoint} gave no usable answer ({why}).").filled(endpoint=endpoint[:200], why=why),
        Words("查对地址，如 https://…/open311/v2；稍后再运行就接着导。",
              "Check the address, such as https://…/open311/v2, and run it again later."))
