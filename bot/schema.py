"""The database's shape: all tables, and bringing a database up to it with Alembic."""

import os
from typing import Any

from sqlalchemy import Engine, MetaData
from sqlalchemy.engine import Connection

from bot.core.database import Base
from bot.core.errors import PermanentError
from bot.features import import_stores
from bot.shipped import shipped

import_stores()
METADATA: MetaData = Base.metadata
MIGRATIONS = shipped("migrations")


class NewerDatabase(PermanentError):
    """The database was upgraded by a newer growbot; the text is its revision."""


def create_file(engine: Engine) -> None:
    """An empty SQLite file that only its owner reads; what SQLite puts beside it takes after it. Raises OSError."""
    os.close(os.open(str(engine.url.database), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply what is missing. Applying it twice is harmless."""
    from alembic import command

    with engine.connect() as connection, connection.begin():
        command.upgrade(_config(connection), revision)


def downgrade(engine: Engine, revision: str) -> None:
    from alembic import command

    with engine.connect() as connection, connection.begin():
        command.downgrade(_config(connection), revision)


def pending(engine: Engine) -> list[str]:
    """Revisions that are not applied yet, oldest first; empty when the database is up to date. Raises NewerDatabase."""
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


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
