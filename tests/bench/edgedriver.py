"""The floor's SQL: so many statements in one transaction, on growbot's driver, in a worker thread as growbot's."""

import asyncio
import sqlite3
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import SimpleQueue
from typing import Any, Protocol

from sqlalchemy import String, create_engine, event, select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
"""As growbot sets them."""


class Base(DeclarativeBase):
    pass


class NoteRow(Base):
    """Of a handful of columns, one of which is looked for."""

    __tablename__ = "floor_notes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    team: Mapped[str] = mapped_column(String(20), index=True)
    person: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(200))
    state: Mapped[str | None] = mapped_column(String(20))


class Runs(Protocol):
    def transaction(self, reads: int, writes: int) -> None: ...


class Mapper:
    """As SQLAlchemy's tutorial has it: a session, a select written where it is needed, and an object for each row."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url, pool_size=8)
        if self.engine.dialect.name == "sqlite":
            event.listen(self.engine, "connect", _prepare)
            event.listen(
                self.engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE")
            )
        Base.metadata.create_all(self.engine)
        with Session(self.engine) as db, db.begin():
            if db.get(NoteRow, "first") is None:
                db.add(NoteRow(id="first", team="T0FLOOR", person="U0BEN", what="written by the floor"))

    def transaction(self, reads: int, writes: int) -> None:
        with Session(self.engine) as db, db.begin():
            for _each in range(reads):
                db.scalars(select(NoteRow).where(NoteRow.team == "T0FLOOR")).all()
            for _each in range(writes):
                db.add(
                    NoteRow(id=uuid.uuid4().hex, team="T0BENCH", person="U0BEN", what="written by the floor")
                )
                db.flush()


class Driver:
    """sqlite3 or psycopg, with nothing on top; the tables are a Mapper's."""

    def __init__(self, url: str) -> None:
        mapper = Mapper(url)
        mapper.engine.dispose()
        self._url = make_url(url)
        self._is_sqlite = mapper.engine.dialect.name == "sqlite"
        mark = "?" if self._is_sqlite else "%s"
        self._read = f"SELECT id, team, person, what, state FROM floor_notes WHERE team = {mark}"
        self._write = f"INSERT INTO floor_notes (id, team, person, what) VALUES ({', '.join([mark] * 4)})"
        self._pool: SimpleQueue[Any] = SimpleQueue()
        for _each in range(8):
            self._pool.put(self._connect())

    def _connect(self) -> Any:
        if self._is_sqlite:
            path = str(self._url.database)
            connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            _prepare(connection, None)
            return connection
        import psycopg

        return psycopg.connect(self._url.set(drivername="postgresql").render_as_string(False))

    def transaction(self, reads: int, writes: int) -> None:
        connection = self._pool.get()
        try:
            if self._is_sqlite:
                connection.execute("BEGIN IMMEDIATE")
            for _each in range(reads):
                connection.execute(self._read, ("T0FLOOR",)).fetchall()
            for _each in range(writes):
                values = (uuid.uuid4().hex, "T0BENCH", "U0BEN", "written by the floor")
                connection.execute(self._write, values)
            connection.commit()
        finally:
            self._pool.put(connection)


def _prepare(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.isolation_level = None
    with closing(connection.cursor()) as cursor:
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")


class InThreads:
    """One for SQLite, as growbot's: writers queue there instead of starving each other on its lock."""

    def __init__(self, runs: Runs, is_sqlite: bool) -> None:
        self._runs, self._threads = runs, ThreadPoolExecutor(1 if is_sqlite else 8)

    async def transaction(self, reads: int, writes: int) -> None:
        await asyncio.get_running_loop().run_in_executor(self._threads, self._runs.transaction, reads, writes)
