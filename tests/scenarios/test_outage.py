"""The database is locked, full or gone: the form stays open and says so; the process recovers by itself."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text

from bot.core.slack import requests
from bot.demo import Demo
from tests.scenarios.story import client, coach, engage

NOT_SAVED = "Nothing was saved"
NOT_CERTAIN = "It isn't certain whether this was saved"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From here on growbot allows itself one second for an answer."""
    return lambda: monkeypatch.setattr(requests, "ANSWER_SECONDS", 1.0)


@contextmanager
def locked(demo: Demo) -> Iterator[None]:
    """Somebody else holds the write lock."""
    path = str(demo.growbot.database.url.database)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def hanging(demo: Demo, moment: str) -> Iterator[None]:
    """The database accepts what it is sent at this moment, and answers when the block ends."""
    go_on, engine = threading.Event(), demo.growbot.database.engine

    def hang(*_arguments: object) -> None:
        go_on.wait(10)

    event.listen(engine, moment, hang)
    try:
        yield
    finally:
        go_on.set()
        event.remove(engine, moment, hang)


async def test_a_form_sent_while_the_database_is_locked_stays_open_and_can_be_sent_again(
    sqlite_demo: Demo, impatient: Callable[[], None]
) -> None:
    await engage(sqlite_demo)
    ben = client(sqlite_demo)
    await ben.command("/grow commit Call the CFO by friday")
    await ben.wait_modal("commitments.make")
    impatient()
    with locked(sqlite_demo):
        refused = await ben.submit({"cue": "When the stand-up ends"})
    assert NOT_SAVED in next(iter(refused.errors.values()))
    assert ben.modal is not None
    assert ben.modal.callback_id == "commitments.make"
    assert (await ben.submit()).updated, "what was typed is still there, and is saved now"


async def test_a_command_typed_while_the_database_is_locked_gets_a_sentence(
    sqlite_demo: Demo, impatient: Callable[[], None]
) -> None:
    await engage(sqlite_demo)
    dana = coach(sqlite_demo)
    impatient()
    with locked(sqlite_demo):
        await dana.command("/grow session")
        said = await dana.wait_ephemeral(containing=NOT_SAVED)
    assert "Reference" in said.text
    await dana.command("/grow session")
    await dana.wait_modal("sessions.plan")


async def test_a_full_database_says_that_nothing_was_saved(sqlite_demo: Demo) -> None:
    await engage(sqlite_demo)
    ben, database = client(sqlite_demo), sqlite_demo.growbot.database
    with database.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    limit = f"PRAGMA max_page_count={pages}"  # holds for a connection, so each one is told
    event.listen(database.engine, "connect", lambda connection, _record: connection.execute(limit))
    database.engine.dispose()
    for _time in range(100):  # the file may still have room in its last pages
        await ben.command("/grow commit Call the CFO by friday")
        await ben.wait_modal("commitments.make")
        refused = await ben.submit({"what": "x" * 450, "cue": "y" * 450, "obstacle": "z" * 450})
        if not refused.updated:
            break
        await ben.close(everything=True)
    assert NOT_SAVED in next(iter(refused.errors.values()))


async def test_a_database_that_comes_back_is_used_again(demo: Demo) -> None:
    """On PostgreSQL every connection is cut; on SQLite the connections are closed under it."""
    await engage(demo)
    ben, database = client(demo), demo.growbot.database
    if not database.is_sqlite:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        with database.engine.connect() as connection:
            connection.execute(text(cut))
    database.engine.dispose()
    await ben.command("/grow commit Call the CFO by friday")
    await ben.wait_modal("commitments.make")


@pytest.mark.parametrize(
    ("moment", "sentence"), [("before_cursor_execute", NOT_SAVED), ("commit", NOT_CERTAIN)]
)
async def test_a_database_that_hangs_is_told_of_before_slack_stops_waiting_and_sending_again_saves_once(
    demo: Demo, moment: str, sentence: str, impatient: Callable[[], None]
) -> None:
    await engage(demo)
    ben = client(demo)
    await ben.command("/grow commit Call the CFO by friday")
    await ben.wait_modal("commitments.make")
    await demo.growbot.settle()
    impatient()
    with hanging(demo, moment):
        refused = await ben.submit()  # answered while the database still hangs
    assert sentence in next(iter(refused.errors.values()))
    await ben.submit()
    if ben.modal is not None:
        await ben.close(everything=True)
    await ben.command("/grow commitments")
    listed = await ben.wait_modal("commitments.list")
    assert ben.texts(listed).count("Call the CFO") == 1


async def test_two_people_whom_slack_is_slow_to_tell_of_are_asked_for_at_once(sqlite_demo: Demo) -> None:
    dana = coach(sqlite_demo)
    sqlite_demo.sandbox.faults.add("users.info", "slow", times=2, seconds=2)
    await dana.command("/grow start @ben")
    await dana.wait_modal("engagements.propose")
    assert sqlite_demo.sandbox.ledger.deliveries("slash_commands")[-1].seconds < 2 * 2
