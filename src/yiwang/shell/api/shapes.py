"""What answers and questions are made of: words in two languages, moments, texts, pages."""

from datetime import datetime
from typing import Annotated, Any

from django.utils.timezone import localtime
from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from yiwang.algorithms.words import Words

WORDS = "x-words"  # where the document keeps a description in both languages
MOST, USUAL = 100, 50  # things on one page; own choice, 2026-11


def field(zh: str, en: str, default: Any = ..., **more: Any) -> Any:
    """A field with its description in both languages."""
    words: Any = Words(zh, en).as_json()
    return Field(default, json_schema_extra={WORDS: words}, **more)


def _whole(text: str) -> str:
    """Text that both databases can keep."""
    if "\0" in text:
        raise ValueError("NUL")
    return text


def _here(value: Any) -> Any:
    return localtime(value) if isinstance(value, datetime) else value


Text = Annotated[str, AfterValidator(_whole)]
Moment = Annotated[datetime, BeforeValidator(_here)]  # RFC 3339, in the town's zone
Code = Annotated[str, Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._/-]{0,59}$")]
AreaCode = Annotated[str, Field(pattern=r"^[0-9]{2,18}$")]


class Asked(Schema):
    """What a client sends: nothing beyond what is named."""

    model_config = ConfigDict(extra="forbid")


class Paged(Schema):
    """Which page of a list is asked for."""

    limit: int = field("一页几条", "how many on a page", USUAL, ge=1, le=MOST)
    cursor: Text | None = field("上一页给的 next_cursor", "the next_cursor of the page before",
                                None, max_length=400)


class Named(Schema):
    """A thing with its id or code and what it is called."""

    id: str
    name: str


def named(id_: object, words: object) -> Named:
    """A name in the language being read."""
    return Named(id=str(id_), name=str(words))
