"""The document for machines, and the same as a page for people: our look, no foreign script."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.algorithms.words import read_in, reading_language
from yiwang.kernel.people.key_scopes import SCOPES
from yiwang.shell.doors import public

from .document import JSON, document
from .entry import language_of
from .problems import KINDS


@dataclass(frozen=True, slots=True)
class Line:
    """A parameter or a field as the page tells it."""

    name: str
    place: str
    shape: str
    needed: bool
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """An operation as the page tells it."""

    id: str
    method: str
    path: str
    title: str
    scope: str
    asked: list[Line]
    answers: list[Line]
    statuses: list[tuple[str, str]]


@public("tells machines what the API is")
def openapi(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    read_in(language_of(request))
    text = json.dumps(document(reading_language()), ensure_ascii=False)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Vary"] = "Accept-Language"
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@public("tells people what the API is")
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation with what it asks for and answers; every kind of problem."""
    whole = document(reading_language())
    told = [_told(path, method, one, whole) for path, methods in whole["paths"].items()
            for method, one in methods.items()]
    return render(request, "shell/api/docs.html", {
        "operations": told, "problems": KINDS.items(),
        "scopes": [(code, scope.title) for code, scope in SCOPES.items()]})


def _told(path: str, method: str, one: dict[str, Any], whole: dict[str, Any]) -> Told:
    asked = [Line(param["name"], param["in"], _shape(param["schema"]), param.get("required", False),
                  param.get("description", "")) for param in one["parameters"]]
    for kind, content in one.get("requestBody", {}).get("content", {}).items():
        asked += _lines(content["schema"], whole, kind)
    answers = [line for status, answer in one["responses"].items() if status < "3"
               for line in _lines(answer["content"][JSON]["schema"], whole, status)]
    return Told(one["operationId"], method.upper(), path, one["summary"],
                one.get("x-scope", ""), asked, answers,
                [(status, answer["description"]) for status, answer in one["responses"].items()])


def _lines(schema: dict[str, Any], whole: dict[str, Any], place: str) -> list[Line]:
    """The fields of an object, one level deep."""
    schema = _looked_up(schema, whole)
    needed = set(schema.get("required", []))
    return [Line(name, place, _shape(part), name in needed, part.get("description", ""))
            for name, part in schema.get("properties", {}).items()]


def _looked_up(schema: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
    name = schema.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = whole["components"]["schemas"][name] if name else schema
    return found


def _shape(schema: dict[str, Any]) -> str:
    """A type in few words: ``string``, ``Named[]``, ``integer | null``, ``zh | en``."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if "anyOf" in schema or "oneOf" in schema:
        return " | ".join(_shape(part) for part in schema.get("anyOf") or schema["oneOf"])
    if schema.get("type") == "array":
        return f"{_shape(schema.get('items', {}))}[]"
    return str(schema.get("format") or schema.get("type") or "any")
