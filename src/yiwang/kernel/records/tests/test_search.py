"""Search by two-character words, the normal case in Chinese, and by numbers."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.records import search


@pytest.mark.parametrize(("text", "expected"), [
    ("霞浦中路", ["霞浦", "浦中", "中路"]),
    ("XP-2026-004217", ["xp", "2026", "004217"]),
    ("桥", ["桥"]),
    ("12号杆", ["12", "号杆"]),
    ("", []),
    ("，。！", []),
])
def test_tokens(text: str, expected: list[str]) -> None:
    assert search.tokens(text) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "found"), [
    ("积水", True), ("霞浦中路", True), ("004217", True), ("XP-2026-004217", True),
    ("积水 中路", True), ("水积", False), ("霞浦东路", False), ("垃圾", False), ("", False),
    ('"', False), ("积水 OR 垃圾", False), ("' ; DROP", False), ("𠮷野", True), ("NEAR(", False),
])
def test_find(query: str, found: bool) -> None:
    subject = uuid4()
    search.index(subject, text="XP-2026-004217 霞浦中路人行道积水 𠮷野家门前")
    assert (subject in search.find(query)) is found


@pytest.mark.django_db
def test_the_newest_come_first_and_the_forgotten_are_gone() -> None:
    first, second = uuid4(), uuid4()
    search.index(first, text="河道漂浮物")
    search.index(second, text="河道漂浮物")
    assert search.find("漂浮") == [second, first]
    search.forget(second)
    assert search.find("漂浮") == [first]


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["", "XP-2026-000002", "XP-2026-999999", "，"])
def test_one_is_forgotten_by_its_number_or_by_looking_at_all(by: str) -> None:
    first, second = uuid4(), uuid4()
    search.index(first, text="XP-2026-000001 河道漂浮物")
    search.index(second, text="XP-2026-000002 河道漂浮物")
    search.forget(second, by=by)
    assert search.find("漂浮") == [first]


COMMON_OF_OLD = ["井盖破损"] * 12 + ["路灯不亮"] * 8


@pytest.mark.django_db
@pytest.mark.parametrize("said", [
    COMMON_OF_OLD, COMMON_OF_OLD[::-1], ["井盖破损", "路灯不亮"] * 10,
    ["路灯不亮"] * 19 + ["井盖破损"],
])
@pytest.mark.parametrize("most", [3, 500])
def test_words_common_and_rare_are_found_newest_first(
    said: list[str], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "WALKS", ((4, 2), (10, 4)))
    subjects = [uuid4() for _ in said]
    for subject, text in zip(subjects, said, strict=True):
        search.index(subject, text=text)
    held = [subject for subject, text in zip(subjects, said, strict=True) if text == "井盖破损"]
    assert search.find("井盖 破损", most=most) == held[::-1][:most]


@pytest.mark.django_db
def test_any_query_is_answered() -> None:
    for query in ("%", "*", "a AND", "NOT", "😀", "\x00", "(" * 50, "x" * 5000):
        assert search.find(query) == []


@given(st.text(max_size=60))
def test_a_part_of_a_run_is_found_as_a_phrase(text: str) -> None:
    tokens = search.tokens(text)
    assert all(token == token.lower() and token.strip() for token in tokens)
