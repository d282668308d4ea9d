"""``export``: bring a lake up to what the instance knows, rewriting the months that changed.

The cursor is kept when all it covers lies in its place, so an export that was killed is done again
from where the last whole one ended, with the same files as if it had never begun.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.frameworks.models import KindTrack
from yiwang.kernel.frameworks.queries import TrackSheet
from yiwang.kernel.practice import practices
from yiwang.kernel.records.models import TrailEntry

from .changes import Cursor, Month, all_months, cursor_now, months_changed
from .counting import Pass, Tables, counted, counted_metrics, passes_of, told
from .folder import locked, read_manifest, sweep, write_manifest, write_part
from .reading import month_tables
from .schema import CASES, DAYS, HOLDS, TABLES, VERSION


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did: months written anew, and what the lake now holds."""

    months: tuple[str, ...]
    parts: int
    cases: int
    whole: bool


def export(folder: Path, *, at: datetime) -> Exported:
    """Write what changed; raises ``Refusal`` for another instance's lake or one being written."""
    with locked(folder):
        said = read_manifest(folder)
        _check_own(said)
        last = Cursor.from_plain(said["cursor"]) if said["cursor"] else Cursor()
        now = cursor_now(last, at)
        basis = {"version": VERSION, "definitions": definitions(at), "tracks": _tracks()}
        whole = any(said[name] != digest for name, digest in basis.items())
        months = all_months() | _written(said) if whole else months_changed(last, now)
        parts = _with_months(folder, said["parts"], months, at)
        write_manifest(folder, {**said, **basis, "instance": _instance(),
                                "cursor": now.as_plain(), "exported_at": at.isoformat(),
                                "parts": parts})
        sweep(folder, parts)
    return Exported(tuple(sorted(map(_name, months))), len(parts), sum(parts.values()), whole)


def _with_months(
    folder: Path, parts: dict[str, int], months: set[Month], at: datetime
) -> dict[str, int]:
    """Rows of each part, after the months have been written anew."""
    names = {_name(month) for month in months}
    kept = {part: rows for part, rows in parts.items() if part.rpartition("=")[2] not in names}
    sheet, counting = TrackSheet(), counting_days(at)
    for month in sorted(months):
        for county, tables in month_tables(month, sheet).items():
            part = f"county={county}/month={_name(month)}"
            write_part(folder, part, with_days(tables, counting))
            kept[part] = tables["cases"].num_rows
    return kept


def with_days(
    tables: dict[str, pa.Table], counting: list[tuple[Pass, str]]
) -> dict[str, pa.Table]:
    """A part's tables and their daily sums, by the statements of :func:`counting_days`, sorted."""
    with duckdb.connect(config={"threads": 2}) as database:
        for name in ("cases", "holds"):
            database.register(name, tables[name])
        found = [told(database.sql(said).to_arrow_table(), one) for one, said in counting]
    days = pa.concat_tables(found).select(DAYS.names).cast(DAYS)
    return {**tables, "days": days.sort_by(
        [(name, "ascending") for name in ("metric", "by", "day", "key")])}


def counting_days(at: datetime) -> list[tuple[Pass, str]]:
    """How DuckDB counts all figures by day: the metrics' Ibis definitions, worked out once."""
    unbound = Tables(ibis.table(ibis.Schema.from_pyarrow(CASES), name="cases"),
                     ibis.table(ibis.Schema.from_pyarrow(HOLDS), name="holds"), None)
    metrics = [metric for practice in practices for metric in counted_metrics(practice)
               if not metric.is_stock]
    return [(one, str(ibis.to_sql(counted(unbound, one, at, None), dialect="duckdb")))
            for one in passes_of(metrics)]


def definitions(at: datetime) -> str:
    """Changes when the definition of a figure, a respect or the schema does."""
    said = ([sql for _, sql in counting_days(at)], [str(schema) for schema in TABLES.values()])
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _tracks() -> str:
    """Changes when a kind is put on another track, today or in the past."""
    tracks = KindTrack.objects.order_by("framework", "kind", "since", "member").values_list(
        "framework", "kind", "member", "since", "until")
    return hashlib.sha256(repr(list(tracks)).encode()).hexdigest()


def _check_own(said: dict[str, Any]) -> None:
    if said["instance"] not in ("", _instance()):
        raise Refusal(
            "lake_of_another",
            Words("这个文件夹是另一个系统的数据湖。", "This folder is another instance's lake."),
            Words("每个系统导出到自己的文件夹；查看时可以一起读。",
                  "Each instance exports into a folder of its own; they are read together."))


def _instance() -> str:
    """The digest of an instance's first trail entry: no other has it."""
    first = TrailEntry.objects.order_by("id").values_list("digest", flat=True).first()
    return first or ""


def _written(said: dict[str, Any]) -> set[Month]:
    names = {part.rpartition("=")[2] for part in said["parts"]}
    return {(int(name[:4]), int(name[5:])) for name in names}


def _name(month: Month) -> str:
    return f"{month[0]}-{month[1]:02}"
