"""Single rows by plain statements, on the paths that are walked at every request.

The ORM works its SQL out anew at every call, which costs more than running it. Here it is worked
out once for each model and set of columns; the fields still turn values into what SQLite or
PostgreSQL keeps and back, so both databases read the same. Lists and joins stay with the ORM.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import AutoField, BigAutoField, Field, Model, QuerySet

Row = TypeVar("Row", bound=Model)


def insert(row: Model) -> None:
    """Add a row whose key is set, or given by the database (and then not read back)."""
    here = connections[DEFAULT_DB_ALIAS]
    fields, statement = _inserting(type(row), here.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, True), here) for field in fields]
    with here.cursor() as cursor:
        cursor.execute(statement, values)
    row._state.adding = False
    row._state.db = here.alias


def change(model: type[Model], values: dict[str, Any], **where: Any) -> int:
    """Set columns (by attribute name) of the rows whose columns equal ``where``; how many.

    ``where`` may ask for None: a column without a value.
    """
    empty = frozenset(name for name, value in where.items() if value is None)
    statement = _changing(model, tuple(values), tuple(where), empty)
    equal = {name: value for name, value in where.items() if value is not None}
    given = [*_prepared(model, values), *_prepared(model, equal)]
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        changed: int = cursor.rowcount
    return changed


def one(model: type[Row], **where: Any) -> Row | None:
    """The row whose unique columns equal ``where``; None where there is none."""
    here = connections[DEFAULT_DB_ALIAS]
    statement, names, converters = _reading(model, tuple(where), here.vendor)
    with here.cursor() as cursor:
        cursor.execute(statement, _prepared(model, where))
        found = cursor.fetchone()
    if found is None:
        return None
    values = list(found)
    for place, convert, column in converters:
        values[place] = convert(values[place], column, here)
    return model.from_db(here.alias, names, values)


class Prepared:
    """A ``values_list`` worked out once and asked with other values for its holes.

    ``build`` makes it from ``holes``: values of the right types that stand nowhere else in it.
    """

    def __init__(self, build: Callable[..., QuerySet[Any, Any]], *holes: Any) -> None:
        self._build, self._holes = build, holes
        self._ready: dict[str, tuple[str, list[Any], list[tuple[int, int]], Any, Any]] = {}

    def __call__(self, *values: Any) -> list[Any]:
        """The rows, as tuples."""
        here = connections[DEFAULT_DB_ALIAS]  # `connection` asks for this at every attribute
        if here.vendor not in self._ready:
            self._ready[here.vendor] = self._worked_out()
        statement, params, places, converters, compiler = self._ready[here.vendor]
        given = list(params)
        for place, hole in places:
            given[place] = _adapted(values[hole])
        with here.cursor() as cursor:
            cursor.execute(statement, given)
            found = cursor.fetchall()
        return [tuple(row) for row in compiler.apply_converters(found, converters)]

    def _worked_out(self) -> tuple[str, list[Any], list[tuple[int, int]], Any, Any]:
        compiler = self._build(*self._holes).query.get_compiler(DEFAULT_DB_ALIAS)
        statement, params = compiler.as_sql()
        marks = [_adapted(hole) for hole in self._holes]
        places = [(place, marks.index(param)) for place, param in enumerate(params)
                  if param in marks]
        if {hole for _, hole in places} != set(range(len(marks))):
            raise ValueError("a hole was not found in the statement")
        converters = compiler.get_converters([column for column, _, _ in compiler.select])
        return statement, list(params), places, converters, compiler


def _adapted(value: Any) -> Any:
    """A value as the fields would hand it to this database."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _prepared(model: type[Model], values: dict[str, Any]) -> list[Any]:
    fields, here = _fields(model), connections[DEFAULT_DB_ALIAS]
    return [fields[name].get_db_prep_save(value, here) for name, value in values.items()]


@lru_cache(maxsize=64)
def _fields(model: type[Model]) -> dict[str, "Field[Any, Any]"]:
    return {field.attname: field for field in model._meta.concrete_fields}


@lru_cache(maxsize=64)
def _inserting(model: type[Model], vendor: str) -> tuple[list["Field[Any, Any]"], str]:
    del vendor  # a part of the key: quoting is the database's own
    fields = [field for field in model._meta.concrete_fields
              if not isinstance(field, AutoField | BigAutoField)]
    columns = ", ".join(_quoted(field.column) for field in fields)
    holes = ", ".join(["%s"] * len(fields))
    table = _quoted(model._meta.db_table)
    return fields, f"INSERT INTO {table} ({columns}) VALUES ({holes})"  # noqa: S608


@lru_cache(maxsize=256)
def _changing(
    model: type[Model], columns: tuple[str, ...], where: tuple[str, ...], empty: frozenset[str]
) -> str:
    table = _quoted(model._meta.db_table)
    setting = ", ".join(_equals(model, name) for name in columns)
    found = " AND ".join(
        f"{_quoted(_fields(model)[name].column)} IS NULL" if name in empty
        else _equals(model, name) for name in where)
    return f"UPDATE {table} SET {setting} WHERE {found}"  # noqa: S608


@lru_cache(maxsize=64)
def _reading(
    model: type[Model], where: tuple[str, ...], vendor: str
) -> tuple[str, list[str], list[tuple[int, Any, Any]]]:
    """The statement, the names it gives, and how each value is turned into Python's own."""
    del vendor
    table = model._meta.db_table
    columns = [field.get_col(table) for field in model._meta.concrete_fields]
    converters = [
        (place, convert, column) for place, column in enumerate(columns)
        for convert in (*connection.ops.get_db_converters(column),
                        *column.get_db_converters(connection))
    ]
    named = ", ".join(_quoted(field.column) for field in model._meta.concrete_fields)
    statement = f"SELECT {named} FROM {_quoted(table)} WHERE {_all(model, where)}"  # noqa: S608
    return statement, [field.attname for field in model._meta.concrete_fields], converters


def _all(model: type[Model], where: tuple[str, ...]) -> str:
    return " AND ".join(_equals(model, name) for name in where)


def _equals(model: type[Model], name: str) -> str:
    return f"{_quoted(_fields(model)[name].column)} = %s"


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(name or "")
