"""Personal data at rest: sealed with a key of the instance, shown masked.

AES-256-GCM, told by the first byte; Fernet (AES-128-CBC with HMAC-SHA256), which came before, is
still opened. The key file holds one key of 32 bytes a line, in base64: the first seals, all of
them open, so that a key is replaced by putting a new one on top. A new method gets a byte of its
own here, and what was sealed before stays readable.
"""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from yiwang.algorithms.secrets_kept import keep_secret
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

GCM, FERNET = b"\x02", b"g"  # Fernet's own first byte, 0x80, is a “g” in its base64
NONCE = 12  # bytes, drawn anew each time (NIST SP 800-38D, 8.2.2)
PURPOSE = b"yiwang.sealed.aes-256-gcm"  # Fernet uses the same line, and no bit of this key


def seal(text: str) -> bytes:
    """``text`` so that only this instance can read it; nothing stays nothing."""
    return _keys().seal(text.encode()) if text else b""


def unseal(sealed: bytes | memoryview) -> str:
    """What was sealed. Raises ``Refusal`` where no key of this instance opens it."""
    if not sealed:
        return ""
    opened = _keys().opened(bytes(sealed))
    if opened is None:
        raise Refusal(
            "sealed_by_another_key",
            Words("这条个人信息无法解密。", "This personal data cannot be decrypted."),
            Words(
                "请管理员把封存时的密钥放回密钥文件。",
                "Ask the administrator to put the key it was sealed with back into the key file.",
            ),
        )
    return opened.decode()


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of an instance, newest first, ready for each method."""

    gcm: tuple[AESGCM, ...]
    fernet: tuple[Fernet, ...]

    def seal(self, content: bytes) -> bytes:
        """By the newest key and the method of today."""
        nonce = secrets.token_bytes(NONCE)
        return GCM + nonce + self.gcm[0].encrypt(nonce, content, GCM)

    def opened(self, sealed: bytes) -> bytes | None:
        """By whichever key opens it, in the method it says; None: none does."""
        found = (_tried(open_with, sealed) for open_with in self._methods(sealed[:1]))
        return next((content for content in found if content is not None), None)

    def _methods(self, mark: bytes) -> list[Callable[[bytes], bytes]]:
        if mark == FERNET:
            return [key.decrypt for key in self.fernet]
        return [partial(_open_gcm, key) for key in self.gcm]


def _open_gcm(key: AESGCM, sealed: bytes) -> bytes:
    return key.decrypt(sealed[1 : NONCE + 1], sealed[NONCE + 1 :], sealed[:1])


def _tried(open_with: Callable[[bytes], bytes], sealed: bytes) -> bytes | None:
    with suppress(InvalidTag, InvalidToken, ValueError):
        return open_with(sealed)
    return None


def masked(number: str) -> str:
    """A phone number as it is shown to most: 138****1234; of a short one only the end."""
    if len(number) >= 11:
        return f"{number[:3]}****{number[-4:]}"
    return f"****{number[-2:]}" if len(number) > 4 else "****" * bool(number)


def _keys() -> Keys:
    return _keys_in(Path(settings.DATA) / "keys" / "personal")


@lru_cache(maxsize=4)
def _keys_in(path: Path) -> Keys:
    if not path.exists():
        keep_secret(path, Fernet.generate_key() + b"\n", first=True)
    lines = [urlsafe_b64decode(line) for line in path.read_bytes().split()]
    return Keys(tuple(AESGCM(_derived(key)) for key in lines),
                tuple(Fernet(urlsafe_b64encode(key)) for key in lines))


def _derived(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key)
