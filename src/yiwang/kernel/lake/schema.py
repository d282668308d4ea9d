"""The tables of the lake, version by version. Pure.

No words of a case, no number or follow code, no point, no address, no person: what a column here
says of somebody is at most that a case of some kind happened in a village. Teams are offices.
"""

import pyarrow as pa

VERSION = 2  # one more for every change of a table below
MOMENT = pa.timestamp("us", tz="UTC")

CASES = pa.schema([
    ("id", pa.string()),  # a case's UUID: what tells rows apart, and joins holds
    ("practice", pa.string()),
    ("kind", pa.string()),  # list/code
    ("area", pa.string()),  # never below the village: a grid of few households may name one
    ("track", pa.string()),  # of the day it was opened, such as 141/pa
    ("state", pa.string()),
    ("is_open", pa.bool_()),
    ("handler", pa.string()),  # a team's UUID
    ("holder", pa.string()),
    ("due_at", MOMENT),
    ("late", pa.bool_()),
    ("late_excused", pa.bool_()),
    ("counted", pa.bool_()),
    ("opened_at", MOMENT),
    ("closed_at", MOMENT),
    ("opened_day", pa.date32()),  # in the town's zone
    ("closed_day", pa.date32()),
    ("refusals", pa.int16()),
    ("reopenings", pa.int16()),
    ("stars", pa.int16()),
    ("advice__taken", pa.bool_()),  # named as the town's own tables reach it
])

# One row for each team that held a closed case, with what says whether the case counts.
HOLDS = pa.schema([
    ("case", pa.string()),
    ("team", pa.string()),  # None: the command room
    ("seconds", pa.int64()),
    *(CASES.field(name) for name in ("practice", "area", "state", "counted", "closed_at",
                                     "closed_day")),
])

# Counts of the two above by day: sums of integers, so that days add up to any period.
DAYS = pa.schema([
    ("metric", pa.string()),
    ("by", pa.string()),  # the respect; empty: the whole
    ("key", pa.string()),
    ("day", pa.date32()),
    ("n", pa.int64()),
    ("hits", pa.int64()),
    ("sum", pa.int64()),
    ("of", pa.int64()),
])

TABLES = {"cases": CASES, "holds": HOLDS, "days": DAYS}
