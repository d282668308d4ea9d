"""A key is there whole or not at all, and the first one stands."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from yiwang.algorithms.secrets_kept import keep_secret


def test_a_key_is_its_owner_s_alone_and_leaves_no_draft(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "signing"
    keep_secret(path, b"one", first=True)
    assert path.read_bytes() == b"one"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert os.listdir(path.parent) == ["signing"]


def test_the_first_stands_until_somebody_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "signing"
    keep_secret(path, b"one", first=True)
    keep_secret(path, b"two", first=True)
    assert path.read_bytes() == b"one"
    keep_secret(path, b"three", first=False)
    assert path.read_bytes() == b"three"


def test_what_cannot_be_made_durable_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        keep_secret(tmp_path / "signing", b"one", first=True)
    assert os.listdir(tmp_path) == []


def test_of_many_at_once_one_stands_whole(tmp_path: Path) -> None:
    path, keys = tmp_path / "signing", [bytes([65 + n]) * 64 for n in range(8)]
    with ThreadPoolExecutor(8) as together:
        list(together.map(lambda key: keep_secret(path, key, first=True), keys))
    assert path.read_bytes() in keys
