"""The database's shape: all tables, and bringing a database up to it with Alembic."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, MetaData
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.core.database import Base
from bot.core.errors import PermanentError
from bot.features import import_stores
from bot.shipped import shipped

import_stores()
METADATA: MetaData = Base.metadata
MIGRATIONS = shipped("migrations")


class NewerDatabase(PermanentError):
    """The database was upgraded by a newer growbot; the text is its revision."""


class ForeignKeyBroken(PermanentError):
    """A migration left rows that point to nothing, and was taken back; the text names the two tables."""


def create_file(engine: Engine) -> None:
    """An empty SQLite file that only its owner reads; what SQLite puts beside it takes after it. Raises OSError."""
    os.close(os.open(str(engine.url.database), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply what is missing. Applying it twice is harmless."""
    from alembic import command

    with _changing(engine) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    from alembic import command

    with _changing(engine) as connection:
        command.downgrade(_config(connection), revision)


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """One transaction for all of it.

    SQLite changes a table by making it anew and dropping the old one, to which rows elsewhere still point. So its foreign keys
    are not looked at meanwhile, and all of them before the commit (sqlite.org/lang_altertable, section 7).
    """
    with engine.connect() as connection:
        sqlite = connection.connection.driver_connection if engine.dialect.name == "sqlite" else None
        held = sqlite.execute("PRAGMA foreign_keys").fetchone()[0] if sqlite else 0
        if held and sqlite:
            sqlite.execute("PRAGMA foreign_keys=OFF")  # nothing is changed by it inside a transaction
        try:
            with connection.begin():
                yield connection
                if held and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                    raise ForeignKeyBroken(f"{broken[0]} to {broken[2]}")
        finally:
            if held and sqlite:
                sqlite.execute("PRAGMA foreign_keys=ON")


def pending(engine: Engine) -> list[str]:
    """Revisions that are not applied yet, oldest first; empty when the database is up to date. Raises NewerDatabase."""
    if _is_at(engine, newest()):  # mostly, and Alembic takes longer to load than everything else
        return []
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory
    from alembic.script.revision import RevisionError

    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
        script = ScriptDirectory.from_config(_config(connection))
    base = current[0] if current else "base"
    try:
        missing = [revision.revision for revision in script.iterate_revisions("head", base)]
    except RevisionError as error:
        raise NewerDatabase(base) from error
    return [revision for revision in reversed(missing) if revision not in current]


def newest() -> str:
    """The last revision. The files are named after them, so that nothing needs to be loaded."""
    last = max(path.name for path in (MIGRATIONS / "versions").glob("*.py"))
    day, minute, _about = last.split("_", 2)
    return f"{day.replace('-', '')}_{minute}"


def _is_at(engine: Engine, revision: str) -> bool:
    """False also where there is no telling; whoever looks more closely finds out why."""
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars().all()
    except SQLAlchemyError:
        return False
    return list(found) == [revision]


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
