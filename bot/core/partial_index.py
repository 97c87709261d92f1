"""Indexes of some of a table's rows."""

from sqlalchemy import Index


def partial_index(
    name: str, *columns: str, where: str, sqlite: str | None = None, unique: bool = False
) -> Index:
    """An index of the rows for which `where` holds; `sqlite`: as SQLite says it, if that is otherwise.

    Migrations make it, as they make every index. Here it is only said, where tests/test_migrations.py finds it: an Index that
    knows of it has SQLAlchemy load both dialects, drivers included, at every start.
    """
    return Index(
        name, *columns, unique=unique, info={"where": {"sqlite": sqlite or where, "postgresql": where}}
    )
