"""What a step writes has no index twice: a foreign key none where another begins with it."""

from collections.abc import Iterator

import pytest
from django.db.models import F, ForeignKey, Index, Model, UniqueConstraint

from yiwang.kernel.cases.models import Assist, Case, Hold
from yiwang.kernel.records.models import OutboxMessage, TrailEntry

WRITTEN = (Assist, Case, Hold, OutboxMessage, TrailEntry)


def first_columns(model: type[Model]) -> Iterator[str]:
    """The column each index of all rows begins with."""
    for index in model._meta.indexes:
        if index.condition is None:
            yield from _first(index)
    for rule in model._meta.constraints:
        if isinstance(rule, UniqueConstraint) and rule.condition is None and rule.fields:
            yield rule.fields[0]


def _first(index: Index) -> Iterator[str]:
    if index.fields:
        yield index.fields[0]
    elif isinstance(index.expressions[0], F):
        yield index.expressions[0].deconstruct()[1][0]


def twice(model: type[Model]) -> list[str]:
    """Foreign keys with an index that begins another."""
    begun = set(first_columns(model))
    return [field.name for field in model._meta.local_fields
            if isinstance(field, ForeignKey) and getattr(field, "db_index", False)
            and not field.unique and field.name in begun]


@pytest.mark.parametrize("model", WRITTEN, ids=lambda model: model.__name__)
def test_no_foreign_key_is_indexed_twice(model: type[Model]) -> None:
    assert twice(model) == []
