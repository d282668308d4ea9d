"""What is known of a case at the moment of dispatch, and the contexts it is counted in."""

from typing import NamedTuple


class Seen(NamedTuple):
    """A case: its class from the widest to the narrowest, its place, its source and its day.

    ``owner`` is who finished it, empty where that is asked; ``day`` is a proleptic ordinal.
    """

    wide: str
    middle: str
    narrow: str
    town: str
    village: str
    channel: str
    nature: str
    day: int
    owner: str = ""


Fields = tuple[str, ...]
# Each from the widest to the narrowest. Chosen by foretelling the newest fifth of the oldest four
# fifths of a real district's year (docs/learning.md); a chain that never helps gets no weight.
CHAINS: tuple[tuple[Fields, ...], ...] = (
    ((), ("wide",), ("middle",), ("narrow",), ("narrow", "town"), ("narrow", "village")),
    ((), ("channel",), ("channel", "wide"), ("channel", "middle"), ("channel", "narrow"),
     ("channel", "town", "narrow")),
    ((), ("channel",), ("town", "channel"), ("town", "channel", "wide"),
     ("village", "channel", "wide"), ("village", "channel", "narrow")),
    ((), ("nature",), ("nature", "wide"), ("nature", "middle"), ("nature", "narrow")),
    ((), ("town",), ("village",), ("village", "wide"), ("village", "middle"),
     ("narrow", "village")),
)
FORMS: tuple[Fields, ...] = ((), ("channel",), ("town",), ("town", "channel"))
# Where a reason is looked for, the narrowest first.
REASONS: tuple[Fields, ...] = (("narrow", "village"), ("narrow", "town"), ("narrow",), ("middle",))
SETS: tuple[Fields, ...] = tuple(dict.fromkeys(fields for chain in CHAINS for fields in chain))


def key_of(fields: Fields, case: Seen) -> str:
    """A context of a case as text: ``narrow,town=下水井盖|330206005``."""
    return ",".join(fields) + "=" + "|".join(str(getattr(case, name)) for name in fields)
