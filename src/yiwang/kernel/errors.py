"""What the kernel says when it will not do a thing: what happened, and what to do about it."""

from dataclasses import dataclass

from yiwang.algorithms.words import Words

FULL_WIDTH = ("。", "：", "；", "！", "？")  # these bring their own room behind them


@dataclass
class Refusal(Exception):
    """The domain said no. A face shows ``what`` and ``todo`` beside the field and keeps the typing.

    ``code`` is stable, for machines and tests; ``missing`` names what would make it a yes;
    ``field`` names the form field the message belongs to, where there is one.
    """

    code: str
    what: Words
    todo: Words = Words("", "")
    missing: tuple[Words, ...] = ()
    field: str = ""

    def __str__(self) -> str:
        wants = str(Words("；", "; ")).join(str(item) for item in self.missing)
        parts = [part for part in (str(self.what), wants, str(self.todo)) if part]
        return "".join(part if part.endswith(FULL_WIDTH) else f"{part} " for part in parts).rstrip()


class NotAllowed(Refusal):
    """The person's roles do not reach this far."""


class SomebodyElseDecided(Refusal):
    """Two people acted on the same thing at once; the second sees what the first did."""


def source_missing() -> Refusal:
    """What sets a rule of a town is named with it."""
    return Refusal("source_missing", Words("写明依据的文件。",
                                           "Name the document that sets it."), field="source")
