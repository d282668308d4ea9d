"""Identifiers for machines: time-ordered, so that new rows land at the end of an index."""

import secrets
import time
import uuid


def new_id() -> uuid.UUID:
    """A version 7 UUID (RFC 9562, 5.7): 48 bits of milliseconds, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds << 80) | secrets.randbits(80)
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return uuid.UUID(int=value)


def uuid_or_none(text: object) -> uuid.UUID | None:
    """The UUID a text writes; None for anything else."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None
