"""Everything a cockpit counts of one line of work, whoever counted it: town, DuckDB or Spark."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from yiwang.kernel.records.metrics import Figure, Parts

MONTHS = 12  # of the cockpit's chart, the present one included


@dataclass(frozen=True, slots=True)
class Board:
    """Figures whole and by respect; mean hours a team held a closed case; received by month.

    Keys are text, None where there is no team.
    """

    parts: dict[str, Parts]
    hours: dict[str | None, Decimal]
    months: dict[tuple[str, str], int]

    def as_plain(self) -> dict[str, Any]:
        """For machines. Values are numbers with one decimal place at most; ids are text."""
        return {
            "figures": [_parts(code, parts) for code, parts in sorted(self.parts.items())],
            "hours": [{"key": key, "value": number(value)} for key, value in _sorted(self.hours)],
            "months": [{"month": month, "kind": kind, "value": n}
                       for (month, kind), n in sorted(self.months.items())],
        }


def _parts(code: str, parts: Parts) -> dict[str, Any]:
    by = {name: [{"key": key, **_figure(figure)} for key, figure in _sorted(figures)]
          for name, figures in sorted(parts.by.items())}
    return {"code": code, **_figure(parts.whole), "by": by}


def _figure(figure: Figure) -> dict[str, Any]:
    return {"value": number(figure.value), "rows": figure.rows}


def _sorted(found: dict[Any, Any]) -> Iterable[tuple[Any, Any]]:
    return sorted(found.items(), key=lambda pair: (pair[0] is None, str(pair[0])))


def number(value: Decimal | None) -> int | float | None:
    """A value as JSON writes it: to the digit, since all have one decimal place or none."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def hours_of(seconds: int, cases: int) -> Decimal:
    """Mean hours to one decimal place, half up."""
    return (Decimal(seconds) / 3600 / cases).quantize(Decimal("0.1"), ROUND_HALF_UP)


def month_begins(at: datetime) -> list[datetime]:
    """The first moments of the last twelve months, this one included, oldest first."""
    begins = [at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)]
    while len(begins) < MONTHS:
        begins.append((begins[-1] - timedelta(days=1)).replace(day=1))
    return begins[::-1]
