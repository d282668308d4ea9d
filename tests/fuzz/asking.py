"""Schemathesis over one of our OpenAPI documents, in process: what may be asked is asked.

Questions that fit the document and questions that do not; now and then with ids and codes that
exist, so that more than refusals is met. An answer is a failure where it is a 5xx, or has a
status, a type, a header or a shape that the document does not name.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance,
          response_headers_conformance, response_schema_conformance]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
MANY = int(os.environ.get("FUZZ", "8"))  # questions of each kind for each operation

Known = Mapping[str, st.SearchStrategy[Any]]
Tally = dict[str, dict[int, int]]


def ask_all(path: str, app: Any, *, headers: Mapping[str, str], known: Known) -> Tally:
    """Ask every operation of the document at ``path``; how often each answered which status.

    ``known`` draws values that exist, by the name of a parameter, a field or a header.
    """
    schema = schemathesis.openapi.from_wsgi(path, app)
    tally: Tally = {}
    for found in schema.get_all_operations():
        if isinstance(found, Err):
            raise found.err()
        operation = found.ok()
        told = tally.setdefault(operation.label, {})
        for mode in MODES:
            strategy = operation.as_strategy(generation_mode=mode)
            with suppress(*[Unsatisfiable] * (mode is GenerationMode.NEGATIVE)):
                _asking(strategy, dict(headers), known, told)()  # nothing to ask wrongly
    return tally


def _asking(
    strategy: st.SearchStrategy[Case[Any]], headers: dict[str, str], known: Known,
    told: dict[int, int],
) -> Callable[[], None]:
    @settings(max_examples=MANY, deadline=None, derandomize="FUZZ" not in os.environ,
              database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(st.data())
    def ask(data: st.DataObject) -> None:
        case = data.draw(strategy)
        if data.draw(st.booleans()):
            _fill(case, data, known)
        for name in [name for name in case.headers or {} if name.lower() == "host"]:
            del case.headers[name]  # another host is refused before the interface is reached
        answer = case.call(headers=headers)
        told[answer.status_code] = told.get(answer.status_code, 0) + 1
        case.validate_response(answer, checks=CHECKS)

    asked: Callable[[], None] = ask
    return asked


def _fill(case: Case[Any], data: st.DataObject, known: Known) -> None:
    """Put values that exist where the question has a place for them."""
    for place in (case.path_parameters, case.query, case.body):
        if isinstance(place, dict):
            form = place is case.body and "json" not in (case.media_type or "")
            for name in sorted(known.keys() if form else place.keys() & known.keys()):
                place[name] = data.draw(known[name])
    if "If-Match" in known and case.method == "POST" and case.headers is not None:
        case.headers["If-Match"] = "*"
