"""Templates: each is used, none holds inline style or script, each word stands in two languages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.template.base import Lexer, Token, TokenType
from django.utils.text import smart_split
from tests.conventions.source import CHINESE, PACKAGE, template_name, templates

FOUND_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
INLINE = re.compile(r"""\s(style|on[a-z]+)\s*=\s*["'{]|javascript:""", re.IGNORECASE)
BARE_SCRIPT = re.compile(r"<(script|style)(?![^>]*\b(src|nonce|type=\"application/json\"))")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Words that are the same in both languages, and so may stand in the page as they are.
SAME_IN_BOTH = re.compile(
    r"\b(Yiwang|Open311|CSV|XLSX|GeoJSON|Shapefile|JSON|DXF|PDF|GPS|WGS|CGCS|GCJ|BD|TOTP|QR|API|HTTP|Esc|"
    r"DOCX|Enter|Ctrl|Alt|Shift|Tab|SVG|PNG|JPEG|EXIF|ID|UTF|ISO|GB/T|nbsp|middot|times|rarr|larr|"
    r"hellip|mdash|ndash|amp|copy|zwj|ensp|emsp|lt|gt|quot)\b"
)
# A language is named in itself, whoever reads.
NAMES_A_LANGUAGE = {"shell/parts/language.html"}

TEMPLATES = [pytest.param(path, id=template_name(path)) for path in templates()]


def tokens(path: Path) -> list[Token]:
    return Lexer(path.read_text(encoding="utf-8")).tokenize()


def test_there_are_templates() -> None:
    assert TEMPLATES


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_template_is_used(path: Path) -> None:
    name = template_name(path)
    assert name in FOUND_BY_DJANGO or any(
        f'"{name}"' in text or f"'{name}'" in text for other, text in _sources() if other != path
    ), f"nothing names {name}"


def _sources() -> Iterator[tuple[Path, str]]:
    for path in PACKAGE.rglob("*"):
        if path.suffix in {".py", ".html", ".txt", ".xml", ".js"} and "tests" not in path.parts:
            yield path, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", TEMPLATES)
def test_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = [match.group(0).strip() for rule in (INLINE, BARE_SCRIPT)
             for match in rule.finditer(text)]
    assert not found, f"the content policy blocks {found}"


@pytest.mark.parametrize("path", TEMPLATES)
def test_every_sentence_stands_in_both_languages(path: Path) -> None:
    for token in tokens(path):
        if token.token_type is TokenType.BLOCK and token.contents.startswith("t "):
            zh, en = list(smart_split(token.contents))[1:3]
            assert zh.strip("\"'"), f"line {token.lineno}: no Chinese"
            assert en.strip("\"'"), f"line {token.lineno}: no English"
            assert not CHINESE.search(en), f"line {token.lineno}: Chinese in the English"


@pytest.mark.parametrize("path", TEMPLATES)
def test_no_chinese_outside_the_pair(path: Path) -> None:
    found = [f"line {token.lineno}: {token.contents.strip()[:60]}" for token in tokens(path)
             if CHINESE.search(_said_alone(token))]
    assert not found or template_name(path) in NAMES_A_LANGUAGE, "\n".join(found)


def _said_alone(token: Token) -> str:
    """What a token says in one language only."""
    if token.token_type is TokenType.COMMENT or token.contents.startswith(("t ", "comment")):
        return ""
    return COMMENT.sub("", token.contents)


@pytest.mark.parametrize("path", TEMPLATES)
def test_no_english_outside_the_pair(path: Path) -> None:
    text = "".join(token.contents if token.token_type is TokenType.TEXT else "0"
                   for token in tokens(path))
    text = re.sub(r"<(script|style|svg)\b.*?</\1>", "", COMMENT.sub("", text), flags=re.DOTALL)
    shown = re.sub(r"<[^<>]*>", " ", text)
    spoken = " ".join(re.findall(
        r"""\b(?:title|alt|placeholder|aria-label)=["']([^"']+)["']""", text))
    words = re.findall(r"\b[A-Za-z]{3,}\b", SAME_IN_BOTH.sub("", shown + " " + spoken))
    assert not words or template_name(path) in NAMES_A_LANGUAGE, words
