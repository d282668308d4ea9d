"""Search over Chinese text and numbers by two-character tokens, on SQLite FTS5 or PostgreSQL.

The databases' own trigram indexes fail on two-character words, which are the normal case in
Chinese (docs/decisions/0009-search.md). A run of 汉字 becomes its overlapping pairs, so that a
phrase of pairs is found exactly; a run of letters and digits stays one token and its parts.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

_RUN = re.compile(r"[0-9a-z]+|[^\W0-9a-z_]+", re.IGNORECASE)
MOST = 500  # subjects a search gives back at most
# PostgreSQL: how many of the newest texts are looked through one by one, and how many of them must
# hold the words for going on so. A text looked through costs 0.3 µs, one that the index gathers 1.4
# (2026-11, a million texts): of ten million, both ways cost the same at 3 in 1,000.
WALKS = ((1_000, 5), (100_000, MOST))


def tokens(text: str) -> list[str]:
    """``"霞浦中路 XP-2026"`` → 霞浦, 浦中, 中路, xp, 2026. A lone 汉字 is its own token."""
    if text.isascii():
        return _RUN.findall(text.lower())
    found: list[str] = []
    for run in _RUN.findall(text.lower()):
        if run.isascii() or len(run) == 1:
            found.append(run)
        else:
            found += [run[place : place + 2] for place in range(len(run) - 1)]
    return found


def index(subject: UUID, *, text: str) -> None:
    """Make ``subject`` findable by ``text``, inside the transaction that made it."""
    index_many([(subject, searchable(text))])


def searchable(text: str) -> str:
    """A text as the index takes it: its tokens."""
    return " ".join(tokens(text))


def index_many(words: Sequence[tuple[UUID, str]]) -> None:
    """The same for many subjects at once, each with its :func:`searchable` words."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany("INSERT INTO kernel_words(subject, tokens) VALUES (%s, %s)",
                               [(subject.hex, said) for subject, said in words])
        else:
            ids, texts = zip(*words, strict=True) if words else ((), ())
            cursor.execute(
                "INSERT INTO kernel_words(subject, tokens) SELECT subject, to_tsvector('simple', "
                "said) FROM unnest(%s::uuid[], %s::text[]) AS given(subject, said)",
                [list(ids), list(texts)])


def forget(subject: UUID, *, by: str = "") -> None:
    """Take a subject out of the index, when its words are blurred.

    ``by``: words it was made findable by, best its number. SQLite looks at the rows that hold
    them; without, or where they do not find it, at all rows.
    """
    if connection.vendor != "sqlite":
        _delete("subject = %s", [subject])
        return
    match = _match([tokens(by)]) if tokens(by) else ""
    held = "rowid IN (SELECT rowid FROM kernel_words WHERE kernel_words MATCH %s AND subject = %s)"
    if not match or not _delete(held, [match, subject.hex]):
        _delete("subject = %s", [subject.hex])


def _delete(where: str, values: list[UUID | str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM kernel_words WHERE {where}", values)  # noqa: S608
        gone: int = cursor.rowcount
    return gone


def _match(phrases: Iterable[list[str]]) -> str:
    """What FTS5 is asked: each phrase, in the tokens."""
    return "tokens : " + " AND ".join('"' + " ".join(words) + '"' for words in phrases)


def find(query: str, *, most: int = MOST) -> list[UUID]:
    """The newest subjects that hold every word of ``query`` as a phrase; [] for an empty query."""
    phrases = [words for part in query.split() if (words := tokens(part))]
    if not phrases:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT subject FROM kernel_words WHERE kernel_words MATCH %s "
                           "ORDER BY rowid DESC LIMIT %s", [_match(phrases), most])
            return [UUID(row[0]) for row in cursor.fetchall()]
        return _newest(cursor, phrases, most)


def _newest(cursor: Any, phrases: list[list[str]], most: int) -> list[UUID]:
    """Common words are found soonest among the newest texts, rare ones by the index.

    Left alone, PostgreSQL takes a phrase for as rare as its parts' product, and gathers and sorts
    a tenth of all texts; or takes a new number for common, and walks through all of them.
    """
    asked = " && ".join(["phraseto_tsquery('simple', %s)"] * len(phrases))
    words = [" ".join(phrase) for phrase in phrases]
    for texts, least in WALKS:
        # ts_match_vq is what @@ calls; by this name no index is taken. What is asked is a query of
        # its own, and bounds are written out: a prepared statement would read the one anew for
        # every text, and guess the others.
        cursor.execute(
            "SELECT subject FROM (SELECT id, subject, tokens FROM kernel_words "  # noqa: S608
            f"ORDER BY id DESC LIMIT {texts:d}) newest "
            f"WHERE ts_match_vq(tokens, (SELECT {asked})) ORDER BY id DESC LIMIT {most:d}", words)
        found = cursor.fetchall()
        if len(found) == most:
            return [row[0] for row in found]
        if len(found) < least:
            break
    cursor.execute(
        "SELECT subject FROM (SELECT id, subject FROM kernel_words "  # noqa: S608
        f"WHERE tokens @@ ({asked}) OFFSET 0) held ORDER BY id DESC LIMIT {most:d}", words)
    return [row[0] for row in cursor.fetchall()]
