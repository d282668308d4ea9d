"""Tables that leave the house: cells a spreadsheet will not run as a formula."""

# A cell that begins with one of these is taken for a formula, also after blanks and in its
# full-width form (OWASP, CSV Injection).
_STARTERS = frozenset("=+-@＝＋－＠\t\r\n|%")


def safe_cell(value: object) -> str:
    """A value as the text of a CSV cell. What a spreadsheet would run gets an apostrophe before it.

    Plain numbers keep their sign: -3.5 is no formula.
    """
    text = "" if value is None else str(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return text
    return f"'{text}" if text.lstrip(" \u3000\ufeff")[:1] in _STARTERS and text else text
