"""What is wrong with a file or a row: where, why, and what to do. Pure."""

from dataclasses import dataclass
from typing import Any

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Problem:
    """Why one cell of a row cannot be taken."""

    column: str
    what: Words
    todo: Words

    def as_json(self) -> dict[str, Any]:
        """Plain data, both languages."""
        return {"column": self.column, "what": self.what.as_json(), "todo": self.todo.as_json()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Problem":
        """Read back :meth:`as_json`."""
        return cls(data["column"], Words.from_json(data["what"]), Words.from_json(data["todo"]))


class BadCellError(Exception):
    """A cell that cannot be read as what its column is for."""

    def __init__(self, what: Words, todo: Words) -> None:
        super().__init__(what.zh)
        self.what, self.todo = what, todo


def broken_file(code: str, what: Words, todo: Words) -> Refusal:
    """A file nothing can be taken from, or no more from here on."""
    return Refusal(f"import_{code}", what, todo, field="file")


SAVE_AS = Words(
    "用表格软件另存为“CSV UTF-8”或 .xlsx 再试。",
    "Save it from your spreadsheet as “CSV UTF-8” or .xlsx and try again.",
)
