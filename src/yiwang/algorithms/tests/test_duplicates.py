"""The scorer: nearer, sooner, more alike is never less likely; words count where both have some."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from yiwang.algorithms.duplicates import Traits, Weights, common_share, kinship, likelihood

METRES = some.floats(0, 5_000)
HOURS = some.floats(0, 5_000)
SHARES = some.none() | some.floats(0, 1)


@given(METRES, METRES, HOURS, HOURS, SHARES)
def test_further_or_later_is_never_likelier(
    one: float, two: float, soon: float, late: float, words: float | None
) -> None:
    near = likelihood(Traits(min(one, two), min(soon, late), "same", words))
    assert near >= likelihood(Traits(max(one, two), max(soon, late), "same", words))


@given(METRES, HOURS, SHARES)
def test_kinship_orders(metres: float, hours: float, words: float | None) -> None:
    same, related, other = (likelihood(Traits(metres, hours, kin, words))
                            for kin in ("same", "related", "other"))
    assert 1 > same > related > other > 0


def test_words_that_agree_speak_for_and_words_that_differ_against() -> None:
    agree, silent, differ = (likelihood(Traits(10, 1, "same", words)) for words in (1, None, 0))
    assert agree > silent > differ


def test_an_unknown_distance_is_taken_for_a_village_s_width() -> None:
    assert likelihood(Traits(None, 1, "same", None)) == likelihood(Traits(200, 1, "same", None))


@pytest.mark.parametrize(("one", "two", "kin"), [
    ("GB2021/E.01.10", "GB2021/E.01.10", "same"), ("GB2021/E.01.10", "GB2021/E.01.13", "related"),
    ("GB2021/E.01.10", "GB2021/E.02.10", "other"), ("GB2021/E.01.10", "XP/E.01.10", "other"),
    ("pothole", "snow", "other"), ("", "", "same"),
])
def test_kinds_are_related_under_one_class(one: str, two: str, kin: str) -> None:
    assert kinship(one, two) == kin


def test_common_words_are_a_share_of_all() -> None:
    assert common_share({"垃圾", "圾没", "没清"}, {"垃圾", "东门"}) == 1 / 4
    assert common_share(set(), {"垃圾"}) is None


def test_weights_that_reward_distance_are_refused() -> None:
    with pytest.raises(ValueError, match="further"):
        Weights(distance=0.1)
