"""What messages between instances look like and how long they count. Pure."""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

SPEC = "yiwang-exchange/1"
KINDS = ("hand", "status", "recall", "key")
KEY_HEADER = "Yiwang-Key"  # so that a stranger is turned away before the body is read
MEGABYTE = 1024 * 1024

STANDS: dict[str, Words] = {
    "above": Words("上级", "above us"),
    "below": Words("下级", "below us"),
    "beside": Words("平级", "beside us"),
}
STATES: dict[str, Words] = {
    "sent": Words("已发出，等对方签收", "sent, not yet received"),
    "arrived": Words("对方已收到", "received there"),
    "working": Words("对方办理中", "in hand there"),
    "refused": Words("对方不受理", "refused there"),
    "closed": Words("对方已办结", "closed there"),
    "recalled": Words("已撤回", "recalled"),
}


@dataclass(frozen=True, slots=True)
class ExchangeRules:
    """Bounds of the exchange."""

    skew: timedelta = timedelta(minutes=10)  # between the two clocks, either way
    old_key: timedelta = timedelta(days=7)  # a replaced key counts so long: longer than all tries
    body_kept: timedelta = timedelta(days=90)  # after a message is done
    most_pictures: int = 12
    most_picture_bytes: int = 12 * MEGABYTE  # of all pictures of one hand-over
    most_bytes: int = 20 * MEGABYTE  # of one message as it comes in
    longest_name: int = 60
    source: str = "own choice, 2026-11"

    def __post_init__(self) -> None:
        if self.most_picture_bytes * 4 / 3 + MEGABYTE > self.most_bytes:
            raise ValueError("pictures in base64 and a megabyte of words fit into most_bytes")


RULES = ExchangeRules()


def canonical(value: Any) -> bytes:
    """The one way to write a message: sorted keys, no blanks, UTF-8 (RFC 8785 without fractions).

    Raises ``ValueError`` for a fraction, which two programs may write in two ways.
    """
    _without_fractions(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"),
                      allow_nan=False).encode()


def _without_fractions(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError("numbers are whole, or written as text")
    for part in value.values() if isinstance(value, dict) else (
            value if isinstance(value, list) else ()):
        _without_fractions(part)


def signed_bytes(message: dict[str, Any]) -> bytes:
    """What a signature stands under: the name of the protocol, a line end, the message."""
    return SPEC.encode() + b"\n" + canonical(message)


def digest_of(message: dict[str, Any]) -> str:
    """SHA-256 of what a message says, whenever and with whichever key it is signed."""
    said = {name: message.get(name) for name in ("kind", "about", "step", "body")}
    return hashlib.sha256(canonical(said)).hexdigest()


def key_id_of(public: str) -> str:
    """The short name of a public key: 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(base64.b64decode(public)).hexdigest()[:16]


def stamp(at: datetime) -> str:
    """A moment as messages write it: 2026-03-10T01:30:00Z, to the second."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def check_clock(said: datetime, at: datetime) -> None:
    """Raise ``Refusal`` where a message is not of now: a wrong clock, or an old message again."""
    if abs(at - said) > RULES.skew:
        raise Refusal("clock", Words("消息时间 {said} 与本机时间 {now} 相差太多。",
                                     "The message says {said}, our clock says {now}.").filled(
            said=stamp(said), now=stamp(at)), Words("核对两边的时钟后会自动重发。",
                                                    "Set both clocks right; it is sent again."))
