"""Words fit their numbers: one hole, one rule, in English alone."""

from decimal import Decimal

import pytest

from yiwang.algorithms.words import Words

FOUND = Words("{n} 件", "{n} {n:case was|cases were} found")


@pytest.mark.parametrize(("n", "en"), [
    (0, "0 cases were found"), (1, "1 case was found"), (2, "2 cases were found"),
    ("1", "1 case was found"), ("21", "21 cases were found"),
    (Decimal(1), "1 case was found"), (Decimal("1.5"), "1.5 cases were found"),
])
def test_a_noun_fits_its_number(n: object, en: str) -> None:
    assert FOUND.filled(n=n).en == en
    assert FOUND.filled(n=n).zh == f"{n} 件"


def test_other_holes_are_filled_as_ever() -> None:
    said = Words("{a:.1%}、{b}、{{x}}", "{a:.1%}, {b}, {{x}}").filled(a=0.123, b=Words("甲", "A"))
    assert (said.zh, said.en) == ("12.3%、甲、{x}", "12.3%, A, {x}")
