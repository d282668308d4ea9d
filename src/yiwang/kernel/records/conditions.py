"""A condition written once in the words of Ibis, read here as a filter of the town's own tables.

A metric says which cases it counts as a function of columns: ``c.is_open & (c.due_at < at)``.
Given an Ibis table it makes an Ibis expression, for DuckDB and for Spark; given :class:`Columns`
it makes a Django ``Q``. The town needs no Ibis for that.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q

Where = Callable[[Any, datetime], Any]  # columns and the moment of looking → condition


class Condition:
    """Something a row says yes or no to."""

    def __init__(self, q: Q) -> None:
        self.q = q

    def __and__(self, other: "Condition") -> "Condition":
        return Condition(self.q & other.q)

    def __or__(self, other: "Condition") -> "Condition":
        return Condition(self.q | other.q)

    def __invert__(self) -> "Condition":
        return Condition(~self.q)


class Column(Condition):
    """A column by name; by itself it is the condition that it is true."""

    def __init__(self, name: str) -> None:
        super().__init__(Q(**{name: True}))
        self.name = name

    def __invert__(self) -> Condition:
        return Condition(Q(**{self.name: False}))

    def __lt__(self, other: Any) -> Condition:
        return self._is("lt", other)

    def __le__(self, other: Any) -> Condition:
        return self._is("lte", other)

    def __gt__(self, other: Any) -> Condition:
        return self._is("gt", other)

    def __ge__(self, other: Any) -> Condition:
        return self._is("gte", other)

    def isin(self, values: Iterable[Any]) -> Condition:
        """Whether it is one of them."""
        return self._is("in", tuple(values))

    def notin(self, values: Iterable[Any]) -> Condition:
        """Whether it is none of them."""
        return ~self.isin(values)

    def notnull(self) -> Condition:
        """Whether there is a value."""
        return self._is("isnull", False)

    def _is(self, lookup: str, value: Any) -> Condition:
        return Condition(Q(**{f"{self.name}__{lookup}": value}))


class Columns:
    """Stands where Ibis puts a table: any attribute is a column."""

    def __getattr__(self, name: str) -> Column:
        return Column(name)


def as_q(where: Where | None, at: datetime) -> Q:
    """The condition as a filter for Django; all rows where there is none."""
    if where is None:
        return Q()
    q: Q = where(Columns(), at).q
    return q
