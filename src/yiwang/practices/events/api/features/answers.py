"""Answers with their media types and links."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now

from .asking import cursor_for
from .collections import Collection, Feature, Page

JSON, GEOJSON = "application/json", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.0"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def answer(value: dict[str, Any], kind: str = JSON, status: int = 200) -> HttpResponse:
    """A JSON body that any page may read."""
    body = json.dumps(value, ensure_ascii=False)
    said = HttpResponse(body, content_type=kind, status=status)
    said["Access-Control-Allow-Origin"] = "*"
    return said


def link(request: HttpRequest, rel: str, kind: str, name: str, *parts: str, title: str = "",
         query: dict[str, str] | None = None) -> dict[str, str]:
    """A link of an answer, with its whole address."""
    address = request.build_absolute_uri(reverse(name, args=parts))
    made = {"href": address + (f"?{urlencode(query)}" if query else ""), "rel": rel, "type": kind}
    return made | ({"title": title} if title else {})


def described(request: HttpRequest, collection: Collection) -> dict[str, Any]:
    """A collection as the list of collections tells it."""
    return {
        "id": collection.id, "title": str(collection.title),
        "description": str(collection.description), "itemType": "feature", "crs": [CRS84],
        "links": [
            link(request, "self", JSON, "features-collection", collection.id),
            link(request, "items", GEOJSON, "features-items", collection.id,
                 title=str(collection.title)),
        ],
    }


def page_of(request: HttpRequest, collection: Collection, page: Page) -> dict[str, Any]:
    """A feature collection, with the way to the next page."""
    links = [{"href": request.build_absolute_uri(), "rel": "self", "type": GEOJSON},
             link(request, "collection", JSON, "features-collection", collection.id)]
    if page.after:
        query = {**request.GET.dict(), "cursor": cursor_for(page.after)}
        links.append(link(request, "next", GEOJSON, "features-items", collection.id, query=query))
    return {"type": "FeatureCollection", "timeStamp": now().isoformat(timespec="seconds"),
            "numberReturned": len(page.features), "features": page.features, "links": links}


def one_of(request: HttpRequest, collection: Collection, found: Feature) -> dict[str, Any]:
    """A feature with its links."""
    return {**found, "links": [
        link(request, "self", GEOJSON, "features-one", collection.id, found["id"]),
        link(request, "collection", JSON, "features-collection", collection.id)]}
