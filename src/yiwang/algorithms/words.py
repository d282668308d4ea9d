"""A sentence in the two languages of the product, kept side by side.

Chinese and English stand in one place, so neither can be missing: there is no catalogue to
compile and no key to look up (docs/decisions/0003-words.md).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from string import Formatter
from typing import Any, Literal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

_reading: ContextVar[Language] = ContextVar("reading", default="zh")


def reading_language() -> Language:
    """The language the present reader has chosen; Chinese unless somebody said otherwise."""
    return _reading.get()


def read_in(language: Language) -> None:
    """Let everything said from here on (in this thread or task) be said in ``language``."""
    _reading.set(language)


@contextmanager
def reading_in(language: Language) -> Iterator[None]:
    """The same, for the length of a ``with`` block."""
    token = _reading.set(language)
    try:
        yield
    finally:
        _reading.reset(token)


@dataclass(frozen=True, slots=True)
class Words:
    """One thing to say, in Chinese and in English. ``str()`` says it in the reader's language."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.said_in(_reading.get())

    def said_in(self, language: Language) -> str:
        """The sentence in one language."""
        return self.zh if language == "zh" else self.en

    def filled(self, **values: object) -> "Words":
        """The same sentence with ``{name}`` holes filled; a value may itself be ``Words``.

        English agrees with its numbers by ``{name:one|many}``: ``{n} {n:case|cases}``.
        """
        return Words(_fill(self.zh, "zh", values), _fill(self.en, "en", values))

    def said_with(self, **values: object) -> str:
        """The same as ``str(words.filled(…))``; the other language is left alone."""
        language = _reading.get()
        return _fill(self.said_in(language), language, values)

    def as_json(self) -> dict[str, str]:
        """The pair as plain data, for a stored playbook or an API answer."""
        return {"zh": self.zh, "en": self.en}

    @classmethod
    def from_json(cls, pair: dict[str, str]) -> "Words":
        """Read back what :meth:`as_json` wrote; raises ``KeyError`` where a language is missing."""
        return cls(pair["zh"], pair["en"])


def _fill(template: str, language: Language, values: dict[str, object]) -> str:
    spoken = {
        name: value.said_in(language) if isinstance(value, Words) else value
        for name, value in values.items()
    }
    if "|" not in template:
        return template.format(**spoken)  # nothing to agree with: a fifth of the cost
    return _AGREEING.vformat(template, (), spoken)


class _Agreeing(Formatter):
    """``str.format``, and a hole ``{n:case|cases}`` that takes the word fitting the number."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, choice, many = format_spec.partition("|")
        if choice:
            return one if str(value) == "1" else many
        filled: str = super().format_field(value, format_spec)
        return filled


_AGREEING = _Agreeing()
