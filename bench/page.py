"""docs/benchmarks.md, made of what is kept of each part. Pure but for the remarks it ends with."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .table import lives_and_pages, table

REMARKS = Path(__file__).with_name("remarks.md")
HEAD = """# Speed

Made by `make bench`; not a test, nothing fails by it. Machine and date stand with each figure,
since a figure without them says little. **Bold** figures miss their aim.
"""
Part = Mapping[str, Any]


def page_of(
    stages: Sequence[Mapping[str, Any]], parts: Mapping[str, Part], pictures: Sequence[str]
) -> str:
    """The whole page in Markdown."""
    drawn = "\n".join(f"![p95 of each page against the number of cases](images/{name})"
                      for name in pictures)
    sections = [HEAD, lives_and_pages(stages) if stages else "", drawn,
                _open311(parts), _province(parts), _lake(parts), REMARKS.read_text()]
    return "\n".join(section.rstrip() + "\n" for section in sections if section)


def _when(part: Part) -> str:
    machine = part["machine"]
    return f"{part['at']}, commit {machine['commit']}, load {machine['load before']} before"


def _json(part: Part) -> Any:
    """The last thing said that is JSON: a line of it, or a block."""
    said = part["said"].strip()
    for start in (said.rfind("\n{") + 1, said.find("{")):
        try:
            return json.JSONDecoder().raw_decode(said[start:])[0]
        except ValueError:
            continue
    return None


def _open311(parts: Mapping[str, Part]) -> str:
    rows = []
    for name in ("open311-sqlite", "open311-postgresql"):
        if name in parts and (found := _json(parts[name])):
            reader = found["reader"]
            rate = f"{found['rate']:,}"
            rows.append([
                found["database"], f"{found['run']['added']:,}",
                rate if found["rate"] >= 5000 else f"**{rate}**",
                f"{found['run']['added'] / found['processor']:,.0f}",
                str(reader["missing"] + reader["unknown"]), str(reader["different"]),
                str(reader["doubled"]), str(found.get("faults", "not run")), _when(parts[name])])
    if not rows:
        return ""
    head = ["", "requests", "imported a second (aim 5,000)", "a processor second",
            "missing or unknown to the reader", "different", "doubled", "faults of the trail",
            "measured"]
    return "## The real requests of Open311 (`python -m bench.open311`)\n\n" + table(head, rows)


def _province(parts: Mapping[str, Part]) -> str:
    found = _json(parts["province"]) if "province" in parts else None
    if not found:
        return ""
    rows = [[name, *(_figure(found[name], *wanted) for wanted in PROVINCE)]
            for name in ("first", "second")]
    head = ["process", *(title for _, title, _ in PROVINCE)]
    return ("## Locating in a made province (`python -m bench.province`)\n\n"
            f"{_when(parts['province'])}.\n\n" + table(head, rows))


PROVINCE = (
    ("ready_s", "ready, s (aim ≤ 10)", lambda value: value <= 10),
    ("microseconds", "singly, µs (aim ≤ 50)", lambda value: value <= 50),
    ("points_a_second", "in bulk, points a second (aim ≥ 200,000)",
     lambda value: value >= 200_000),
    ("highest_mb", "highest memory, MB (aim ≤ 1,500)", lambda value: value <= 1500),
    ("index_mb", "files shared, MB", lambda value: True),
)


def _figure(found: Mapping[str, float], name: str, title: str, fine: Any) -> str:
    del title
    said = f"{found[name]:,.1f}" if found[name] < 1000 else f"{found[name]:,.0f}"
    return said if fine(found[name]) else f"**{said}**"


def _lake(parts: Mapping[str, Part]) -> str:
    found = _json(parts["lake"]) if "lake" in parts else None
    if not found:
        return ""
    from .lake import table_of

    return ("## The cockpit over a lake (`python -m bench.lake`; `--spark` asks a cluster too)\n\n"
            f"{_when(parts['lake'])}. Every figure in all its respects.\n\n{table_of(found)}")
