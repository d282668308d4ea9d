"""CloudEvents 1.0 and Standard Webhooks: the bytes and headers another system gets."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from .rules import full_type

SECRET_BYTES = 32  # Standard Webhooks: 24 to 64
MARK = "whsec_"
PLAIN = "application/json"
ENVELOPED = "application/cloudevents+json"


@dataclass(frozen=True, slots=True)
class Event:
    """One event. ``sequence`` grows within an instance; ``source`` is the instance's address."""

    id: UUID
    sequence: int
    type: str
    subject: UUID
    at: datetime
    data: dict[str, Any]
    source: str
    schema: str = ""

    def attributes(self) -> dict[str, str]:
        """The context attributes, all of them text."""
        said = {
            "specversion": "1.0", "id": str(self.id), "source": self.source,
            "type": full_type(self.type), "subject": str(self.subject),
            "time": self.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "datacontenttype": PLAIN, "sequence": f"{self.sequence:020d}",
        }
        return said | ({"dataschema": self.schema} if self.schema else {})


def written(event: Event, mode: str) -> tuple[bytes, dict[str, str]]:
    """The body and the headers of an event in ``structured`` or ``binary`` mode."""
    if mode == "structured":
        return _json({**event.attributes(), "data": event.data}), {
            "content-type": f"{ENVELOPED}; charset=utf-8"}
    said = event.attributes()
    content_type = said.pop("datacontenttype")
    return _json(event.data), {"content-type": f"{content_type}; charset=utf-8",
                               **{f"ce-{name}": value for name, value in said.items()}}


def new_secret() -> str:
    """A signing secret as Standard Webhooks writes it."""
    return MARK + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signatures(keys: Iterable[str], id_: UUID, at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks; one signature for each secret in force."""
    stamp = str(int(at.timestamp()))
    signed = f"{id_}.{stamp}.".encode() + body
    said = [f"v1,{base64.b64encode(_mac(key, signed)).decode()}" for key in keys]
    return {"webhook-id": str(id_), "webhook-timestamp": stamp, "webhook-signature": " ".join(said)}


def _mac(secret: str, signed: bytes) -> bytes:
    key = base64.b64decode(secret.removeprefix(MARK))
    return hmac.new(key, signed, hashlib.sha256).digest()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the data of every type about a case."""
    text = {"type": "string"}
    code = {**text, "maxLength": 60}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "cn.yiwang.case v1", "type": "object",
        "required": ["number", "practice", "kind", "area", "state"],
        "properties": {
            "number": {**text, "description": "the number people use, XP-2026-004217"},
            "practice": code,
            "kind": {**code, "description": "list/code of the class, GB2021/E.01.10"},
            "area": {**code, "description": "unit or cell code"},
            "state": {**code, "description": "the state the event led to"},
            "was": {**code, "description": "the state before; absent for a report"},
            "step": {**code, "description": "the step made, where it is known"},
        },
        "additionalProperties": False,
    }
