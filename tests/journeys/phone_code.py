"""What an authenticator on a phone shows; apart, so that a town's hand reads it, too."""

import base64

from django_otp.oath import totp

STEP = 30  # seconds a code stands (RFC 6238)


def code_of(key: str, later: int = 0) -> str:
    """The six digits for a key in base 32 now, or ``later`` steps of 30 s from now."""
    padded = key + "=" * (-len(key) % 8)
    return f"{totp(base64.b32decode(padded), step=STEP, drift=later):06d}"
