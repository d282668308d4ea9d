"""docs/soak.md: the machine, what the columns mean, one row a drill with the day it was run. Pure.

A run renews the rows of its own drills; the others stay as they were, with their day.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from .town import ROOT

PAGE = ROOT / "docs" / "soak.md"
INTRODUCTION = """# Faults survived

`make soak` writes this page; `python -m bench.soak --only kills` (`outages`, `standby`, `backups`,
`exchange`, `proxy`, `interfaces`) renews a part of it. Four senders report all the time and send
again under the same key until they are answered, as the phone does. Then what they were told is
looked for.

- *lost*, *doubled*: reports that were acknowledged and are not there, or there twice.
- *no answer*: the line was cut. *later*: 503. *longest wait*: from the first sending of a report to
  its number.
- **wrong**: lost, doubled, events not delivered or delivered twice, trails that do not prove,
  answers other than “taken” (200) and “later” (503), pages that lost the words of a form, commands
  that failed. `make soak` ends with status 1 where it is not 0 anywhere.

What is killed or broken:

- **kills**: web worker, background worker and database get SIGKILL at random moments.
- **gone**: the server is stopped for a minute. **locked**: another program holds the write lock.
  **clock**: two hours back.
- **full**: an ext4 disk of its own is filled to its last byte. **read-only**: it meets an error and
  takes no more writes, for open files too; then it is checked, mounted anew and started. SQLite's
  instance is also started while the disk may only be read (“started on it”). Both need root.
- **fail-over**: the line to the standby stands still, then the primary is killed. *Asynchronous*
  replication loses what was acknowledged meanwhile; the row counts it. *Synchronous* loses nothing.
- **backup**: taken while it serves, restored elsewhere and proved; “looked for” are reports that
  were acknowledged before it began.
- **two instances**: a case is handed up, down and aside while one of them is away or killed.
- **proxy**: nginx runs `docs/proxy/nginx.conf` before an instance; TLS, lies in headers, sizes,
  requests hidden in others.
- **open311**, **fuzz**: the file of a real endpoint in and out again; interfaces asked at random.
"""
SHOWN = ("acknowledged", "lost", "doubled", "no answer", "later", "longest wait s", "seconds")
COLUMNS = ("drill", "database", *SHOWN, "more", "wrong", "on")


def line(figures: Mapping[str, Any], on: date, commit: str = "") -> str:
    """A drill's row of the table."""
    cells = [str(figures.get(name, "")) for name in ("drill", "database", *SHOWN)]
    more = "; ".join(f"{name}: {value}" for name, value in figures.get("more", {}).items())
    wrong = "not run" if figures.get("skipped") else "; ".join(map(str, figures["wrong"])) or "0"
    cells += [_cell(more), _cell(wrong), f"{on} {commit}".strip()]
    return f"| {' | '.join(cells)} |"


def renewed(page: str, rows: Sequence[str], machine: Mapping[str, str], command: str = "") -> str:
    """The page with these rows in place of the ones of the same drill and database.

    ``command``: what made them; a row that it left when it broke off goes as well.
    """
    kept = [row for row in _rows_of(page) if _key(row) != (command, "")]
    table = {_key(row): row for row in (*kept, *rows)}
    facts = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    head = (f"| {' | '.join(COLUMNS)} |", f"|{'---|' * len(COLUMNS)}")
    parts = (INTRODUCTION, "The machine, as it was at the latest of these runs:\n", facts, "",
             *head, *table.values(), "")
    return "\n".join(parts)


def _rows_of(page: str) -> list[str]:
    """The rows of an older page, if its columns are these."""
    lines = [row for row in page.splitlines() if row.startswith("|")]
    return lines[2:] if lines and lines[0] == f"| {' | '.join(COLUMNS)} |" else []


def _key(row: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in row.split("|")[1:3])


def _cell(text: str) -> str:
    """Nothing in it ends the cell or the row."""
    return " ".join(text.replace("|", "/").split())
