"""Personal data at rest, and cells a spreadsheet will not run."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.errors import Refusal
from yiwang.kernel.records import sealed
from yiwang.kernel.records.tables import safe_cell


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_what_is_sealed_comes_back(text: str) -> None:
    hidden = sealed.seal(text)
    assert sealed.unseal(hidden) == sealed.unseal(memoryview(hidden)) == text
    assert not text or text.encode() not in hidden or len(text.encode()) < 4


def test_nothing_stays_nothing() -> None:
    assert (sealed.seal(""), sealed.unseal(b"")) == (b"", "")


def test_a_key_of_another_instance_does_not_open_it() -> None:
    with pytest.raises(Refusal) as caught:
        sealed.unseal(Fernet(Fernet.generate_key()).encrypt(b"13800138000"))
    assert caught.value.code == "sealed_by_another_key"


def test_the_key_is_made_once_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "personal"
    first = sealed._keys_in(path).seal(b"x")
    sealed._keys_in.cache_clear()
    assert sealed._keys_in(path).opened(first) == b"x"
    assert path.stat().st_mode & 0o077 == 0
    assert [one.name for one in path.parent.iterdir()] == ["personal"]


def test_a_new_key_on_top_opens_what_the_old_one_sealed(tmp_path: Path) -> None:
    path = tmp_path / "personal"
    old = sealed._keys_in(path).seal(b"x")
    path.write_bytes(Fernet.generate_key() + b"\n" + path.read_bytes())
    sealed._keys_in.cache_clear()
    keys = sealed._keys_in(path)
    assert keys.opened(old) == b"x"
    new = keys.seal(b"x")
    path.write_bytes(path.read_bytes().split()[1])
    sealed._keys_in.cache_clear()
    assert sealed._keys_in(path).opened(new) is None, "the new key sealed it, not the old one"


def test_what_was_sealed_by_the_method_before_is_still_opened(tmp_path: Path) -> None:
    key = Fernet.generate_key()
    (tmp_path / "personal").write_bytes(key + b"\n")
    before = Fernet(key).encrypt(b"13800138000")
    assert sealed._keys_in(tmp_path / "personal").opened(before) == b"13800138000"
    assert before[:1] == sealed.FERNET


@given(st.binary(max_size=120))
def test_whatever_was_never_sealed_is_told_as_such(noise: bytes) -> None:
    if noise:
        with pytest.raises(Refusal):
            sealed.unseal(noise)


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_byte_that_was_changed_is_noticed(place: int, change: int) -> None:
    hidden = bytearray(sealed.seal("王敏 13800138000"))
    hidden[place % len(hidden)] ^= change
    with pytest.raises(Refusal):
        sealed.unseal(bytes(hidden))


def test_the_same_words_are_sealed_differently_each_time() -> None:
    assert len({sealed.seal("王敏") for _ in range(50)}) == 50
    assert sealed.seal("王敏")[:1] == sealed.GCM


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13812341234", "138****1234"), ("0574-86781234", "057****1234"), ("", ""),
     ("86781234", "****34"), ("110", "****")],
)
def test_a_masked_number(number: str, shown: str) -> None:
    assert sealed.masked(number) == shown


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "＝1", " =1", "\t=1", "\r=1", "|x"])
def test_a_formula_becomes_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"),
    [(None, ""), (-3.5, "-3.5"), (7, "7"), ("路灯", "路灯"), ("", ""), (True, "True")],
)
def test_a_plain_value_stays(value: object, cell: str) -> None:
    assert safe_cell(value) == cell
