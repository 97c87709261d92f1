"""The database: one transaction in one worker thread.

SQLite is the embedded engine (one process, WAL); PostgreSQL the distributed one. Services are plain functions that get a
`Transaction` and never commit: `Database.run` commits when they return and rolls back when they raise.
"""

import asyncio
import contextvars
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Dialect,
    Insert,
    LargeBinary,
    MetaData,
    Select,
    Table,
    event,
    insert,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.sql.schema import CallableColumnDefault, ScalarElementColumnDefault
from sqlalchemy.types import TypeDecorator

from bot.core.engine import TURNS, WROTE, driver_url, emptied_log, make_engine
from bot.core.errors import TransientError
from bot.core.statements import Statement, row_type, run

if TYPE_CHECKING:
    from bot.core.vault import Sealer, Vault

T = TypeVar("T")
BaseT = TypeVar("BaseT", bound="Base")

# A request must be answered within 3 s, so waiting for the database ends before: here for its turn, then for a lock.
QUEUE_SECONDS = 1.5


class DatabaseUnavailable(TransientError):
    """The database is locked, full, gone or too busy. The transaction did not happen."""


class OutcomeUnknown(TransientError):
    """The time was up while the transaction was being committed: it may have happened, or happen yet."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Aware UTC in Python; timestamptz on PostgreSQL, sortable naive UTC on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Sealed(TypeDecorator[bytes]):
    """A column of a person's words: ciphertext that only the vault makes and opens."""

    impl = LargeBinary
    cache_ok = True


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: Mapping[Any, Any] = {datetime: UtcDateTime}


Reaction = Callable[["Transaction", Any, datetime], None]


def new_id() -> str:
    """A random row id, known before the row is inserted, so that its words can be sealed to it."""
    return uuid.uuid4().hex


class Transaction(Session):
    """A session that carries what services need besides tables: the vault, and whom to tell of a fact."""

    vault: "Vault"
    reactions: Mapping[type, Sequence[Reaction]]
    sealers: "dict[tuple[str, str], Sealer]"
    """By workspace and owner."""

    leaves_no_trace: bool
    """Whether it overwrote a key, which must not stay readable in SQLite's log."""

    stale_homes: set[str]
    """People whose App Home shows something that this transaction changed; published after the commit."""

    outbox_changed: bool
    """Whether the courier has something to do after the commit, without waiting for the next tick."""

    _core: Connection
    """Its own: asking the session each time costs as much as it costs to make a row."""

    _cursor: Any
    """The driver's, for statements without objects."""

    read: dict[object, tuple[int, Any]]
    """What was read, and after how many changes: see `once_read`."""

    changed: set[object]
    """Of what is `steady` otherwise, that which this transaction changes."""

    waiting: "dict[str, Callable[[Transaction], None]]"
    """What writes that which is to be written before anything else is asked of the database, by whose it is."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        super().flush(objects)
        while self.waiting:
            _whose, write = self.waiting.popitem()
            write(self)

    def begin_nested(self) -> SessionTransaction:
        nested = super().begin_nested()
        self.connection()  # now, and not when the session needs one: what `core` does is to be undone too
        return nested

    @property
    def core(self) -> Connection:
        """For statements without objects; what was changed before is written first, as the session does for its own."""
        self.flush()
        if not self._core.in_transaction():
            raise PendingRollbackError("all that was done is undone, as something could not be written")
        return self._core

    def view(self, statement: Select[T], given: Mapping[str, object]) -> Sequence[T]:
        """What a statement that was built before finds: rows of a table, to be looked at and not changed, or single values.

        The rows are tuples with the table's columns by name: they have nothing else of the class, setting one raises
        AttributeError, and they cost a third of what objects do.
        """
        return run(self.core, self._cursor, statement, given)

    def change(self, statement: Statement, given: Mapping[str, object]) -> Sequence[Any]:
        """Insert, update or delete by a statement that was built before; what it returns, as tuples or single values."""
        return run(self.core, self._cursor, statement, given)

    def insert(self, row: BaseT) -> BaseT:
        """Write this new row at once. What comes back is for looking at; nothing that is set on either later is written."""
        inserting, columns, tuple_of = _inserting(type(row))
        given = {each.key: _value(row, each) for each in columns}
        self.change(inserting, given)
        return cast(BaseT, tuple_of(**given))

    def view_one(self, statement: Select[T], given: Mapping[str, object]) -> T | None:
        """The first of them."""
        return next(iter(self.view(statement, given)), None)

    def once_read(self, what: object, read: Callable[[], T]) -> T:
        """What `read` returns; asked again for the same, what it returned, as long as this one writes nothing and locks nothing.

        What others have committed meanwhile counts from there on: until then, both readings may as well have been at one moment.
        """
        turn, found = self.read.get(what, (None, None))
        if turn != self._turn:
            found = self.note(what, read())
        return cast(T, found)

    def steady(self, what: object, read: Callable[[], T]) -> T:
        """As `once_read`, of what stays as it was read though other things are changed; unless it is `changed`."""
        if what in self.changed:
            return self.once_read(what, read)
        return cast(T, self.read[what][1]) if what in self.read else self.note(what, read())

    def note(self, what: object, found: T) -> T:
        """Whoever asks `once_read` or `steady` for the same finds this."""
        self.read[what] = self._turn, found
        return found

    @property
    def _turn(self) -> int:
        """How many changes there were."""
        return int(self.core.info[TURNS])

    @property
    def has_written(self) -> bool:
        """Whether anything was inserted, updated or deleted so far."""
        return bool(self.core.info[WROTE])

    def announce(self, fact: object, now: datetime) -> None:
        """Tell the other features, here and now: their reactions are part of this transaction."""
        for react in self.reactions.get(type(fact), ()):
            react(self, fact, now)


@cache
def _inserting(row: type[Base]) -> tuple[Insert, Sequence[Column[Any]], Any]:
    """How a row is inserted, its columns, and the tuple of what is only to be looked at."""
    table = cast(Table, row.__table__)
    return insert(table), list(table.c), row_type(list(table.c))


def _value(row: Base, column: Column[Any]) -> object:
    value, default = getattr(row, column.key), column.default
    if value is None and isinstance(default, ScalarElementColumnDefault):
        return default.arg
    if value is None and isinstance(default, CallableColumnDefault):
        return default.arg(None)  # type: ignore[arg-type]
    return value


@event.listens_for(Transaction, "after_soft_rollback")
def _forget(db: Transaction, _undone: object) -> None:
    """Back to a savepoint: what was read, locked and kept to be written since may not be so."""
    db.read.clear()
    db.sealers.clear()
    db.info.clear()
    db.waiting.clear()


def insert_into(row: type[Base], dialect: str) -> Any:
    """The dialect's own insert, with ON CONFLICT. The other dialect, which is large, is not loaded for it."""
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(row.__table__)


def insert_once(db: Transaction, row: type[Base], **values: object) -> bool:
    """Insert a row, unless one with its key is there. False then, also when another transaction was just quicker.

    Reading first would not do: on PostgreSQL two transactions may both see nothing and both insert.
    """
    new = insert_into(row, db.get_bind().dialect.name).values(values).on_conflict_do_nothing()
    return db.core.execute(new.returning(*row.__table__.primary_key)).first() is not None


class Database:
    def __init__(
        self,
        url: str,
        vault: "Vault",
        reactions: Mapping[type, Sequence[Reaction]] | None = None,
    ) -> None:
        self.url = driver_url(url)
        self.vault = vault
        self.reactions: Mapping[type, Sequence[Reaction]] = reactions or {}
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = make_engine(self.url)
        self._has_traces = False
        # One thread for SQLite: writers queue in order here instead of starving each other on its lock.
        self._threads = ThreadPoolExecutor(1 if self.is_sqlite else 8, thread_name_prefix="database")

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Commits at the end of the block; rolls back when it raises. Blocking: for worker threads and commands."""
        try:
            with self.engine.begin() as connection, Transaction(connection, expire_on_commit=False) as db:
                connection.info.update({WROTE: False, TURNS: 0})
                db.vault, db.reactions, db.sealers, db._core = self.vault, self.reactions, {}, connection
                db._cursor = connection.connection.cursor()
                db.read, db.changed, db.stale_homes, db.waiting = {}, set(), set(), {}
                db.outbox_changed, db.leaves_no_trace = False, False
                yield db
                _ = db.core  # written to the end, and not undone meanwhile
        except (DBAPIError, PoolTimeout) as error:
            if _is_outage(error):
                raise DatabaseUnavailable(type(error).__name__) from error
            raise
        if db.leaves_no_trace or self._has_traces:
            self.wipe_traces()

    def wipe_traces(self) -> None:
        """Empty SQLite's log, in which a key that was destroyed is still to be read after its row was overwritten.

        Not while another process reads by that log: then it is tried again after the next transaction, and at the next start.
        PostgreSQL keeps what was overwritten until it is vacuumed, and in its own log: nothing to be done from here.
        """
        if self.is_sqlite:
            self._has_traces = not emptied_log(self.engine)

    async def run(self, work: Callable[[Transaction], T], *, within: float | None = None) -> T:
        """Run `work` in one transaction in a worker thread.

        `within`: seconds in which somebody needs to know; without it, work that has begun may take its time.
        Raises DatabaseUnavailable, with nothing changed, now or later, when the database does not answer in time;
        OutcomeUnknown when only the answer to the commit is missing.
        """
        decided = threading.Lock()  # taken once: by the thread that commits, or by who waits and gives up
        running = self._threads.submit(contextvars.copy_context().run, self._decide, work, decided)
        answer = asyncio.wrap_future(running)
        queue = QUEUE_SECONDS if within is None else min(QUEUE_SECONDS, within)
        await asyncio.wait({answer}, timeout=queue)
        if not answer.done() and running.cancel():  # it has not begun, so it never will
            raise DatabaseUnavailable("queue")
        if within is not None:
            await asyncio.wait({answer}, timeout=max(0.0, within - queue))
            if not answer.done():
                answer.add_done_callback(_nobody_waits)
                raise DatabaseUnavailable("slow") if decided.acquire(blocking=False) else OutcomeUnknown
        return await answer

    def _decide(self, work: Callable[[Transaction], T], decided: threading.Lock) -> T:
        """Do the work, and commit unless it was given up meanwhile."""
        with self.transaction() as db:
            result = work(db)
            db.flush()
            if not decided.acquire(blocking=False):
                raise DatabaseUnavailable("given up")
            return result

    @property
    def file(self) -> Path | None:
        """SQLite's; None on PostgreSQL."""
        return Path(str(self.url.database)).absolute() if self.is_sqlite else None

    @property
    def is_absent(self) -> bool:
        """A SQLite file that is not there. Connecting would create it, empty."""
        return self.file is not None and not self.file.exists()

    @staticmethod
    def describe(url: str) -> str:
        """The address without its password, for whoever runs the server."""
        return make_url(url).render_as_string(hide_password=True)

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)
        self.engine.dispose()


def _nobody_waits(answer: "asyncio.Future[Any]") -> None:
    """Look at how it ended, or asyncio complains of an error that nobody asked for."""
    if not answer.cancelled():
        answer.exception()


def _is_outage(error: SQLAlchemyError) -> bool:
    """Locked, full, read-only, gone: it may be well again in a moment. A broken constraint never will be."""
    return isinstance(error, PoolTimeout) or type(error).__name__ in {
        "OperationalError",
        "InterfaceError",
        "DatabaseError",
        "InternalError",
    }
