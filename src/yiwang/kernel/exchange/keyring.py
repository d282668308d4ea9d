"""This instance's own keys (Ed25519): made once, kept in the data folder, one a line.

The first line signs; the others only prove what was signed before, or wait to be first.
"""

import base64
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from yiwang.algorithms.secrets_kept import keep_secret

from .rules import key_id_of

KEY_BYTES = 32


def own_public() -> str:
    """The public half of the key that signs, in base64."""
    return next(iter(_keys().values()))[1]


def own_key_id() -> str:
    """The short name of the key that signs."""
    return next(iter(_keys()))


def own_key_ids() -> frozenset[str]:
    """Every key that is ours."""
    return frozenset(_keys())


def sign(content: bytes, key_id: str) -> str:
    """A signature in base64 with one of our keys; ``KeyError`` where it is not ours."""
    return _text(_keys()[key_id][0].sign(content))


def is_signed(content: bytes, signature: str, public: str) -> bool:
    """Whether the signature is that of the key over exactly these bytes."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_public_key(text: str) -> bool:
    """Whether a text is a public key: 32 bytes in base64."""
    try:
        return len(base64.b64decode(text, validate=True)) == KEY_BYTES
    except ValueError:
        return False


def add_key() -> str:
    """A new key at the end, not yet signing; its public half."""
    made = _made()
    _write([*_lines(), made])
    return _public(_private(made))


def promote(public: str) -> None:
    """Let the key of that public half sign from now on; nothing where it does already."""
    lines = _lines()
    first = [line for line in lines if _public(_private(line)) == public]
    if first and lines[0] != first[0]:
        _write([*first, *(line for line in lines if line not in first)])


def _keys() -> dict[str, tuple[Ed25519PrivateKey, str]]:
    found = {}
    for line in _lines():
        public = _public(private := _private(line))
        found[key_id_of(public)] = (private, public)
    return found


def _lines() -> list[str]:
    if not _path().exists():
        _write([_made()], first=True)
    return _path().read_text().split()


def _write(lines: list[str], *, first: bool = False) -> None:
    """All lines or none; where two processes make the first key at once, one stands."""
    keep_secret(_path(), "".join(f"{line}\n" for line in lines).encode(), first=first)


def _path() -> Path:
    return Path(settings.DATA) / "keys" / "exchange"


def _made() -> str:
    return _text(Ed25519PrivateKey.generate().private_bytes_raw())


def _private(line: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(line))


def _public(private: Ed25519PrivateKey) -> str:
    return _text(private.public_key().public_bytes_raw())


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
