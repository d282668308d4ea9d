"""Personal data at rest: sealed with a key of the instance, shown masked.

Fernet (AES-128-CBC with HMAC-SHA256). The key file holds one key a line: the first seals, all of
them open, so that a key is replaced by putting a new one on top.
"""

from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from yiwang.algorithms.secrets_kept import keep_secret
from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal


def seal(text: str) -> bytes:
    """``text`` so that only this instance can read it; nothing stays nothing."""
    return _keys().encrypt(text.encode()) if text else b""


def unseal(sealed: bytes | memoryview) -> str:
    """What was sealed. Raises ``Refusal`` where no key of this instance opens it."""
    if not sealed:
        return ""
    try:
        return _keys().decrypt(bytes(sealed)).decode()
    except InvalidToken as problem:
        raise Refusal(
            "sealed_by_another_key",
            Words("这条个人信息无法解密。", "This personal data cannot be decrypted."),
            Words(
                "请管理员把封存时的密钥放回密钥文件。",
                "Ask the administrator to put the key it was sealed with back into the key file.",
            ),
        ) from problem


def masked(number: str) -> str:
    """A phone number as it is shown to most: 138****1234; of a short one only the end."""
    if len(number) >= 11:
        return f"{number[:3]}****{number[-4:]}"
    return f"****{number[-2:]}" if len(number) > 4 else "****" * bool(number)


def _keys() -> MultiFernet:
    return _keys_in(Path(settings.DATA) / "keys" / "personal")


@lru_cache(maxsize=4)
def _keys_in(path: Path) -> MultiFernet:
    if not path.exists():
        keep_secret(path, Fernet.generate_key() + b"\n", first=True)
    return MultiFernet([Fernet(line) for line in path.read_bytes().split()])
