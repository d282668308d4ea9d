"""Answers in XML and JSON from one shape, and what is said when a question makes no sense."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpResponse

from yiwang.algorithms.words import Words

TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Items:
    """A list inside an answer: what one of them is called in XML, and the items."""

    name: str
    rows: Sequence[Mapping[str, Any] | str]


class Wrong(Exception):
    """The question cannot be answered: an HTTP status and one sentence for each fault."""

    def __init__(self, status: int, *said: Words) -> None:
        self.status, self.said = status, said
        super().__init__("; ".join(words.en for words in said))


def listed(root: str, items: Items, form: str, status: int = 200) -> HttpResponse:
    """A list: ``<root><item>…`` in XML, a bare array in JSON."""
    if form == "json":
        return _answer(form, _json(items), status)
    return _answer(form, _xml(root, items), status)


def single(root: str, item: Mapping[str, Any], form: str) -> HttpResponse:
    """One thing: ``<root>…`` in XML, an object in JSON."""
    return _answer(form, _json(item) if form == "json" else _xml(root, item), 200)


def faults(wrong: Wrong, form: str) -> HttpResponse:
    """Every fault with its code and a sentence in the reader's language."""
    rows = [{"code": wrong.status, "description": str(words)} for words in wrong.said]
    return listed("errors", Items("error", rows), form, wrong.status)


def _answer(form: str, body: bytes, status: int) -> HttpResponse:
    answer = HttpResponse(body, content_type=TYPES[form], status=status)
    answer["Access-Control-Allow-Origin"] = "*"  # public words for any page to read
    return answer


def kept_close(answer: HttpResponse) -> HttpResponse:
    """The same answer where it holds what a key may know: for no other site's page."""
    del answer["Access-Control-Allow-Origin"]
    return answer


def _json(value: Any) -> bytes:
    return json.dumps(_plain(value), ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, Items):
        return [_plain(row) for row in value.rows]
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return str(value) if isinstance(value, Words) else value


def _xml(root: str, value: Any) -> bytes:
    element = ET.Element(root)
    _fill(element, value)
    body: bytes = ET.tostring(element, encoding="UTF-8", xml_declaration=True)
    return body


def _fill(element: ET.Element, value: Any) -> None:
    if isinstance(value, Items):
        for row in value.rows:
            _fill(ET.SubElement(element, value.name), row)
    elif isinstance(value, Mapping):
        for name, part in value.items():
            _fill(ET.SubElement(element, name), part)
    elif value is not None:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        element.text = _NOT_XML.sub("", text)
