"""What this package says when a term cannot be counted or a year file cannot be read."""

from yiwang.algorithms.words import Words


class TermError(ValueError):
    """A term, a date or a calendar file that makes no sense; ``what`` says it to the reader.

    ``field`` names the argument at fault, so that a face can show the message beside it.
    """

    def __init__(self, what: Words, *, field: str = "") -> None:
        super().__init__(what.en)
        self.what = what
        self.field = field

    def __str__(self) -> str:
        return str(self.what)
