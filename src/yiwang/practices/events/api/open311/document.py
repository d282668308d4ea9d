"""The OpenAPI 3.1 document of Open311 GeoReport v2 as it is answered here, in both formats."""

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse

from yiwang.algorithms.words import Words
from yiwang.shell.doors import public

from .asking import FAULTS_OF
from .reading import MOST

TYPES = {"xml": "text/xml", "json": "application/json"}
TEXT, WHOLE, YES = {"type": "string"}, {"type": "integer"}, {"type": "boolean"}
MOMENT = {"type": "string", "format": "date-time"}


def _or_none(shape: dict[str, Any]) -> dict[str, Any]:
    return {**shape, "type": [shape["type"], "null"]}


def _object(**parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": parts, "required": list(parts),
            "additionalProperties": False}


def _list(shape: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": shape}


_SERVICE = _object(service_code=TEXT, service_name=TEXT, description=TEXT, metadata=YES,
                   type=TEXT, keywords=TEXT, group=TEXT)
_ATTRIBUTE = _object(variable=YES, code=TEXT, datatype=TEXT, required=YES,
                     datatype_description=TEXT, order=WHOLE, description=TEXT,
                     values=_list({"type": "object"}))
_EXTENDED = {"type": "object", "required": ["case_number", "state", "state_name"], "properties": {
    "case_number": TEXT, "state": TEXT, "state_name": TEXT, "closed_datetime": _or_none(MOMENT),
    "channel": TEXT}}
_REQUEST = _object(
    service_request_id=TEXT, status={"type": "string", "enum": ["open", "closed"]},
    status_notes=TEXT, service_name=TEXT, service_code=TEXT, description=_or_none(TEXT),
    agency_responsible=_or_none(TEXT), service_notice=_or_none(TEXT), requested_datetime=MOMENT,
    updated_datetime=MOMENT, expected_datetime=_or_none(MOMENT), address=TEXT,
    address_id=_or_none(TEXT), zipcode=_or_none(TEXT), lat=_or_none({"type": "number"}),
    long=_or_none({"type": "number"}), media_url=_or_none(TEXT), state=TEXT)
_REQUEST["properties"] |= {"extended_attributes": _EXTENDED}  # with ``extensions=true``
_UPDATE = _object(update_id=TEXT, service_request_id=TEXT,
                  status={"type": "string", "enum": ["open", "closed"]}, state=TEXT,
                  description=TEXT, updated_datetime=MOMENT)
_SENT = _object(service_request_id=TEXT, account_id=_or_none(TEXT), service_notice=TEXT,
                follow_code=TEXT)
_DISCOVERY = _object(changeset=TEXT, contact=TEXT, key_service=TEXT, endpoints=_list(_object(
    specification=TEXT, url=TEXT, changeset=TEXT, type=TEXT, formats=_list(TEXT))))
_ERRORS = _list(_object(code=WHOLE, description=TEXT))

_ASKED: dict[str, dict[str, Any]] = {
    "jurisdiction_id": TEXT, "service_request_id": TEXT, "service_code": TEXT,
    "start_date": MOMENT, "end_date": MOMENT,
    "status": {"type": "string", "enum": ["open", "closed", "open,closed"]},
    "state": TEXT, "updated_after": MOMENT, "updated_before": MOMENT,
    "extensions": {"type": "string", "enum": ["true", "false"]}, "api_key": TEXT,
    "bbox": {"type": "string", "examples": ["121.8,29.8,121.9,29.9"]},
    "page": {"type": "integer", "minimum": 1, "maximum": 100},
    "page_size": {"type": "integer", "minimum": 1, "maximum": MOST},
}
_FORM = {"type": "object", "required": ["service_code"], "properties": {
    **dict.fromkeys(("api_key", "jurisdiction_id", "service_code", "address_string", "address_id",
                     "description", "first_name", "last_name", "phone", "media_url", "token",
                     "email", "device_id", "account_id"), TEXT),
    "lat": {"type": "number", "minimum": -90, "maximum": 90},
    "long": {"type": "number", "minimum": -180, "maximum": 180}}}

# Path, summary, what is answered, parameters of the address and of the question.
_METHODS: tuple[tuple[str, Words, dict[str, Any], tuple[str, ...], tuple[str, ...]], ...] = (
    ("discovery", Words("入口", "where the endpoint is"), _DISCOVERY, (), ()),
    ("services", Words("可报的类别", "what may be reported"), _list(_SERVICE), (),
     ("jurisdiction_id",)),
    ("services/{service_code}", Words("一个类别", "one class"),
     _object(service_code=TEXT, attributes=_list(_ATTRIBUTE)), ("service_code",),
     ("jurisdiction_id",)),
    ("requests", Words("案件", "requests"), _list(_REQUEST), (), tuple(_ASKED)),
    ("requests/{service_request_id}", Words("一件", "one request"), _list(_REQUEST),
     ("service_request_id",), ("extensions", "api_key")),
    ("requests/{service_request_id}/updates", Words("一件的进展", "updates of a request"),
     _list(_UPDATE), ("service_request_id",), ()),
    ("tokens/{token}", Words("凭键查编号", "the number of one's own sending"),
     _list(_object(service_request_id=TEXT, token=TEXT)), ("token",), ()),
)


@public("tells machines what the interface is")
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    answer = HttpResponse(json.dumps(document(), ensure_ascii=False),
                          content_type="application/json; charset=utf-8")
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def document() -> dict[str, Any]:
    """The whole document, in the language being read."""
    return {
        "openapi": "3.1.0", "info": {
            "title": "Open311 GeoReport v2", "version": "2",
            "description": str(Words("报事与公开案件", "reports, and public cases"))},
        "paths": dict(_paths()),
    }


def _paths() -> Iterator[tuple[str, dict[str, Any]]]:
    for form, kind in TYPES.items():
        for path, summary, shape, places, asked in _METHODS:
            methods = {"get": _operation(f"{path} {form}", summary, kind, {"200": shape}, [
                *({"name": name, "in": "path", "required": True, "schema": TEXT}
                  for name in places),
                *({"name": name, "in": "query", "schema": _ASKED[name]} for name in asked)])}
            if path == "requests":
                methods["post"] = _sending(form, kind)
            yield f"/open311/v2/{path}.{form}", methods


def _sending(form: str, kind: str) -> dict[str, Any]:
    sent = _operation(f"send {form}", Words("报事", "send a report"), kind,
                      {"201": _list(_SENT)}, [])
    content = {name: {"schema": _FORM} for name in ("application/x-www-form-urlencoded",
                                                    "multipart/form-data")}
    return {**sent, "requestBody": {"required": True, "content": content}}


def _operation(
    name: str, summary: Words, kind: str, answers: dict[str, dict[str, Any]],
    parameters: list[dict[str, Any]],
) -> dict[str, Any]:
    shapes = answers | {str(status): _ERRORS for status in FAULTS_OF}
    return {"operationId": name, "summary": str(summary), "parameters": parameters, "responses": {
        status: {"description": str(FAULTS_OF.get(int(status), summary)),
                 "content": {kind: {"schema": shape if kind == TYPES["json"] else {}}}}
        for status, shape in shapes.items()}}
