"""Codes of kinds: hierarchical, dots and slashes part them. Pure."""


def kind_fits(pattern: str, kind: str) -> bool:
    """Whether ``pattern`` covers ``kind``: the same, or above it in its tree; empty fits any."""
    return not pattern or kind == pattern or kind.startswith((pattern + ".", pattern + "/"))
