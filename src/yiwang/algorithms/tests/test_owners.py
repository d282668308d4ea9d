"""Learning whose a case is: back-off, fading, roles across places, weights, plain data."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.algorithms.owners import History, Seen, learn
from yiwang.algorithms.owners.mixing import EXPERTS, weighed
from yiwang.algorithms.owners.names import base_of, owner_of, role_of
from yiwang.algorithms.owners.tables import Fading

DAY = 739_000


def case(owner: str = "", narrow: str = "占道", day: int = DAY, **more: str) -> Seen:
    told = {"wide": "市容", "middle": "街面", "narrow": narrow, "town": "东风街道",
            "village": "河口社区", "channel": "grid", "nature": "", **more}
    return Seen(**told, day=day, owner=owner)


@pytest.mark.parametrize(("owner", "role"), [
    ("东风街道综合执法队", "{t}街道综合执法队"),
    ("城管办（东风街道办事处）", "城管办（{t}街道办事处）"),
    ("河口社区", "{v}"), ("东风公安分局", "东风公安分局"),
    ("西山街道综合执法队", "西山街道综合执法队"),
])
def test_a_role_is_a_unit_without_its_place(owner: str, role: str) -> None:
    assert role_of(owner, "东风街道", "河口社区") == role
    assert owner_of(role, "东风街道", "河口社区") == owner


def test_a_base_is_the_same_however_it_is_written() -> None:
    ways = ("{t}街道综合执法队", "{t}综合执法队", "{t}办事处综合执法队（{t}街道办事处）")
    assert {base_of(way) for way in ways} == {"{t}综合执法队"}
    assert base_of("（城管办）") == "（城管办）"


def test_the_usual_unit_comes_first_and_odds_sum_to_one() -> None:
    history = learn([case("甲", day=DAY + n) for n in range(9)] + [case("乙", day=DAY + 5)])
    odds = history.odds(case(day=DAY + 9))
    assert [one.owner for one in odds] == ["甲", "乙"]
    assert odds[0].odds > 0.6
    assert sum(one.odds for one in odds) == pytest.approx(1)


def test_what_a_unit_does_here_its_like_does_elsewhere() -> None:
    here = [case("东风街道执法队", day=DAY + n) for n in range(9)]
    there = [case("西山街道执法队", "噪声", DAY + n, town="西山街道", village="山口社区")
             for n in range(3)]
    first = learn(here + there).odds(case(day=DAY + 9, town="西山街道", village="山口社区"))[0]
    assert first.owner == "西山街道执法队"  # which never had a case of this class


def test_what_was_lately_outweighs_what_was_often() -> None:
    before = [case("旧办", day=DAY + n) for n in range(60)]
    since = [case("新办", day=DAY + 200 + n) for n in range(8)]
    assert learn(before + since).odds(case(day=DAY + 210))[0].owner == "新办"


def test_an_unknown_class_falls_to_the_wider_one() -> None:
    history = learn([case("甲", day=DAY + n) for n in range(9)]
                    + [case("乙", "噪声", DAY + n, wide="环保", middle="声") for n in range(9)])
    assert history.odds(case(narrow="没见过", day=DAY + 9))[0].owner == "甲"


def test_nothing_learned_says_nothing() -> None:
    assert History().odds(case()) == []
    assert learn([]).cases == 0


def test_a_half_life_halves_in_both_directions() -> None:
    counts = Fading((10.0,))
    counts.add("here", "甲", DAY)
    assert counts.at("here", DAY + 10) == {"甲": [0.5]}
    assert counts.at("here", DAY - 20) == {"甲": [0.25]}
    assert counts.at("nowhere", DAY) == {}


def test_weights_go_to_what_foretold() -> None:
    row = [0.01] * EXPERTS
    row[3] = 0.9
    weights = weighed([row] * 20)
    assert max(range(EXPERTS), key=weights.__getitem__) == 3
    assert sum(weights) == pytest.approx(1)
    assert weighed([[0.0] * EXPERTS]) == [1 / EXPERTS] * EXPERTS


OWNERS = st.sampled_from(["甲", "乙", "河口社区", "东风街道执法队"])
PAST = st.lists(st.tuples(OWNERS, st.sampled_from(["占道", "噪声", "积水"]), st.integers(0, 300)),
                max_size=20)


@given(PAST)
def test_plain_data_gives_the_same_answers_in_any_order(past: list[tuple[str, str, int]]) -> None:
    cases = [case(owner, narrow, DAY + day) for owner, narrow, day in past]
    history = learn(cases)
    random.Random(1).shuffle(cases)
    again = History.from_json(json.loads(json.dumps(learn(cases).as_json())))
    asked = case(day=DAY + 301)
    ours, theirs = history.odds(asked), again.odds(asked)
    assert sum(one.odds for one in ours) == pytest.approx(1 if past else 0)
    # Rounding and what has faded away may move the odds by a hair.
    told = {one.owner: one.odds for one in theirs}
    assert all(abs(one.odds - told.get(one.owner, 0)) < 0.02 for one in ours)
