"""Statements without objects: SQLAlchemy writes them, once, and the driver runs them (docs/decisions/0029).

What SQLAlchemy does between a statement and its rows is worth its price where it is needed: for objects that will be changed,
for lists of a length that differs. A request runs some twenty small statements that need none of it.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from bot.core.engine import note

Statement = Select[Any] | Insert | Update | Delete
Convert = Callable[[Any], Any]
_REQUIRED = object()


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver takes it."""

    sql: str
    values: tuple[tuple[str, str, Any, Convert | None], ...]
    """In the driver's order: the name in the SQL, the name in what is given, the value where none is given, and what makes it the
    driver's."""

    is_named: bool
    is_write: bool
    is_locking: bool
    row: type[tuple[Any, ...]] | None
    """None: a single value."""

    has_rows: bool
    converted: tuple[tuple[int, Convert], ...]
    """What makes Python's of the driver's values, by the column's place; of None there is nothing to make."""

    def given(self, given: Mapping[str, object]) -> "dict[str, Any] | list[Any]":
        """Raises KeyError for what is missing."""
        found = []
        for _name, key, default, convert in self.values:
            value = given.get(key, default)
            if value is _REQUIRED:
                raise KeyError(key)
            found.append(convert(value) if convert else value)
        return (
            {each[0]: value for each, value in zip(self.values, found, strict=True)}
            if self.is_named
            else found
        )

    def made(self, rows: Sequence[tuple[Any, ...]]) -> list[Any]:
        if self.converted:
            rows = [self._converted(row) for row in rows]
        if self.row is None:
            return [row[0] for row in rows]
        return list(map(cast(Any, self.row)._make, rows))

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, convert in self.converted:
            if values[place] is not None:
                values[place] = convert(values[place])
        return cast(tuple[Any, ...], values)


def run(
    connection: Connection, cursor: Any, statement: Statement, given: Mapping[str, object]
) -> Sequence[Any]:
    """What the statement finds or returns: rows as tuples with the columns by name, or single values.

    `cursor`: the driver's, of this connection; one for a transaction, as making another costs as much as a small answer.
    Raises KeyError for what is not given, and what SQLAlchemy raises where the database fails.
    """
    prepared, told = _prepared(statement, connection.dialect), connection.engine.dispatch
    # Whoever listens to the engine is told of all that is run.
    if prepared is None or told.before_cursor_execute or told.after_cursor_execute:
        return _by_sqlalchemy(connection, statement, given)
    try:
        cursor.execute(prepared.sql, prepared.given(given))
        rows = cursor.fetchall() if prepared.has_rows else ()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, prepared.sql, error) from error
    note(connection, is_write=prepared.is_write, is_locking=prepared.is_locking)
    return prepared.made(rows)


def row_type(columns: Sequence[Any]) -> Any:
    """Of what is only to be looked at."""
    return namedtuple("Row", [str(each.key) for each in columns])


def _by_sqlalchemy(
    connection: Connection, statement: Statement, given: Mapping[str, object]
) -> Sequence[Any]:
    bare, is_table = _without_objects(statement)
    found = connection.execute(bare, given)
    if not found.returns_rows:
        return []
    return (found if is_table else found.scalars()).all()


@lru_cache(1000)
def _without_objects(statement: Statement) -> tuple[Statement, bool]:
    """The same without objects, and whether what it finds are rows; otherwise, single values."""
    if not isinstance(statement, Select):
        return statement, len(statement.exported_columns) > 1
    (found,) = statement.column_descriptions
    if found["expr"] is found.get("entity"):
        return statement.with_only_columns(*found["expr"].__table__.c), True
    return statement, False


@lru_cache(1000)
def _prepared(statement: Statement, dialect: Dialect) -> _Prepared | None:
    """None where the SQL depends on what is given."""
    bare, has_names = _without_objects(statement)
    all_columns = [each.key for each in statement.table.c] if isinstance(statement, Insert) else None
    compiled = bare.compile(dialect=dialect, column_keys=all_columns)
    if compiled.post_compile_params or compiled.literal_execute_params:
        return None
    names = compiled.positiontup if compiled.positional else list(compiled.binds)
    columns = list(bare.selected_columns if isinstance(bare, Select) else bare.exported_columns)
    converts = [each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns]
    return _Prepared(
        sql=compiled.string,
        values=tuple(_bound(compiled, name, dialect) for name in names or ()),
        is_named=not compiled.positional,
        is_write=not isinstance(bare, Select),
        is_locking=isinstance(bare, Select) and bare._for_update_arg is not None,
        row=row_type(columns) if has_names else None,
        has_rows=bool(columns),
        converted=tuple((place, convert) for place, convert in enumerate(converts) if convert),
    )


def _bound(compiled: SQLCompiler, name: str, dialect: Dialect) -> tuple[str, str, Any, Convert | None]:
    bound = compiled.binds[name]
    convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
    return name, bound.key, _REQUIRED if bound.required else bound.effective_value, convert


def _told(connection: Connection, sql: str, error: Any) -> BaseException:
    """As SQLAlchemy says it, without the values. A connection that broke is found out when it is rolled back."""
    dialect = connection.dialect
    told: BaseException = DBAPIError.instance(sql, None, error, dialect.loaded_dbapi.Error, dialect=dialect)
    return told
