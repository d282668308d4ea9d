"""A start password that nobody chose."""

import secrets

_LETTERS = "abcdefghjkmnpqrstuvwxyz"  # none that is taken for another
_DIGITS = "23456789"


def fresh_start_password() -> str:
    """One that nobody chose: five groups of four, 99 bits, easy to read out over the phone."""
    groups = ["".join(secrets.choice(_LETTERS + _DIGITS) for _ in range(4)) for _ in range(5)]
    return f"{'-'.join(groups)}-{secrets.choice(_DIGITS)}{secrets.choice(_LETTERS)}"
