"""How growbot connects to its database: waiting that ends in time, durable commits, and no values in errors."""

import os
import sqlite3
from contextlib import closing
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError

BUSY_SECONDS = 1.0
"""How long a lock is waited for: a request must be answered within 3 s."""
WROTE = "wrote"
"""In the notes that a connection carries: whether its transaction has changed anything."""
TURNS = "turns"
"""And how often it has changed something, or waited for a lock: what was read before may not be so any more."""


def driver_url(url: str) -> URL:
    """The address with the driver that is installed."""
    parsed = make_url(url)
    if parsed.drivername in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def make_engine(url: URL) -> Engine:
    engine = _sqlite_engine(url) if url.get_backend_name() == "sqlite" else _postgres_engine(url)
    event.listen(engine, "begin", _nothing_written)
    event.listen(engine, "after_cursor_execute", _note_writing)
    return engine


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_immediate)
    _notice_a_moved_file(engine, url.database)
    return engine


def _postgres_engine(url: URL) -> Engine:
    milliseconds = int(BUSY_SECONDS * 1000)
    options = f"-c lock_timeout={milliseconds} -c statement_timeout={2 * milliseconds} -c timezone=UTC"
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        pool_pre_ping=True,
        # The last one is for a network that goes silent: without it, a request would wait for minutes.
        connect_args={"connect_timeout": 2, "options": options, "tcp_user_timeout": 2 * milliseconds},
    )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Without this, sqlite3 opens transactions by itself, late, and in the wrong mode.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def emptied_log(engine: Engine) -> bool:
    """Never waits and never fails: the transaction that it follows is committed."""
    try:
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("PRAGMA busy_timeout=0")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            is_busy, _in_log, _moved = cursor.fetchone() or (True, 0, 0)
            cursor.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
    except (SQLAlchemyError, sqlite3.Error):
        return False
    return not is_busy


def _notice_a_moved_file(engine: Engine, path: str | None) -> None:
    """An open SQLite file can be written to after it was deleted or replaced; nobody would ever read that."""

    def connected(_connection: object, record: Any) -> None:
        record.info["file"] = _file_at(path)

    def checked_out(_connection: object, record: Any, _proxy: object) -> None:
        if record.info["file"] != _file_at(path):
            raise DisconnectionError("the database file is not the one that was opened")

    event.listen(engine, "connect", connected)
    event.listen(engine, "checkout", checked_out)


def _file_at(path: str | None) -> tuple[int, int] | None:
    try:
        found = os.stat(path or "")
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _nothing_written(connection: Connection) -> None:
    connection.info[WROTE] = False
    connection.info[TURNS] = 0


def _note_writing(
    connection: Connection, _cursor: object, _sql: str, _values: object, context: Any, _many: bool
) -> None:
    if context.isinsert or context.isupdate or context.isdelete:
        connection.info[WROTE] = True
        connection.info[TURNS] += 1
    elif getattr(context.invoked_statement, "_for_update_arg", None) is not None:
        connection.info[TURNS] += 1
