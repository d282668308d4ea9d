"""The figures as a page of the docs: machine, lives, pages, what was aimed at. Pure."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from .aims import (
    DETAIL_MS,
    LIST_P95_MS,
    LIST_QUERIES,
    LIVES_A_SECOND,
    PAGE_ASKS,
    PAGES,
    USERS,
    WORKER_MB,
    WORKERS,
)
from .life import STEPS

HOW = f"""
Server: `yiwang serve` as it is, {WORKERS} web workers and the background worker. The load client
shares the cores with them. Commits are durable. All users are signed in over the sign-in page;
{USERS} of them live lives at once. A life: a grid worker reports (point, kind, text), the
dispatcher sends it to an office, the office submits it as done, the dispatcher finds it by its
number. Pages are asked {PAGE_ASKS} times each by one reader. Milliseconds are the client's. On
PostgreSQL a million cases and more are copies of 200,000 lived ones (`bench/multiply.py`).
"""
GROWTH = 1.2  # times the cost at the smallest size that a page may cost at the largest
ROUGH_MS = 5.0  # milliseconds of difference that say nothing about growth


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def lives_and_pages(stages: Sequence[Mapping[str, Any]]) -> str:
    """Lives, pages, growth, memory: one column for each database and size."""
    return "\n".join([_machine(stages), HOW, _lives(stages), _pages(stages), _growth(stages),
                      _rest(stages)])


def _machine(stages: Sequence[Mapping[str, Any]]) -> str:
    first = stages[0]["machine"]
    rows = [[name, value] for name, value in first.items() if name not in VARYING]
    rows.append(["databases", "; ".join(dict.fromkeys(stage["version"] for stage in stages))])
    rows += [[f"{_name(stage)}: measured", ", ".join(
        [stage["at"], *(f"{name} {stage['machine'][name]}" for name in VARYING)])]
        for stage in stages]
    return table(["", ""], rows)


VARYING = ("commit", "load before")  # of the machine's facts, those that differ between stages


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines) + "\n"


def _name(stage: Mapping[str, Any]) -> str:
    database = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[stage["database"]]
    return f"{database}, {stage['cases']:,}"


def _missed(text: str, missed: bool) -> str:
    return f"**{text}**" if missed else text


def _lives(stages: Sequence[Mapping[str, Any]]) -> str:
    rows = [
        [f"lives a second (aim {LIVES_A_SECOND:.0f})", *(_rate(s, "plain") for s in stages)],
        *([f"… {step}, p50 / p95 ms", *(_step(s, "plain", step) for s in stages)]
          for step in STEPS),
        ["… processor ms a life", *(_cpu(s, "plain") for s in stages)],
        ["lives a second, each step answered with the desk's panel",
         *(_rate(s, "panels") for s in stages)],
        ["… assign, p50 / p95 ms", *(_step(s, "panels", "assign") for s in stages)],
        ["… processor ms a life", *(_cpu(s, "panels") for s in stages)],
    ]
    return "## Lives\n\n" + table(["", *map(_name, stages)], rows)


def _rate(stage: Mapping[str, Any], way: str) -> str:
    lived = stage["lives"][way]
    rate = lived["lives"] / lived["seconds"]
    return _missed(f"{rate:.1f}", way == "plain" and rate < LIVES_A_SECOND)


def _step(stage: Mapping[str, Any], way: str, step: str) -> str:
    times = stage["lives"][way]["steps"].get(step, [])
    return f"{percentile(times, 0.5):.0f} / {percentile(times, 0.95):.0f}"


def _cpu(stage: Mapping[str, Any], way: str) -> str:
    """All of it, and its parts: web workers, background, database, load client."""
    lived = stage["lives"][way]
    parts = {name: 1000 * spent / max(lived["lives"], 1) for name, spent in lived["cpu"].items()}
    return f"{sum(parts.values()):.0f} ({' + '.join(f'{part:.0f}' for part in parts.values())})"


def _pages(stages: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for page in PAGES:
        cells = []
        for stage in stages:
            times, queries = stage["pages"][page.name], stage["queries"][page.name]
            p95 = percentile(times, 0.95)
            missed = bool(page.aim) and (
                p95 > page.aim or (page.aim == LIST_P95_MS and queries > LIST_QUERIES))
            cells.append(_missed(f"{statistics.median(times):.0f} / {p95:.0f} · {queries}", missed))
        aim = f" (aim {page.aim:.0f})" if page.aim else ""
        rows.append([page.name + aim, *cells])
    said = (f"p50 / p95 ms · queries. Aims: a list p95 ≤ {LIST_P95_MS:.0f} ms with at most "
            f"{LIST_QUERIES} queries, a detail ≤ {DETAIL_MS:.0f} ms.")
    return f"## Pages\n\n{said}\n\n" + table(["", *map(_name, stages)], rows)


def _growth(stages: Sequence[Mapping[str, Any]]) -> str:
    """What a page costs at each size, in times of the smallest, by the median of what was asked."""
    rows, larger = [], [stage for stage in stages if stage is not _smallest(stages, stage)]
    for page in PAGES:
        cells = []
        for stage in larger:
            small = statistics.median(_smallest(stages, stage)["pages"][page.name])
            here = statistics.median(stage["pages"][page.name])
            missed = here / small > GROWTH and here - small > ROUGH_MS
            cells.append(_missed(f"{here / small:.2f}", missed))
        rows.append([page.name, *cells])
    if not larger:
        return ""
    said = (f"p50, in times of that at the smallest size on the same database. Aim: at most "
            f"{GROWTH} at a million; less than {ROUGH_MS:.0f} ms more is not held against a page.")
    return f"## Growth\n\n{said}\n\n" + table(["", *map(_name, larger)], rows)


def _smallest(
    stages: Sequence[Mapping[str, Any]], stage: Mapping[str, Any]
) -> Mapping[str, Any]:
    return min((one for one in stages if one["database"] == stage["database"]),
               key=lambda one: int(one["cases"]))


def _rest(stages: Sequence[Mapping[str, Any]]) -> str:
    memory = [max(stage["memory_mb"]) for stage in stages]
    proofs = [_proved(stage.get("proof")) for stage in stages]
    rows = [
        [f"memory of the larger worker, MB (aim {WORKER_MB:.0f})",
         *(_missed(f"{mb:.0f}", mb > WORKER_MB) for mb in memory)],
        ["errors", *(_missed(str(len(s["errors"])), bool(s["errors"])) for s in stages)],
        ["`yiwang verify` afterwards", *proofs],
    ]
    return "## Memory, errors, proof\n\n" + table(["", *map(_name, stages)], rows)


def _proved(proof: Mapping[str, int] | None) -> str:
    if proof is None:
        return "not run"
    said = f"{proof['entries']:,} entries, {proof['cases']:,} cases, {proof['faults']} faults"
    return _missed(said, proof["faults"] > 0)
