"""Zip archives that others send (zip, xlsx, ods), measured before a reader unpacks them."""

import zipfile
import zlib
from dataclasses import dataclass
from typing import BinaryIO, Literal

from yiwang.algorithms.words import Words

_PIECE = 1 << 16  # bytes unpacked at a time, and dropped again


@dataclass(frozen=True, slots=True)
class PackedBounds:
    """What an archive may hold: bytes of all parts together once unpacked, and parts."""

    most_unpacked: int = 200 * 1024**2
    most_parts: int = 1000
    source: str = "own choice, 2026-11"

    def __post_init__(self) -> None:
        if self.most_unpacked < 1 or self.most_parts < 1:
            raise ValueError("an archive holds at least a part of a byte")


CELLS = PackedBounds()  # a town's cells as a shapefile or a workbook
EVENTS = PackedBounds(512 * 1024**2)  # about a million rows of events


def packed_fault(file: BinaryIO, bounds: PackedBounds) -> Literal["", "too_large", "damaged"]:
    """What keeps the archive from being unpacked; '' where nothing does.

    The sizes an archive states of itself are not believed: each part is unpacked and counted, a
    piece at a time, up to the bound.
    """
    try:
        with zipfile.ZipFile(file) as packed:
            parts = packed.infolist()
            if len(parts) > bounds.most_parts:
                return "too_large"
            left = bounds.most_unpacked
            for part in parts:
                left -= _size(packed, part, left)
                if left < 0:
                    return "too_large"
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, RuntimeError, NotImplementedError,
            zlib.error):
        return "damaged"
    finally:
        file.seek(0)
    return ""


def too_large(bounds: PackedBounds) -> Words:
    """What the sender of a bomb, or of too much, is told."""
    return Words("压缩包解开后超过 {most} MB，或超过 {parts} 个文件。",
                 "The archive unpacks to over {most} MB, or to more than {parts} files.").filled(
        most=bounds.most_unpacked // 1024**2, parts=bounds.most_parts)


def _size(packed: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    """Bytes the part unpacks to; more than ``most`` is not counted out."""
    part.file_size = most + 1  # or reading would end where the archive says it does
    del part.CRC  # of all of it: there is nothing to compare with when only counting
    size = 0
    with packed.open(part) as stream:
        while size <= most and (piece := stream.read(_PIECE)):
            size += len(piece)
    return size
