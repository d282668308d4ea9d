"""A made lake of a city of twelve counties: cases like a town's, written by DuckDB, not by a town.

Daily sums are counted from the made cases by the metrics' own expressions, as an export does.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

CITY = "3302"
COUNTIES = 12  # of a million cases a year each
YEARS = (2024, 2025, 2026)
AS_OF = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)
VILLAGES, TEAMS, KINDS, TOWNS = 240, 60, 180, 16
SEED = 0.30428
ROW_GROUP = 100_000

# Reported round the clock, closed after a day or so with a long tail; three in a hundred late, the
# newest still open. Whole seconds: a made case has no more.
CASES = """
CREATE OR REPLACE TABLE cases AS
WITH drawn AS (
  SELECT i, random() a, random() b, random() c, random() d, random() e, random() f,
    TIMESTAMPTZ '{begins}' + to_seconds(CAST(floor(random() * {seconds}) AS BIGINT)) opened_at
  FROM range({rows}) t(i)
), lived AS (
  SELECT *, opened_at + to_seconds(CAST(1800 + floor(-ln(1 - a) * 129600) AS BIGINT)) ends,
    '{city}' || lpad(CAST(1 + i % {counties} AS VARCHAR), 2, '0')
      || lpad(CAST(1 + floor(b * {towns}) AS VARCHAR), 3, '0')
      || lpad(CAST(200 + floor(b * b * {villages}) % ({villages} / {towns}) AS VARCHAR), 3, '0')
      AS area,
    CAST(floor(c * c * {kinds}) AS INTEGER) k FROM drawn
)
SELECT CAST(md5('{part}' || i) AS VARCHAR) id, 'events' practice,
  'GB2021/E.' || lpad(CAST(k // 12 AS VARCHAR), 2, '0') || '.' || lpad(CAST(k % 12 AS VARCHAR), 2,
    '0') kind, area, '141/' || ['pa', 'jj', 'zz', ''][1 + k % 4] track,
  CASE WHEN ends >= TIMESTAMPTZ '{as_of}' THEN 'handling' WHEN d < .04 THEN 'merged'
    WHEN d < .05 THEN 'rejected' ELSE 'closed' END state,
  ends >= TIMESTAMPTZ '{as_of}' is_open,
  '{city}-' || (i % {counties}) || '-team-' || CAST(floor(c * e * {teams}) AS INTEGER) handler,
  CASE WHEN ends >= TIMESTAMPTZ '{as_of}' THEN
    '{city}-' || (i % {counties}) || '-team-' || CAST(floor(e * {teams}) AS
    INTEGER) END AS holder,
  CASE WHEN ends >= TIMESTAMPTZ '{as_of}' THEN opened_at + INTERVAL 3 DAY END due_at,
  f < .03 late, f < .003 late_excused, d >= .05 counted, opened_at,
  CASE WHEN ends < TIMESTAMPTZ '{as_of}' THEN ends END closed_at,
  CAST(opened_at AT TIME ZONE 'Asia/Shanghai' AS DATE) opened_day,
  CASE WHEN ends < TIMESTAMPTZ '{as_of}' THEN CAST(ends AT TIME ZONE 'Asia/Shanghai' AS DATE) END
    closed_day,
  CAST(CASE WHEN e < .08 THEN 1 ELSE 0 END AS SMALLINT) refusals,
  CAST(CASE WHEN e > .97 THEN 1 ELSE 0 END AS SMALLINT) reopenings,
  CASE WHEN f > .7 THEN CAST(1 + floor(5 * sqrt(a)) AS SMALLINT) END stars
FROM lived ORDER BY closed_at NULLS LAST, id
"""
# Two teams a case: the command room, then the one that handled it.
HOLDS = """
CREATE OR REPLACE TABLE holds AS
SELECT id AS "case", team, "seconds", practice, area, state, counted, closed_at, closed_day FROM (
  SELECT *, CAST(NULL AS VARCHAR) team, CAST(600 AS BIGINT) AS "seconds" FROM cases
  UNION ALL
  SELECT *, handler AS team, CAST(epoch(closed_at - opened_at) AS BIGINT) - 600 FROM cases)
WHERE closed_at IS NOT NULL
"""


def make_lake(folder: Path, *, rows: int) -> None:
    """``rows`` cases over the months of three years; the same ones each time."""
    from yiwang.kernel.lake.export import counting_days, days_table, definitions
    from yiwang.kernel.lake.folder import EMPTY, write_manifest, write_part

    parts: dict[str, int] = {}
    counting, months = counting_days(AS_OF), [(y, m) for y in YEARS for m in range(1, 13)]
    with duckdb.connect(config={"threads": 2, "memory_limit": "3GB"}) as database:
        database.execute("SET TimeZone='UTC'; SET preserve_insertion_order=true")
        database.execute("SELECT setseed(?)", [SEED])
        for month in months:
            part = f"county={CITY}00/month={month[0]}-{month[1]:02}"
            tables = _tables(database, month, part, rows // len(months))
            write_part(folder, part, {**tables, "days": days_table(tables, counting)})
            parts[part] = tables["cases"].num_rows
            print(f"  {month[0]}-{month[1]:02}", file=sys.stderr, flush=True)
    write_manifest(folder, {**EMPTY, "instance": "made", "definitions": definitions(AS_OF),
                            "exported_at": AS_OF.isoformat(), "parts": parts})


def _tables(
    database: duckdb.DuckDBPyConnection, month: tuple[int, int], part: str, rows: int
) -> dict[str, Any]:
    from yiwang.kernel.lake.reading import bounds_of
    from yiwang.kernel.lake.schema import CASES as FORM
    from yiwang.kernel.lake.schema import HOLDS as HELD

    begins, ends = bounds_of(month)
    seconds = int((min(ends, AS_OF) - begins).total_seconds())
    database.execute(CASES.format(
        begins=begins.isoformat(), seconds=seconds, rows=rows, city=CITY, counties=COUNTIES,
        part=part, as_of=AS_OF.isoformat(), villages=VILLAGES, towns=TOWNS, teams=TEAMS,
        kinds=KINDS))
    database.execute(HOLDS)
    return {"cases": database.table("cases").to_arrow_table().cast(FORM),
            "holds": database.table("holds").to_arrow_table().cast(HELD)}
