"""Archives are measured by unpacking, whatever they say of themselves."""

import io
import struct
import zipfile

import pytest

from yiwang.kernel.records.packed import PackedBounds, packed_fault

SMALL = PackedBounds(most_unpacked=10_000, most_parts=3)


def packed(*sizes: int) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, size in enumerate(sizes):
            with archive.open(f"part{number}.xml", "w") as part:
                for _ in range(size // 100_000):
                    part.write(b"\0" * 100_000)
                part.write(b"\0" * (size % 100_000))
    return kept.getvalue()


def lying(raw: bytes, real: int) -> bytes:
    """The same archive, stating one byte instead of ``real``, here and in its directory."""
    return raw.replace(struct.pack("<I", real), struct.pack("<I", 1))


@pytest.mark.parametrize(("raw", "fault"), [
    (packed(), ""), (packed(9_999, 1), ""), (packed(10_001), "too_large"),
    (packed(6_000, 6_000), "too_large"), (packed(1, 1, 1, 1), "too_large"),
    (lying(packed(50_000), 50_000), "too_large"),
    (b"PK\x03\x04 and no more", "damaged"), (packed(9_000)[:-40], "damaged"), (b"", "damaged"),
])
def test_what_is_too_much_is_found_before_a_reader_unpacks_it(raw: bytes, fault: str) -> None:
    file = io.BytesIO(raw)
    assert packed_fault(file, SMALL) == fault
    assert file.tell() == 0, "the reader begins at the beginning"


def test_counting_ends_at_the_bound() -> None:
    """Most of a bomb is never looked at."""
    read = 0

    class Counted(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            nonlocal read
            piece = super().read(size)
            read += len(piece)
            return piece

    bomb = packed(300_000_000)
    assert packed_fault(Counted(bomb), SMALL) == "too_large"
    assert read < len(bomb) / 2
