"""The interface's description in OpenAPI 3.0, built from the collections."""

from typing import Any

from .asking import LIMIT, MOST
from .collections import Collection

Node = dict[str, Any]


def document(server: str, title: str, collections: list[Collection]) -> Node:
    """An OpenAPI 3.0 document of every address."""
    return {
        "openapi": "3.0.3", "info": {"title": title, "version": "1.0.0"},
        "servers": [{"url": server}],
        "paths": {
            "/": _get("landing", "Landing page", "#/components/schemas/Landing"),
            "/conformance": _get("conformance", "Conformance", "#/components/schemas/Conformance"),
            "/api": _get("api", "This description", "#/components/schemas/Api"),
            "/collections": _get("collections", "Collections", "#/components/schemas/Collections"),
            **{path: node for each in collections for path, node in _paths(each).items()},
        },
        "components": {"schemas": SCHEMAS},
    }


def _paths(each: Collection) -> dict[str, Node]:
    base, name = f"/collections/{each.id}", each.id
    about = str(each.title)
    return {
        base: _get(f"{name}.describe", about, "#/components/schemas/Collection"),
        f"{base}/items": _get(f"{name}.items", about, "#/components/schemas/FeatureCollection",
                              PARAMETERS, "application/geo+json", ("400",)),
        f"{base}/items/{{id}}": _get(f"{name}.one", about, "#/components/schemas/Feature",
                                     [ID], "application/geo+json", ("404",)),
    }


def _get(operation: str, summary: str, schema: str, parameters: list[Node] | None = None,
         kind: str = "application/json", faults: tuple[str, ...] = ()) -> Node:
    fault = {"description": "what is wrong, in the reader's language", "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/Exception"}}}}
    if operation == "api":
        kind = "application/vnd.oai.openapi+json;version=3.0"
    return {"get": {
        "operationId": operation, "summary": summary, "parameters": parameters or [],
        "responses": {"200": {"description": summary, "content": {kind: {
            "schema": {"$ref": schema}}}}, **dict.fromkeys({"400", *faults}, fault)},
    }}


def _query(name: str, about: str, schema: Node) -> Node:
    return {"name": name, "in": "query", "required": False, "description": about,
            "schema": schema, "style": "form", "explode": False}


ID: Node = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
PARAMETERS: list[Node] = [
    _query("limit", "how many at most", {"type": "integer", "minimum": 1, "maximum": MOST,
                                         "default": LIMIT}),
    _query("bbox", "west,south,east,north; degrees WGS-84", {
        "type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}),
    _query("datetime", "a moment, or begin/end; an open end is two dots", {"type": "string"}),
    _query("cursor", "taken from the “next” link of the page before", {"type": "string"}),
]


def _object(**properties: Node) -> Node:
    return {"type": "object", "required": sorted(properties), "properties": properties}


TEXT: Node = {"type": "string"}
LINKS: Node = {"type": "array", "items": {
    "type": "object", "required": ["href", "rel"],
    "properties": {"href": TEXT, "rel": TEXT, "type": TEXT, "title": TEXT}}}
GEOMETRY: Node = {"type": "object", "nullable": True, "required": ["type", "coordinates"],
                  "properties": {"type": TEXT, "coordinates": {"type": "array", "items": {}}}}
FEATURE: Node = _object(type={"type": "string", "enum": ["Feature"]}, id=TEXT, geometry=GEOMETRY,
                        properties={"type": "object"})
SCHEMAS: Node = {
    "Landing": _object(title=TEXT, links=LINKS),
    "Conformance": _object(conformsTo={"type": "array", "items": TEXT}),
    "Api": _object(openapi=TEXT, paths={"type": "object"}),
    "Collection": _object(id=TEXT, title=TEXT, description=TEXT, links=LINKS),
    "Collections": _object(links=LINKS, collections={
        "type": "array", "items": {"$ref": "#/components/schemas/Collection"}}),
    "Feature": FEATURE,
    "FeatureCollection": _object(
        type={"type": "string", "enum": ["FeatureCollection"]}, links=LINKS,
        numberReturned={"type": "integer", "minimum": 0}, timeStamp=TEXT,
        features={"type": "array", "items": {"$ref": "#/components/schemas/Feature"}}),
    "Exception": _object(code=TEXT, description=TEXT),
}
