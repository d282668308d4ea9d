"""A made lake of a city of twelve counties: cases like a town's, drawn by DuckDB, not by a town.

Files and daily sums are written by what an export writes them with. Draws are hashes of a case's
place in the row, so the same rows come out whatever the number of threads.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

CITY = "3302"
COUNTIES = 12  # of a million cases a year each
YEARS = (2024, 2025, 2026)
AS_OF = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
TOWNS, VILLAGES, TEAMS, KINDS = 16, 15, 60, 180  # towns of a county, villages of a town
PARTS = 2  # written at once

# Reported round the clock, closed after a day or so with a long tail; three in a hundred late, the
# newest still open. Whole seconds: a made case has no more.
DRAWN = """
CREATE OR REPLACE MACRO draw(n, salt) AS (hash(16 * n + salt) >> 11) / 9007199254740992.0;
CREATE OR REPLACE TABLE drawn AS
SELECT n, CAST(1 + n % {counties} AS INTEGER) county, draw(n, 2) town, draw(n, 3) village,
  CAST(floor(power(draw(n, 4), 2) * {kinds}) AS INTEGER) kind, draw(n, 5) team, draw(n, 6) ending,
  draw(n, 7) keeping, draw(n, 8) rating, draw(n, 9) advised, opened_at, opened_at
    + to_seconds(CAST(1800 + floor(-ln(1 - draw(n, 1)) * 129600) AS BIGINT)) ends
FROM (SELECT n, TIMESTAMPTZ '{begins}'
        + to_seconds(CAST(floor(draw(n, 0) * {seconds}) AS BIGINT)) opened_at
      FROM range({first}, {first} + {rows}) t(n))
ORDER BY county, CASE WHEN ends < TIMESTAMPTZ '{as_of}' THEN ends END NULLS LAST, n
"""
CASES = """
SELECT CAST(CAST(md5(CAST(n AS VARCHAR)) AS UUID) AS VARCHAR) id, 'events' practice,
  format('GB2021/E.{{:02}}.{{:02}}', kind // 12, kind % 12) kind,
  format('{city}{{:02}}{{:03}}{{:03}}', county, CAST(1 + floor(town * {towns}) AS INTEGER),
    CAST(200 + floor(power(village, 2) * {villages}) AS INTEGER)) area,
  '141/' || ['pa', 'jj', 'zz', ''][1 + kind % 4] track,
  CASE WHEN is_open THEN 'handling' WHEN ending < .04 THEN 'merged'
    WHEN ending < .05 THEN 'rejected' ELSE 'closed' END state, is_open,
  office AS handler, CASE WHEN is_open AND ending > .2 THEN office END holder,
  CASE WHEN is_open THEN opened_at + INTERVAL 3 DAY END due_at,
  keeping < .03 late, keeping < .003 late_excused, ending >= .05 counted, opened_at, closed_at,
  CAST(opened_at AT TIME ZONE 'Asia/Shanghai' AS DATE) opened_day,
  CAST(closed_at AT TIME ZONE 'Asia/Shanghai' AS DATE) closed_day,
  CAST(keeping > .92 AS SMALLINT) refusals, CAST(rating < .03 AS SMALLINT) reopenings,
  CASE WHEN NOT is_open AND rating > .7 THEN CAST(1 + floor(5 * sqrt(advised)) AS SMALLINT) END
    stars,
  CASE WHEN advised < .6 THEN town >= .2 END advice__taken
FROM (SELECT *, ends >= TIMESTAMPTZ '{as_of}' is_open,
        CASE WHEN NOT is_open THEN ends END closed_at, format('{city}{{:02}}-team-{{:02}}', county,
          CAST(floor(power(team, 2) * {teams}) AS INTEGER)) office FROM drawn)
WHERE county = {county}
"""
# Two teams a case: the command room, then the one that handled it.
HOLDS = """
SELECT id AS "case", CASE WHEN first THEN NULL ELSE handler END team,
  CASE WHEN first THEN 600 ELSE CAST(epoch(closed_at - opened_at) AS BIGINT) - 600 END AS "seconds",
  practice, area, state, counted, closed_at, closed_day
FROM cases, (VALUES (TRUE), (FALSE)) t(first) WHERE closed_at IS NOT NULL
"""


def make_lake(folder: Path, *, rows: int) -> None:
    """``rows`` cases over the months of three years; the same ones each time."""
    from yiwang.kernel.lake.export import counting_days, definitions
    from yiwang.kernel.lake.folder import EMPTY, write_manifest

    months = [(year, month) for year in YEARS for month in range(1, 13)]
    parts: dict[str, int] = {}
    counting = counting_days(AS_OF)
    with ThreadPoolExecutor(PARTS) as writers:
        for place, month in enumerate(months):
            write = partial(_write, folder, counting)
            made = _drawn(month, place * (rows // len(months)), rows // len(months))
            parts |= dict(writers.map(write, *zip(*made, strict=True)))
            print(f"  {month[0]}-{month[1]:02}", file=sys.stderr, flush=True)
    write_manifest(folder, {**EMPTY, "instance": "made", "definitions": definitions(AS_OF),
                            "exported_at": AS_OF.isoformat(), "parts": parts})


def _drawn(month: tuple[int, int], first: int, rows: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each county's part of a month, and its two tables."""
    from yiwang.kernel.lake.reading import bounds_of

    begins, ends = bounds_of(month)
    said: dict[str, Any] = {
        "begins": begins.isoformat(), "seconds": int((min(ends, AS_OF) - begins).total_seconds()),
        "first": first, "rows": rows, "city": CITY, "counties": COUNTIES, "towns": TOWNS,
        "villages": VILLAGES, "teams": TEAMS, "kinds": KINDS, "as_of": AS_OF.isoformat()}
    with duckdb.connect(config={"threads": 2, "memory_limit": "3GB"}) as database:
        database.execute("SET TimeZone='UTC'")
        database.execute(DRAWN.format(**said))
        for county in range(1, COUNTIES + 1):
            yield (f"county={CITY}{county:02}/month={month[0]}-{month[1]:02}",
                   _tables(database, CASES.format(**said, county=county)))


def _tables(database: duckdb.DuckDBPyConnection, drawn: str) -> dict[str, Any]:
    from yiwang.kernel.lake.schema import TABLES

    database.execute(f"CREATE OR REPLACE TEMP TABLE cases AS {drawn}")
    found = {"cases": database.table("cases"), "holds": database.sql(HOLDS)}
    return {name: rows.to_arrow_table().select(TABLES[name].names).cast(TABLES[name])
            for name, rows in found.items()}


def _write(
    folder: Path, counting: list[Any], part: str, tables: dict[str, Any]
) -> tuple[str, int]:
    from yiwang.kernel.lake.export import with_days
    from yiwang.kernel.lake.folder import write_part

    write_part(folder, part, with_days(tables, counting))
    return part, tables["cases"].num_rows
