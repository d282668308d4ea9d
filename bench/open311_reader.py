"""An independent reader of Open311: HTTP and the standard library, nothing of Yiwang's own code.

``python bench/open311_reader.py ENDPOINT FILE.jsonl[.gz] [--key KEY] [--form json|xml]`` walks the
answers span by span and page by page and compares them with the file: ids, places to the printed
digit, moments and states. It prints one line of JSON and exits with 1 where anything differs.
"""

import argparse
import gzip
import json
import sys
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

SPAN = timedelta(days=90)
SIZE = 1000
FIELDS = ("lat", "long", "requested_datetime", "updated_datetime", "status")
Row = dict[str, Any]


def main() -> int:
    """Read both sides and say what differs."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("endpoint")
    wanted.add_argument("file", type=Path)
    wanted.add_argument("--key", default="")
    wanted.add_argument("--form", choices=("json", "xml"), default="json")
    options = wanted.parse_args()
    truth = {row["service_request_id"]: row for row in source_rows(options.file)}
    told, doubled = walk(options.endpoint, truth, options.key, options.form)
    different = [f"{id_}: {name} {mine!r} is told as {theirs!r}" for id_ in truth.keys() & told
                 for name, mine, theirs in differences(truth[id_], told[id_])]
    faults = {"missing": len(truth.keys() - told), "unknown": len(told.keys() - truth),
              "doubled": doubled, "different": len(different)}
    print(json.dumps({"file": len(truth), "told": len(told), **faults, "first": different[:5]},
                     ensure_ascii=False))
    return 1 if any(faults.values()) else 0


def source_rows(path: Path) -> Iterator[Row]:
    """Rows of the file; numbers stay the digits they are printed with."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for line in lines:
            yield json.loads(line, parse_float=str, parse_int=str)


def walk(endpoint: str, truth: dict[str, Row], key: str, form: str) -> tuple[dict[str, Row], int]:
    """Every request of the days the file has, by id; and how many ids came twice.

    Spans share no second: an answer holds both ends.
    """
    moments = [datetime.fromisoformat(row["requested_datetime"]) for row in truth.values()]
    since, last, told, doubled = min(moments), max(moments), {}, 0
    while since <= last:
        until = min(since + SPAN - timedelta(seconds=1), last)
        for row in pages(endpoint, since, until, key, form):
            doubled += row["service_request_id"] in told
            told[row["service_request_id"]] = row
        since = until + timedelta(seconds=1)
    return told, doubled


def pages(endpoint: str, since: datetime, until: datetime, key: str, form: str) -> Iterator[Row]:
    """The requests of one span."""
    page, rows = 0, list[Row]()
    while page == 0 or len(rows) == SIZE:
        page += 1
        asked = urlencode({"start_date": since.isoformat(), "end_date": until.isoformat(),
                           "page": page, "page_size": SIZE})
        question = urllib.request.Request(  # noqa: S310  (the address the operator gave)
            f"{endpoint}/requests.{form}?{asked}", headers={"X-Api-Key": key} if key else {})
        with urllib.request.urlopen(question, timeout=120) as answer:  # noqa: S310
            rows = read(answer.read(), form)
        yield from rows


def read(body: bytes, form: str) -> list[Row]:
    """An answer as rows of text."""
    if form == "json":
        found: list[Row] = json.loads(body, parse_float=str, parse_int=str)
        return found
    return [{field.tag: field.text for field in row} for row in ET.fromstring(body)]  # noqa: S314


def differences(mine: Row, theirs: Row) -> Iterator[tuple[str, Any, Any]]:
    """Fields that are told otherwise: moments as instants with a zone, all others as text."""
    for name in FIELDS:
        said, heard = mine.get(name), theirs.get(name)
        if name.endswith("_datetime"):
            same = heard is not None and instant(str(said)) == instant(str(heard))
        else:
            same = said == heard
        if not same:
            yield name, said, heard


def instant(text: str) -> datetime:
    """A moment; one without a zone is no answer."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text} has no zone")
    return at


if __name__ == "__main__":
    sys.exit(main())
