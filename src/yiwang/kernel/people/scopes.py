"""Scopes as codes: what a prefix covers, as text and as an index range. Pure."""

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal

# Lengths a code can end at: province 2, city 4, county 6, town 9, village 12 (statistics codes,
# GB/T 2260 and GB/T 10114), then grid 15 and micro-grid 18.
SCOPE_LENGTHS = (2, 4, 6, 9, 12, 15, 18)


def next_prefix(prefix: str) -> str:
    """The least text above everything that starts with ``prefix``; empty: there is no bound.

    Trailing nines are dropped first, so that 330206999 ends at 330207 and not at 330207000, which
    the county code 330207 itself would lie below. Only digits: safe under every collation.
    """
    stem = prefix.rstrip("9")
    return stem[:-1] + str(int(stem[-1]) + 1) if stem else ""


def prefixes_of(code: str) -> list[str]:
    """Every scope that reaches ``code``: itself and all that it starts with, the empty one too."""
    return [code[:length] for length in range(len(code) + 1)]


def widest(areas: set[str]) -> list[str]:
    """The areas without those that another one already covers, in order."""
    kept: list[str] = []
    for area in sorted(areas):
        if not kept or not area.startswith(kept[-1]):
            kept.append(area)
    return kept


def scope_from(code: str) -> str:
    """A code as somebody typed it, as a scope: padding zeros of a higher unit are taken off.

    330206005000 and 330206005 are the same sub-district; 330206000000 is its district.
    Raises ``Refusal`` where it is no code.
    """
    scope = code.strip()
    if not (scope.isascii() and scope.isdigit() and len(scope) in SCOPE_LENGTHS):
        raise Refusal(
            "area_is_no_code",
            Words("“{code}”不是区划或网格编码。", "“{code}” is not a unit or cell code.").filled(
                code=code.strip() or "—"
            ),
            Words(
                "编码为 2、4、6、9、12、15 或 18 位数字，如霞浦街道 330206005。",
                "A code has 2, 4, 6, 9, 12, 15 or 18 digits, such as 330206005 for Xiapu.",
            ),
            field="area",
        )
    for length, zeros in ((12, "000"), (9, "000"), (6, "00"), (4, "00")):
        if len(scope) == length and scope.endswith(zeros):
            scope = scope[: -len(zeros)]
    return scope
