"""One transaction at a time, all of it or nothing; and when the database does not answer."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import (
    Column,
    MetaData,
    String,
    Table,
    bindparam,
    create_engine,
    delete,
    event,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, PendingRollbackError, StatementError

from bot.core.database import (
    QUEUE_SECONDS,
    Database,
    DatabaseUnavailable,
    OutcomeUnknown,
    Transaction,
    insert_once,
)
from bot.core.master_keys import MasterKeys
from bot.core.slack.requests import HandledRow
from bot.core.vault import VERSION, DataKey, DataKeyRow, Vault
from bot.features.engagements.access import AccessRow
from bot.features.people.domain import FOR_EVER
from bot.features.people.service import People, pause
from tests.builders import TERMS, an_engagement
from tests.conftest import NOW

pytestmark = pytest.mark.own_limits

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
POSTGRES = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
IN_TIME = 2.5


def put(key: str, at: datetime = NOW) -> Callable[[Transaction], None]:
    return lambda db: db.add(HandledRow(key=key, handled_at=at))


def keys(database: Database) -> set[str]:
    with database.transaction() as db:
        return set(db.scalars(select(HandledRow.key)))


def read_back(database: Database, key: str) -> datetime:
    with database.transaction() as db:
        return db.get_one(HandledRow, key).handled_at


@contextmanager
def unavailable_in_time() -> Iterator[None]:
    started = time.monotonic()
    with pytest.raises(DatabaseUnavailable):
        yield
    assert time.monotonic() - started < IN_TIME


# --- instants -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "at",
    [
        NOW,
        datetime(2026, 10, 25, 1, 30, 0, 123456, tzinfo=UTC),
        datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        FOR_EVER,
    ],
)
def test_an_instant_comes_back_as_the_same_instant_in_utc(database: Database, at: datetime) -> None:
    with database.transaction() as db:
        put("a", at)(db)
    assert (read_back(database, "a"), read_back(database, "a").tzinfo) == (at, UTC)


def test_instants_are_compared_as_instants(database: Database) -> None:
    with database.transaction() as db:
        put("a", datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=9))))(db)
        put("b", datetime(2026, 7, 1, 1, tzinfo=UTC))(db)
    with database.transaction() as db:
        assert list(db.scalars(select(HandledRow.key).order_by(HandledRow.handled_at))) == ["a", "b"]


def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="needs a time zone"), database.transaction() as db:
        put("a", datetime(2026, 7, 1, 9))(db)  # noqa: DTZ001  # that is the point


# --- all or nothing ---------------------------------------------------------------------------------------


async def test_what_raises_changes_nothing(database: Database) -> None:
    def work(db: Transaction) -> None:
        put("a")(db)
        db.flush()
        raise KeyError("a rule is broken")

    with pytest.raises(KeyError):
        await database.run(work)
    assert keys(database) == set()


async def test_a_broken_constraint_is_not_taken_for_an_outage(database: Database) -> None:
    await database.run(put("a"))
    with pytest.raises(IntegrityError):
        await database.run(put("a"))


async def test_reactions_belong_to_the_transaction_that_tells_them(
    database_url: str, master_keys: MasterKeys
) -> None:
    class Happened: ...

    def react(db: Transaction, _fact: object, now: datetime) -> None:
        put("reaction", now)(db)
        raise KeyError("the reaction fails")

    database = Database(database_url, Vault(master_keys), {Happened: [react]})
    with pytest.raises(KeyError):
        await database.run(lambda db: (put("cause")(db), db.announce(Happened(), NOW)))
    assert keys(database) == set()
    database.close()


def test_inserting_once_tells_whether_it_did(database: Database) -> None:
    with database.transaction() as db:
        assert [insert_once(db, HandledRow, key="a", handled_at=NOW) for _time in range(2)] == [True, False]
    assert keys(database) == {"a"}


async def test_concurrent_work_loses_nothing(database: Database) -> None:
    await asyncio.gather(*(database.run(put(f"n{number}")) for number in range(30)))
    assert len(keys(database)) == 30


# --- outages: answered in time, with nothing changed, and over by themselves ------------------------------------


@SQLITE
async def test_a_database_locked_by_another_program_is_unavailable_until_it_lets_go(
    database: Database,
) -> None:
    other = sqlite3.connect(str(database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with unavailable_in_time():
        await database.run(put("a"))
    other.execute("ROLLBACK")
    other.close()
    await database.run(put("b"))
    assert keys(database) == {"b"}


@SQLITE
async def test_who_waits_behind_a_long_lock_is_told_in_time_too(database: Database) -> None:
    other = sqlite3.connect(str(database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    started = time.monotonic()
    results = await asyncio.gather(*(database.run(put(f"n{n}")) for n in range(6)), return_exceptions=True)
    assert time.monotonic() - started < IN_TIME
    assert all(isinstance(each, DatabaseUnavailable) for each in results)
    other.close()


@SQLITE
async def test_a_file_that_is_moved_away_is_unavailable_until_it_is_back(database: Database) -> None:
    await database.run(put("a"))
    folder = Path(str(database.url.database)).parent
    away = folder.rename(folder.with_name("away"))
    with unavailable_in_time():
        await database.run(put("lost"))
    away.rename(folder)
    await database.run(put("b"))
    assert keys(database) == {"a", "b"}


@SQLITE
async def test_nothing_is_written_to_a_file_that_was_replaced(database: Database, tmp_path: Path) -> None:
    await database.run(put("a"))
    path = Path(str(database.url.database))
    with sqlite3.connect(path) as source, sqlite3.connect(tmp_path / "restored.db") as backup:
        source.backup(backup)
    (tmp_path / "restored.db").rename(path)
    for left_over in ("-wal", "-shm"):
        path.with_name(path.name + left_over).unlink(missing_ok=True)
    await database.run(put("b"))
    assert keys(Database(str(database.url), database.vault)) == {"a", "b"}


async def test_a_file_that_is_not_there_at_first_is_unavailable(
    tmp_path: Path, master_keys: MasterKeys
) -> None:
    database = Database(f"sqlite:///{tmp_path}/no/such/folder/growbot.db", Vault(master_keys))
    with unavailable_in_time():
        await database.run(put("a"))
    database.close()


@SQLITE
async def test_a_read_only_database_is_unavailable(database_url: str, master_keys: MasterKeys) -> None:
    path = make_url(database_url).database
    database = Database(f"sqlite:///file:{path}?mode=ro&uri=true", Vault(master_keys))
    with unavailable_in_time():
        await database.run(put("a"))
    database.close()


@POSTGRES
async def test_idle_connections_that_the_server_closed_are_replaced(database: Database) -> None:
    await database.run(put("a"))
    with _administrator(database) as run:
        run(_TERMINATE)
    await database.run(put("b"))
    assert keys(database) == {"a", "b"}


@POSTGRES
async def test_a_connection_that_was_idle_is_asked_whether_it_lives_and_one_just_used_is_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A firewall that forgets a connection tells neither side."""
    asked: list[object] = []
    pings = database.engine.dialect.do_ping
    monkeypatch.setattr(
        database.engine.dialect, "do_ping", lambda driver: asked.append(driver) or pings(driver)
    )
    await database.run(put("a"))
    await database.run(put("b"))
    assert asked == []

    def used_long_ago(_connection: object, record: Any) -> None:
        record.info["used"] -= 60

    event.listen(database.engine, "checkin", used_long_ago)
    await database.run(put("c"))
    await database.run(put("d"))
    assert len(asked) == 1
    assert keys(database) == set("abcd")


_KEYS = select(HandledRow.key)


@POSTGRES
async def test_what_is_looked_at_after_the_server_cut_off_is_unavailable_until_it_is_back(
    database: Database,
) -> None:
    def work(db: Transaction) -> None:
        assert db.view(_KEYS, {}) == []
        with _administrator(database) as run:
            run(_TERMINATE)
        db.view(_KEYS, {})

    with unavailable_in_time():
        await database.run(work)
    await database.run(put("a"))
    assert await database.run(lambda db: db.view(_KEYS, {})) == ["a"]


def test_what_cannot_be_looked_at_is_told_without_the_values_that_were_given(database: Database) -> None:
    table = Table("nowhere", MetaData(), Column("a", String))
    absent = select(table.c.a).where(table.c.a == bindparam("words"))
    with database.transaction() as db, pytest.raises(DBAPIError) as told:
        db.view(absent, {"words": "something private"})
    assert "nowhere" in str(told.value)
    assert "private" not in str(told.value)


def test_what_a_statement_needs_must_be_given(database: Database) -> None:
    with database.transaction() as db, pytest.raises(KeyError, match="key"):
        db.view(select(HandledRow).where(HandledRow.key == bindparam("key")), {})


def test_who_listens_to_the_engine_is_told_of_what_is_looked_at_too(database: Database) -> None:
    ran: list[str] = []
    with database.transaction() as db:
        put("a")(db)
        unheard = db.view(select(HandledRow), {})
    event.listen(database.engine, "after_cursor_execute", lambda *given: ran.append(given[2]))
    with database.transaction() as db:
        assert db.view(select(HandledRow), {}) == unheard
    assert [each for each in ran if "handled_requests" in each] == ran[-1:]


@POSTGRES
async def test_a_transaction_that_the_server_cut_off_did_not_happen(database: Database) -> None:
    def work(db: Transaction) -> None:
        put("a")(db)
        db.flush()
        with _administrator(database) as run:
            run(_TERMINATE)
        put("b")(db)

    with unavailable_in_time():
        await database.run(work)
    await database.run(put("c"))
    assert keys(database) == {"c"}


@POSTGRES
async def test_a_server_that_lets_nobody_in_is_unavailable_until_it_does(database: Database) -> None:
    await database.run(put("a"))
    with _administrator(database) as run:
        run(f"ALTER DATABASE {database.url.database} ALLOW_CONNECTIONS false")
        run(_TERMINATE)
        with unavailable_in_time():
            await database.run(put("b"))
        run(f"ALTER DATABASE {database.url.database} ALLOW_CONNECTIONS true")
    await database.run(put("c"))
    assert keys(database) == {"a", "c"}


async def test_an_address_where_nobody_listens_is_unavailable(master_keys: MasterKeys) -> None:
    database = Database("postgresql://nobody@127.0.0.1:9/nothing", Vault(master_keys))
    with unavailable_in_time():
        await database.run(put("a"))
    database.close()


@POSTGRES
async def test_a_row_locked_by_another_is_unavailable_until_it_lets_go(database: Database) -> None:
    await database.run(put("a"))
    with database.transaction() as db:
        db.get(HandledRow, "a", with_for_update=True)
        with unavailable_in_time():
            await database.run(lambda other: other.get(HandledRow, "a", with_for_update=True))
    await database.run(lambda other: other.get(HandledRow, "a", with_for_update=True))


@POSTGRES
async def test_when_every_connection_is_taken_the_database_is_unavailable(database: Database) -> None:
    with ExitStack() as stack:
        for _connection in range(8):
            stack.enter_context(database.engine.connect())
        with unavailable_in_time():
            await database.run(put("a"))
    await database.run(put("b"))
    assert keys(database) == {"b"}


async def test_work_that_waited_too_long_for_its_turn_is_not_begun(database: Database) -> None:
    threads = 1 if database.is_sqlite else 8
    go_on, ran = threading.Event(), []
    busy = [asyncio.ensure_future(database.run(lambda _db: go_on.wait(5))) for _thread in range(threads)]
    await asyncio.sleep(0)
    with unavailable_in_time():
        await database.run(lambda _db: ran.append("too late"))
    go_on.set()
    await asyncio.gather(*busy)
    assert ran == []


# --- work that has begun, for somebody who must be answered ------------------------------------------------------

WITHIN = 0.3


async def test_what_hangs_before_the_commit_is_given_up_in_time_and_never_saved(database: Database) -> None:
    go_on = threading.Event()
    with unavailable_in_time():
        await database.run(lambda db: (put("late")(db), go_on.wait(5)), within=WITHIN)
    go_on.set()
    await database.run(put("b"))
    database.close()
    assert keys(database) == {"b"}


async def test_what_hangs_in_the_database_is_given_up_when_it_is_flushed(database: Database) -> None:
    go_on = threading.Event()
    event.listen(database.engine, "before_cursor_execute", lambda *_args: go_on.wait(5))
    with unavailable_in_time():
        await database.run(put("late"), within=WITHIN)
    go_on.set()
    database.close()
    assert keys(database) == set()


async def test_of_a_commit_that_hangs_nobody_is_told_that_nothing_was_saved(database: Database) -> None:
    go_on = threading.Event()
    event.listen(database.engine, "commit", lambda _connection: go_on.wait(5))
    started = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        await database.run(put("a"), within=WITHIN)
    assert time.monotonic() - started < IN_TIME
    go_on.set()
    database.close()
    assert keys(database) == {"a"}


async def test_work_that_nobody_waits_for_may_take_its_time(database: Database) -> None:
    go_on = threading.Event()
    asyncio.get_running_loop().call_later(QUEUE_SECONDS + 0.1, go_on.set)
    await database.run(lambda db: (put("a")(db), go_on.wait(5)))
    assert keys(database) == {"a"}


_TERMINATE = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}' AND pid <> pg_backend_pid()"


@contextmanager
def _administrator(database: Database) -> Iterator[Callable[[str], object]]:
    engine = create_engine(database.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield lambda statement: connection.execute(text(statement.format(name=database.url.database)))
    engine.dispose()


# --- words ------------------------------------------------------------------------------------------------


@SQLITE
def test_the_bytes_of_the_file_hold_no_words_in_the_clear(database: Database) -> None:
    with database.transaction() as db:
        an_engagement(db, NOW)
    path = Path(str(database.url.database))
    files = [path, path.with_name(path.name + "-wal")]
    stored = b"".join(file.read_bytes() for file in files if file.exists())
    words = " ".join((TERMS.purpose, TERMS.coach_does, TERMS.client_does)).split()
    assert b"Dana" in stored  # names are in the clear, so this looks at the right bytes
    assert [word for word in words if len(word) > 5 and word.encode() in stored] == []


# --- reading the same twice in one transaction -------------------------------------------------------------


@SQLITE
def test_what_was_read_is_read_again_only_after_something_was_written(database: Database) -> None:
    with database.transaction() as db:

        def read() -> set[str]:
            return set(db.once_read("keys", lambda: set(db.scalars(select(HandledRow.key)))))

        db.connection()
        ran: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *given: ran.append(given[2]))
        assert (read(), read()) == (set(), set())
        assert len(ran) == 1
        put("a")(db)
        assert read() == {"a"}
        db.execute(delete(HandledRow))
        assert read() == set()
        insert_once(db, HandledRow, key="b", handled_at=NOW)
        assert read() == {"b"}


def test_what_is_inserted_without_an_object_is_as_it_is_read_and_cannot_be_changed(
    database: Database,
) -> None:
    with database.transaction() as db:
        assert not db.has_written
        of_key = select(DataKeyRow).where(DataKeyRow.owner == bindparam("owner"))
        assert db.once_read("of key", lambda: db.view(of_key, {"owner": "a"})) == []
        row = db.insert(DataKeyRow(owner="a", master_key_id="test", created_at=NOW))
        assert db.has_written
        assert (row.version, row.wrapped, row.created_at) == (VERSION, None, NOW)
        assert db.once_read("of key", lambda: db.view(of_key, {"owner": "a"})) == [row]
        with pytest.raises(AttributeError):
            row.team_id = "T1"
        entry = {"seq": 1, "reader_id": "p", "kind": "k", "object_id": "o", "opened_at": NOW, "digest": b""}
        assert db.insert(AccessRow(chain="a", **entry)).id


def test_what_may_not_be_inserted_is_told_as_for_objects(database: Database) -> None:
    def inserts() -> None:
        with database.transaction() as db:
            db.insert(HandledRow(key="a", handled_at=NOW))

    inserts()
    with pytest.raises(IntegrityError):
        inserts()


def test_what_was_read_before_a_savepoint_was_gone_back_to_is_read_again(database: Database) -> None:
    with database.transaction() as db:

        def read() -> set[str]:
            return set(db.once_read("keys", lambda: set(db.view(_KEYS, {}))))

        with db.begin_nested() as undone:
            put("a")(db)
            db.flush()
            assert read() == {"a"}
            undone.rollback()
        assert read() == set()


def test_a_key_that_was_undone_seals_nothing_any_more(database: Database) -> None:
    with database.transaction() as db:
        with db.begin_nested() as undone:
            database.vault.begin(db, "person:a", NOW, team_id="T1")
            undone.rollback()
        begun = database.vault.begin(db, "person:a", NOW, team_id="T1")
        assert isinstance(begun, DataKey)
    with database.transaction() as db:
        stored = database.vault.sealer(db, "person:a", NOW, team_id="T1")
        assert isinstance(stored, DataKey)
        assert stored.key == begun.key


def test_what_changes_after_a_savepoint_was_gone_back_to_is_still_read_anew(database: Database) -> None:
    with database.transaction() as db:
        put("a")(db)
    with database.transaction() as db:
        row = db.get_one(HandledRow, "a")
        db.changed.add("row")
        with db.begin_nested() as undone:
            undone.rollback()

        def read() -> datetime:
            (found,) = db.steady("row", lambda: db.view(select(HandledRow), {}))
            return found.handled_at

        assert read() == NOW
        row.handled_at = NOW + timedelta(days=1)
        db.flush()
        assert read() == NOW + timedelta(days=1)


def test_after_something_could_not_be_written_nothing_more_is_done_or_saved(database: Database) -> None:
    """Whoever goes on as if nothing had been would lose what was done before, without a word."""

    def work(*, goes_on: bool) -> None:
        with database.transaction() as db:
            db.insert(HandledRow(key="b", handled_at=NOW))
            put("a")(db)
            with suppress(IntegrityError):
                db.flush()
            if goes_on:
                db.insert(HandledRow(key="c", handled_at=NOW))

    with database.transaction() as db:
        put("a")(db)
    for goes_on in (True, False):
        with pytest.raises(PendingRollbackError):
            work(goes_on=goes_on)
    assert keys(database) == {"a"}


@POSTGRES
@pytest.mark.parametrize(
    "locks",
    [
        lambda db: db.scalars(select(HandledRow).with_for_update()).all(),
        lambda db: db.view(select(HandledRow).with_for_update(), {}),
    ],
)
def test_what_was_read_is_read_again_after_waiting_for_a_lock(
    database: Database, locks: Callable[[Transaction], object]
) -> None:
    with database.transaction() as db:
        read = {"what": "keys", "read": lambda: set(db.scalars(select(HandledRow.key)))}
        assert db.once_read(**read) == set()
        with database.transaction() as another:
            put("a")(another)
        assert db.once_read(**read) == set()
        locks(db)
        assert db.once_read(**read) == {"a"}


@SQLITE
def test_a_person_is_read_once_and_anew_when_they_have_changed(database: Database) -> None:
    with database.transaction() as db:
        _coach, client = an_engagement(db, NOW)
    with database.transaction() as db:
        db.connection()
        ran: list[str] = []
        event.listen(database.engine, "before_cursor_execute", lambda *given: ran.append(given[2]))
        for _time in range(3):
            assert not People().get(db, client.actor.id).is_paused(NOW)
        assert len(ran) == 1
        pause(db, client.actor, None, NOW)
        assert People().get(db, client.actor.id).is_paused(NOW)


@SQLITE
def test_what_is_only_to_be_looked_at_cannot_be_changed(database: Database) -> None:
    with database.transaction() as db:
        put("a")(db)
        (row,) = db.view(select(HandledRow), {})
        assert row.key == "a"
        with pytest.raises(AttributeError):
            row.key = "b"
