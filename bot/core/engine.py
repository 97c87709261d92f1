"""How growbot connects to its database: waiting that ends in time, durable commits, and no values in errors."""

import os
import select
import sqlite3
import time
from contextlib import closing
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import DisconnectionError, InvalidatePoolError, SQLAlchemyError

BUSY_SECONDS = 1.0
"""How long a lock is waited for: a request must be answered within 3 s."""
TRUSTED_SECONDS = 1.0
"""For so long after its last use, a connection to a server is taken for alive without being asked."""
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
    event.listen(engine, "do_execute", _note)
    event.listen(engine, "do_executemany", _note)
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
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS,
        connect_args={
            "connect_timeout": 2,
            "options": options,
            # For a network that goes silent: without it, a request would wait for minutes.
            "tcp_user_timeout": 2 * milliseconds,
        },
    )
    _ask_who_was_idle(engine)
    return engine


def _ask_who_was_idle(engine: Engine) -> None:
    """As `pool_pre_ping`, which asks at each transaction, for as much as a statement or two cost.

    A server that stops says so to the connections it closes; only one that was cut off says nothing.
    """

    def is_used(_connection: object, record: Any) -> None:
        record.info["used"] = time.monotonic()

    def checked_out(connection: Any, record: Any, _proxy: object) -> None:
        used = record.info.get("used")
        if used is None:  # just opened
            return
        is_trusted = time.monotonic() - used < TRUSTED_SECONDS
        if (not is_trusted or _has_something_to_say(connection)) and not _is_alive(engine, connection):
            raise InvalidatePoolError

    event.listen(engine, "checkin", is_used)
    event.listen(engine, "checkout", checked_out)


def _has_something_to_say(connection: Any) -> bool:
    """Though nothing was asked: mostly that it is the end."""
    if connection.closed or not hasattr(select, "poll"):  # there is none on Windows
        return True
    ear = select.poll()
    ear.register(connection.fileno(), select.POLLIN)
    return bool(ear.poll(0))


def _is_alive(engine: Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False


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
    """Two that read first and then both want to write would wait for each other; one of them could only fail."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _note(_cursor: object, _sql: str, _values: object, context: Any) -> None:
    is_write = context.isinsert or context.isupdate or context.isdelete
    is_locking = getattr(context.invoked_statement, "_for_update_arg", None) is not None
    if is_write or is_locking:
        note(context.root_connection, is_write=is_write, is_locking=is_locking)


def note(connection: Connection, *, is_write: bool, is_locking: bool) -> None:
    """To be told of each statement that SQLAlchemy does not run."""
    if is_write or is_locking:
        notes = connection.info
        notes[TURNS] = notes.get(TURNS, 0) + 1
        notes[WROTE] = notes.get(WROTE, False) or is_write
