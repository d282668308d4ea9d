"""The other side, played by a key pair: writes letters as another instance would."""

import base64
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from yiwang.kernel.exchange import keyring
from yiwang.kernel.exchange.peers import add_peer
from yiwang.kernel.exchange.rules import key_id_of, signed_bytes, stamp
from yiwang.kernel.exchange.taking import receive
from yiwang.kernel.people.models import Peer
from yiwang.kernel.people.rules import SYSTEM

TOWN = "330206005"


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


@dataclass
class Other:
    """Another instance."""

    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def key(self) -> str:
        return _text(self.private.public_key().public_bytes_raw())

    def registered(self, at: datetime, *, stands: str = "above", name: str = "区中心",
                   address: str = "https://qu.example") -> Peer:
        return add_peer(name, address, self.key, stands=stands, area=TOWN, by=SYSTEM, at=at)

    def signed(self, said: dict[str, Any]) -> dict[str, Any]:
        return {"message": said, "signature": _text(self.private.sign(signed_bytes(said)))}

    def letter(self, kind: str, body: dict[str, Any], *, at: datetime, about: UUID | None = None,
               step: int = 0, **more: Any) -> dict[str, Any]:
        said = {"spec": "yiwang-exchange/1", "id": str(uuid4()), "kind": kind,
                "about": str(about or ""), "step": step, "body": body,
                "to": keyring.own_key_id(), "key": key_id_of(self.key), "at": stamp(at), **more}
        return self.signed(said)

    def send(self, kind: str, body: dict[str, Any], *, at: datetime, **more: Any) -> dict[str, Any]:
        """The body of the receipt."""
        result: dict[str, Any] = receive(self.letter(kind, body, at=at, **more), at=at)[
            "message"]["body"]
        return result


CASE = {"practice": "events", "number": "QU-2026-000001", "kind": "GB2021/E.05.06",
        "title": "积水", "text": "人行道积水", "address": "霞浦中路 12 号", "area": TOWN,
        "reason": "属地在你处", "longitude": "", "latitude": "", "opened_at": "",
        "due_at": "2026-03-12T09:00:00Z", "pictures": []}
