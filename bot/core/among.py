"""`column IN (…)` with one parameter, whatever the number of values: the statement's text stays, so that it is prepared once."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, Dialect, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class _Strings(TypeDecorator[Collection[str]]):
    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(String()) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class among(FunctionElement[bool]):
    """Whether a text column's value is one of those in the parameter `name`: a collection of strings."""

    type = Boolean()
    inherit_cache = True
    _is_implicitly_boolean = True  # otherwise SQLite is asked for "… = 1", and uses no index

    def __init__(self, column: ColumnElement[Any] | Any, name: str) -> None:
        super().__init__(column, bindparam(name, type_=_Strings()))


@compiles(among, "postgresql")
def _any_of_array(element: among, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    return f"({compiler.process(column, **options)} = ANY({compiler.process(values, **options)}))"


@compiles(among, "sqlite")
def _each_of_json(element: among, compiler: Any, **options: Any) -> str:
    column, values = element.clauses
    return f"({compiler.process(column, **options)} IN (SELECT value FROM json_each({compiler.process(values, **options)})))"
