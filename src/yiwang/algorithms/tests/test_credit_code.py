"""Credit codes: known ones pass, a real one that fails its check digit is kept with a warning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.algorithms.credit_code import DOUBTFUL, CreditCodeError, read_credit_code

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
KNOWN = ("91110000101623741K", "911101066976941872", "91350100M000100Y43")


@pytest.mark.parametrize("code", KNOWN)
def test_registered_codes_pass(code: str) -> None:
    assert read_credit_code(code) == (code, None)


def test_a_real_code_that_fails_its_check_digit_is_kept_with_a_warning() -> None:
    assert read_credit_code("91350211M0000XUF46") == ("91350211M0000XUF46", DOUBTFUL)


def test_spaces_and_small_letters_are_one_code() -> None:
    assert read_credit_code(" 9111 0000 1016 2374 1k ") == ("91110000101623741K", None)


@pytest.mark.parametrize("text", ["", "9111", "91110000101623741K0", "9111000010162374IK", "数码"])
def test_what_cannot_be_a_code_is_refused_in_words(text: str) -> None:
    with pytest.raises(CreditCodeError) as refused:
        read_credit_code(text)
    assert "18" in refused.value.what.zh


@given(code=st.sampled_from(KNOWN), place=st.integers(2, 16), letter=st.sampled_from(LETTERS))
def test_one_wrong_character_is_always_noticed(code: str, place: int, letter: str) -> None:
    wrong = code[:place] + letter + code[place + 1:]
    try:
        read, warning = read_credit_code(wrong)
    except CreditCodeError:
        return  # the place of registration is digits only
    assert read == wrong
    assert (warning is None) == (wrong == code)
