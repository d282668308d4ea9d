"""A report as blocks, in both languages: what the page, the DOCX and the PDF all show. Pure.

Whoever prints it changes no number: a cell holds its text, and which figure it is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from yiwang.algorithms.words import Language, Words


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a table; ``metric``, ``month`` and the part say which figure it shows."""

    text: Words
    metric: str = ""
    month: str = ""
    by: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    text: Words


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: Words


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row names it, the others are numbers."""

    title: Words
    head: tuple[Words, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Series:
    name: Words
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """``form`` is ``line`` (several series over labels) or ``bars`` (one)."""

    form: str
    title: Words
    labels: tuple[Words, ...]
    series: tuple[Series, ...]

    @property
    def alternative(self) -> Words:
        """The chart in words, every number told: what is read where it cannot be seen."""
        return Words(self._told("zh", "：", "，", "；"), self._told("en", ": ", ", ", "; "))

    def _told(self, language: Language, colon: str, comma: str, stop: str) -> str:
        lines = (
            f"{one.name.said_in(language)} " + comma.join(
                f"{label.said_in(language)} {value}"
                for label, value in zip(self.labels, one.values, strict=True))
            for one in self.series)
        return self.title.said_in(language) + colon + stop.join(lines)


Block = Heading | Paragraph | Table | Chart
KINDS: dict[str, type[Block]] = {kind.__name__.lower(): kind
                                 for kind in (Heading, Paragraph, Table, Chart)}


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. ``number`` is empty for a draft; ``sign`` stands at its end."""

    agency: Words
    title: Words
    number: Words
    blocks: tuple[Block, ...]
    sign: tuple[Words, ...]

    @property
    def is_draft(self) -> bool:
        return not self.number.zh


def as_json(document: Document) -> dict[str, Any]:
    """Plain data to be stored."""
    plain = asdict(document)
    plain["blocks"] = [{"kind": type(block).__name__.lower(), **asdict(block)}
                       for block in document.blocks]
    return plain


def from_json(plain: dict[str, Any]) -> Document:
    """Read back what :func:`as_json` wrote."""
    return Document(
        agency=_words(plain["agency"]), title=_words(plain["title"]),
        number=_words(plain["number"]), blocks=tuple(map(_block, plain["blocks"])),
        sign=_all_words(plain["sign"]))


def _words(pair: dict[str, str]) -> Words:
    return Words.from_json(pair)


def _all_words(pairs: Sequence[dict[str, str]]) -> tuple[Words, ...]:
    return tuple(map(_words, pairs))


def _block(plain: dict[str, Any]) -> Block:
    kind = KINDS[plain["kind"]]
    if kind is Table:
        return Table(_words(plain["title"]), _all_words(plain["head"]),
                     tuple(tuple(Cell(**{**cell, "text": _words(cell["text"])}) for cell in row)
                           for row in plain["rows"]))
    if kind is Chart:
        return Chart(plain["form"], _words(plain["title"]), _all_words(plain["labels"]),
                     tuple(Series(_words(one["name"]), tuple(one["values"]))
                           for one in plain["series"]))
    return Heading(_words(plain["text"])) if kind is Heading else Paragraph(_words(plain["text"]))
