"""The OpenAPI 3.1 document: what django-ninja reads from the types, and what our faces add to it.

Problems, headers, scopes and descriptions in the reader's language; worked out once a language.
"""

from collections.abc import Iterator
from copy import deepcopy
from functools import lru_cache
from http import HTTPStatus
from typing import Any

from yiwang.algorithms.words import Language, Words, reading_in

from .instance import PREFIX, api
from .problems import DOCS, KINDS, MEDIA_TYPE
from .shapes import WORDS
from .writing import HEADER, REPLAYED

JSON = "application/json"
ABOUT = Words("一网的 JSON 接口：与页面同样的读和办，凭密钥。",
              "The JSON API of Yiwang: what the pages read and do, for keys.")
HEADERS: dict[str, Words] = {
    "ETag": Words("案件的版本", "the version of the case"),
    "Link": Words("rel=next：下一页", "rel=next: the next page"),
    "Location": Words("新案件的地址", "the address of the new case"),
    REPLAYED: Words("true：这是先前那一次的回答", "true: the answer of the first time"),
    "Retry-After": Words("几秒后再来", "seconds to wait"),
    "WWW-Authenticate": Words("要带的密钥", "the key that is wanted"),
}
LANGUAGE = ("Accept-Language", Words("zh 或 en", "zh or en"), False)
ONCE = (HEADER, Words("自己取的键：同键同内容只办一次，答案保留 24 小时",
                      "a key of your own: sent again it is done once; kept for 24 hours"), False)
MATCH = ("If-Match", Words("看到的 ETag；* 表示不管版本", "the ETag seen; * for any"), True)
PROBLEM: dict[str, Any] = {
    "type": "object", "required": ["type", "title", "status", "detail", "code", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri"}, "title": {"type": "string"},
        "status": {"type": "integer"}, "detail": {"type": "string"}, "code": {"type": "string"},
        "errors": {"type": "array", "items": {
            "type": "object", "required": ["field", "detail"], "additionalProperties": False,
            "properties": {"field": {"type": "string"}, "detail": {"type": "string"}}}},
        "missing": {"type": "array", "items": {"type": "string"}},
        "version": {"type": "integer"},
        "changes": {"type": "array", "items": {"$ref": "#/components/schemas/Step"}},
    },
    "additionalProperties": False,
}


@lru_cache(maxsize=2)
def document(language: Language) -> dict[str, Any]:
    """The whole document with its words in one language."""
    with reading_in(language):
        found: dict[str, Any] = deepcopy(dict(api.get_openapi_schema(path_prefix=f"/{PREFIX}")))
        found["info"] |= {"description": str(ABOUT),
                          "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}}
        found["externalDocs"] = {"url": DOCS, "description": str(ABOUT)}
        found["components"]["schemas"]["Problem"] = PROBLEM
        found["components"]["securitySchemes"] = {"Bearer": {"type": "http", "scheme": "bearer"}}
        for method, operation in operations(found):
            _complete(method, operation)
        _say(found)
    return found


def operations(found: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Method and operation, in the order of the addresses."""
    for path in found["paths"].values():
        yield from path.items()


def _complete(method: str, operation: dict[str, Any]) -> None:
    asked = [LANGUAGE]
    if method == "post":
        asked.append(ONCE)
    if operation["operationId"] == "move":
        asked.append(MATCH)
    operation["parameters"] = [
        *operation.get("parameters", []),
        *({"name": name, "in": "header", "required": needed, "schema": {"type": "string"},
           "description": str(words)} for name, words, needed in asked)]
    responses = {str(status): answer for status, answer in operation["responses"].items()}
    for answer in responses.values():
        answer["headers"] = _headers(operation.pop("x-headers", []))
    responses |= {str(status): _problem(status) for status in operation.pop("x-problems", [])}
    operation["responses"] = responses


def _problem(status: int) -> dict[str, Any]:
    kinds = [kind.title for kind in KINDS.values() if kind.status == status]
    titles = "；".join(map(str, kinds)) or HTTPStatus(status).phrase
    named = {401: ["WWW-Authenticate"], 429: ["Retry-After"], 412: ["ETag"]}.get(status, [])
    return {"description": titles, "headers": _headers(named),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def _headers(names: list[str]) -> dict[str, Any]:
    return {name: {"schema": {"type": "string"}, "description": str(HEADERS[name])}
            for name in names}


def _say(part: Any) -> None:
    """Put descriptions where words stand, in the language being read."""
    if isinstance(part, list):
        for item in part:
            _say(item)
    elif isinstance(part, dict):
        if words := part.pop(WORDS, None):
            said = str(Words.from_json(words))
            part["summary" if "operationId" in part else "description"] = said
        for item in part.values():
            _say(item)
        _lift(part)


def _lift(part: dict[str, Any]) -> None:
    """A parameter says itself what its schema says."""
    schema = part.get("schema")
    if "in" in part and isinstance(schema, dict) and "description" in schema:
        part["description"] = schema.pop("description")
