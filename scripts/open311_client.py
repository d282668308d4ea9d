"""A small Open311 client for other systems: Python's standard library, nothing of Yiwang's.

``python open311_client.py ENDPOINT services|report|follow …``; each prints the answer's JSON.
"""

import argparse
import json
import sys
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import quote, urlencode


def main() -> int:
    """One question; 1 where it is refused, with what the endpoint says on standard error."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("endpoint", help="such as http://127.0.0.1:8000/open311/v2")
    wanted.add_argument("--key", default="")
    verbs = wanted.add_subparsers(dest="verb", required=True)
    verbs.add_parser("services")
    report = verbs.add_parser("report")
    report.add_argument("service_code")
    report.add_argument("description")
    report.add_argument("--lat", required=True)
    report.add_argument("--long", required=True)
    report.add_argument("--token", required=True, help="the same again is the same report")
    verbs.add_parser("follow").add_argument("id")
    verbs.add_parser("updates").add_argument("id")
    options = wanted.parse_args()
    try:
        print(json.dumps(ask(options), ensure_ascii=False))
    except urllib.error.HTTPError as refused:
        print(refused.code, refused.read().decode(), file=sys.stderr)
        return 1
    return 0


def ask(options: argparse.Namespace) -> Any:
    """The answer, read."""
    if options.verb == "services":
        return read(options, "services.json")
    if options.verb == "report":
        sent = {name: getattr(options, name)
                for name in ("service_code", "description", "lat", "long", "token")}
        return read(options, "requests.json", urlencode(sent | {"api_key": options.key}).encode())
    ending = ".json" if options.verb == "follow" else "/updates.json"
    return read(options, f"requests/{quote(options.id)}{ending}")


def read(options: argparse.Namespace, path: str, body: bytes | None = None) -> Any:
    """One HTTP question; a body is posted."""
    headers = {"X-Api-Key": options.key} if options.key and body is None else {}
    question = urllib.request.Request(  # noqa: S310  (the address the caller gave)
        f"{options.endpoint.rstrip('/')}/{path}", data=body, headers=headers)
    with urllib.request.urlopen(question, timeout=30) as answer:  # noqa: S310
        return json.loads(answer.read())


if __name__ == "__main__":
    sys.exit(main())
