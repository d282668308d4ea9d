"""Lines and CSV records of a file, with the byte at which each ends, so that reading can go on."""

import csv
from collections.abc import Iterator
from typing import BinaryIO

MOST_CELL = 200_000  # characters; a longer cell is a broken quote, not a report (own choice)


def csv_records(
    file: BinaryIO, encoding: str, separator: str, at: int = 0
) -> Iterator[tuple[int, list[str] | None]]:
    """Records with the byte at which each ends; ``None`` for a line whose quotes do not match.

    A quote that never closes costs its own line only: reading starts afresh at the next one.
    """
    lines = Lines(file, encoding, at)
    csv.field_size_limit(MOST_CELL)
    while True:
        reader = csv.reader(lines, delimiter=separator, strict=True)
        begins = lines.end
        try:
            for record in reader:
                yield lines.end, record
                begins = lines.end
            return
        except csv.Error:
            lines.skip_one(begins)
            yield lines.end, None


class Lines:
    """Lines of a file as text, with the byte at which the last one ended.

    No encoding we take has a newline byte inside a letter, so bytes may be split at newlines.
    """

    def __init__(self, file: BinaryIO, encoding: str, at: int) -> None:
        self.file, self.end = file, at
        self.encoding = "utf-8" if encoding == "utf-8-sig" else encoding

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.file.readline()
        if not line:
            raise StopIteration
        text = line.decode(self.encoding, errors="replace")
        text = text.removeprefix("\ufeff") if self.end == 0 else text
        self.end += len(line)
        return text

    def skip_one(self, begins: int) -> None:
        """Go on after the line that begins there."""
        self.file.seek(begins)
        self.end = begins + len(self.file.readline())
