"""The record of who opened what: whatever is done to it behind growbot's back is noticed."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from bot import schema
from bot.core.database import Database, Transaction
from bot.core.master_keys import MasterKeys
from bot.core.vault import Vault, engagement_owner
from bot.features.engagements import auditing
from bot.features.engagements import service as engagements
from bot.features.engagements.access import INSTALLATION, ITSELF, log_access, record
from bot.features.engagements.retention import retain
from tests.builders import a_person, an_engagement
from tests.features.sessions.door import Pair, pair

__all__ = ["pair"]

Tamper = Callable[[Database, str], None]


@pytest.fixture
def chain(database: Database, pair: Pair, now: datetime) -> str:
    """Dana has opened three things of Ben's."""
    for number in range(3):
        with database.transaction() as db:
            at = now + timedelta(minutes=number)
            log_access(db, pair.coach, pair.engagement_id, "commitment", f"c{number}", at)
    return engagement_owner(pair.engagement_id)


def flaws(database: Database, now: datetime) -> list[str]:
    with database.transaction() as db:
        return [each.flaw.what for each in auditing.check(db, now) if each.flaw is not None]


def behind_its_back(database: Database, *statements: str, **values: object) -> None:
    """By somebody who may write the database, and drops what is in the way."""
    with database.engine.begin() as connection:
        for trigger in ("access_log_unchanged", "access_log_kept", "access_chains_kept"):
            table = "access_log" if trigger.startswith("access_log") else "access_chains"
            of_table = "" if database.is_sqlite else f" ON {table}"
            connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}{of_table}"))
        for statement in statements:
            connection.execute(text(statement), values)


def test_what_growbot_wrote_is_whole(database: Database, chain: str, now: datetime) -> None:
    with database.transaction() as db:
        (checked,) = auditing.check(db, now)
    assert (checked.chain, checked.count, checked.flaw) == (chain, 4, None)  # and its beginning


@pytest.mark.parametrize(
    ("how", "at", "statement"),
    [
        ("another reader", 3, "UPDATE access_log SET reader_id = 'x' WHERE chain = :chain AND seq = 3"),
        ("another thing", 2, "UPDATE access_log SET object_id = 'x' WHERE chain = :chain AND seq = 2"),
        ("another kind", 2, "UPDATE access_log SET kind = 'prep' WHERE chain = :chain AND seq = 2"),
        (
            "another time",
            4,
            "UPDATE access_log SET opened_at = '2026-01-01' WHERE chain = :chain AND seq = 4",
        ),
        (
            "hidden from the list",
            2,
            "UPDATE access_log SET engagement_id = NULL WHERE chain = :chain AND seq = 2",
        ),
        (
            "another digest",
            2,
            "UPDATE access_log SET digest = reader_digest WHERE chain = :chain AND seq = 2",
        ),
        ("one deleted", 2, "DELETE FROM access_log WHERE chain = :chain AND seq = 2"),
        ("the first deleted", 0, "DELETE FROM access_log WHERE chain = :chain AND seq = 1"),
        ("the last deleted", 4, "DELETE FROM access_log WHERE chain = :chain AND seq = 4"),
        ("all deleted", 0, "DELETE FROM access_log WHERE chain = :chain"),
        ("the head deleted", 4, "DELETE FROM access_chains WHERE chain = :chain"),
        ("the head forged", 4, "UPDATE access_chains SET seq = 3 WHERE chain = :chain"),
    ],
)
def test_what_is_changed_or_taken_out_is_noticed_at_its_place(
    database: Database, chain: str, now: datetime, how: str, at: int, statement: str
) -> None:
    digest = "x'00'" if database.is_sqlite else "'\\x00'::bytea"
    behind_its_back(database, statement.replace("reader_digest", digest), chain=chain)
    with database.transaction() as db:
        (flaw,) = [each.flaw for each in auditing.check(db, now) if each.flaw is not None]
    assert flaw.seq == at, flaw


def test_two_that_change_places_are_noticed(database: Database, chain: str, now: datetime) -> None:
    swap = "UPDATE access_log SET seq = :to WHERE chain = :chain AND seq = :from"
    for step in ({"from": 2, "to": 9}, {"from": 3, "to": 2}, {"from": 9, "to": 3}):
        behind_its_back(database, swap, chain=chain, **step)
    assert flaws(database, now) == ["an entry is not what growbot wrote"]


INSERTED = """
INSERT INTO access_log (id, chain, seq, engagement_id, reader_id, kind, object_id, opened_at, digest)
SELECT 'forged', chain, seq + 1, engagement_id, reader_id, :kind, object_id, opened_at, digest
FROM access_log WHERE chain = :chain AND seq = 4
"""


@pytest.mark.parametrize("kind", ["prep", "accepted", "begun"])
def test_what_is_put_in_is_noticed(database: Database, chain: str, now: datetime, kind: str) -> None:
    behind_its_back(database, INSERTED, chain=chain, kind=kind)
    assert len(flaws(database, now)) == 1


@pytest.mark.parametrize(
    "statements",
    [
        ["DELETE FROM access_chains WHERE chain = :chain"],
        [
            "DELETE FROM access_log WHERE chain = :chain AND seq > 2",
            "DELETE FROM access_chains WHERE chain = :chain",
        ],
        ["DELETE FROM access_log WHERE chain = :chain", "DELETE FROM access_chains WHERE chain = :chain"],
        [
            "DELETE FROM access_log WHERE chain = :chain AND seq > 2",
            "UPDATE access_chains SET seq = 2, digest = "
            "(SELECT digest FROM access_log WHERE chain = :chain AND seq = 2) WHERE chain = :chain",
        ],
    ],
)
def test_growbot_writes_on_after_a_cut_without_hiding_it(
    database: Database, chain: str, pair: Pair, now: datetime, statements: list[str]
) -> None:
    behind_its_back(database, *statements, chain=chain)
    with database.transaction() as db:
        log_access(db, pair.coach, pair.engagement_id, "prep", "p1", now)
    assert len(flaws(database, now)) == 1


def test_who_has_no_key_can_t_tell_anything_and_says_so(
    database: Database, chain: str, now: datetime
) -> None:
    blind = Database(
        database.url.render_as_string(False), Vault(MasterKeys.parse(MasterKeys.generate("test")))
    )
    assert flaws(blind, now) == ["its key does not open (KeyWrong)"]
    blind.close()


def test_a_key_that_is_destroyed_without_an_erasure_is_noticed(
    database: Database, chain: str, now: datetime
) -> None:
    behind_its_back(database, "UPDATE data_keys SET wrapped = NULL WHERE owner = :chain", chain=chain)
    assert flaws(database, now) == ["its key is gone, though it was not erased"]


# --- the database refuses ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access_log SET reader_id = 'x'",
        "DELETE FROM access_log",
        "DELETE FROM access_chains",
    ],
)
def test_the_database_refuses_to_change_or_delete_entries(
    database: Database, chain: str, statement: str
) -> None:
    with pytest.raises(IntegrityError, match="append-only"), database.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["access_log", "access_chains"])
def test_the_database_refuses_to_empty_the_log(database: Database, chain: str, table: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), database.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {table}"))


# --- several at once -----------------------------------------------------------------------------------------------


async def test_those_who_write_at_once_make_one_chain(
    database: Database, chain: str, pair: Pair, now: datetime
) -> None:
    def opens(number: int) -> Callable[[Transaction], None]:
        return lambda db: log_access(db, pair.coach, pair.engagement_id, "commitment", f"d{number}", now)

    await asyncio.gather(*(database.run(opens(number)) for number in range(12)))
    with database.transaction() as db:
        (checked,) = auditing.check(db, now)
    assert (checked.count, checked.flaw) == (16, None)


async def test_the_first_entries_of_a_chain_written_at_once_make_one_chain(
    database: Database, now: datetime
) -> None:
    def erases(number: int) -> Callable[[Transaction], None]:
        return lambda db: record(db, None, ITSELF, "probe", f"e{number}", now)

    await asyncio.gather(*(database.run(erases(number)) for number in range(8)))
    with database.transaction() as db:
        (checked,) = auditing.check(db, now)
    assert (checked.chain, checked.count, checked.flaw) == (INSTALLATION, 9, None)


def test_the_same_thing_opened_twice_at_one_moment_is_one_entry(
    database: Database, pair: Pair, now: datetime
) -> None:
    with database.transaction() as db:
        for _again in range(2):
            log_access(db, pair.coach, pair.engagement_id, "prep", "p1", now)
        assert auditing.check(db, now)[0].count == 2


def test_what_is_rolled_back_was_not_opened(
    database: Database, chain: str, pair: Pair, now: datetime
) -> None:
    def opens_and_fails() -> None:
        with database.transaction() as db:
            log_access(db, pair.coach, pair.engagement_id, "prep", "p1", now)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        opens_and_fails()
    assert flaws(database, now) == []


def test_a_chain_goes_on_from_where_it_was_after_a_savepoint_is_gone_back_to(
    database: Database, chain: str, pair: Pair, now: datetime
) -> None:
    with database.transaction() as db:
        log_access(db, pair.coach, pair.engagement_id, "prep", "p1", now)
        with db.begin_nested() as undone:
            log_access(db, pair.coach, pair.engagement_id, "prep", "p2", now)
            db.flush()
            log_access(db, pair.coach, pair.engagement_id, "prep", "p3", now)
            undone.rollback()
        log_access(db, pair.coach, pair.engagement_id, "prep", "p2", now)
        (checked,) = auditing.check(db, now)
    assert (checked.count, checked.flaw) == (6, None)


# --- erasing -----------------------------------------------------------------------------------------------------------


def erased(database: Database, pair: Pair, now: datetime) -> datetime:
    """Ended, and kept for as long as was agreed."""
    with database.transaction() as db:
        engagements.end(db, pair.client, pair.engagement_id, None, now)
    for days in (190, 200):
        with database.transaction() as db:
            retain(db, now + timedelta(days=days))
    return now + timedelta(days=201)


def test_an_erased_engagement_s_chain_is_gone_with_its_key_and_that_is_on_record(
    database: Database, chain: str, pair: Pair, now: datetime
) -> None:
    later = erased(database, pair, now)
    with database.transaction() as db:
        of_pair, of_all = auditing.check(db, later)
    assert (of_pair.is_gone, of_pair.count, of_pair.flaw) == (True, 0, None)
    assert (of_all.chain, of_all.count, of_all.flaw) == (INSTALLATION, 2, None)
    assert "gone with its key" in of_pair.line


def test_an_erasure_that_growbot_did_not_do_is_noticed(
    database: Database, chain: str, pair: Pair, now: datetime
) -> None:
    behind_its_back(
        database,
        "UPDATE data_keys SET wrapped = NULL WHERE owner = :chain",
        "DELETE FROM access_log",
        "DELETE FROM access_chains",
        "UPDATE engagements SET state = 'erased'",
        chain=chain,
    )
    assert flaws(database, now) == ["its erasure is not on record"]


# --- accepting -----------------------------------------------------------------------------------------------------------


def accepted(database: Database, now: datetime) -> int:
    with database.transaction() as db:
        return len(auditing.accept(db, now))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM access_log WHERE chain = :chain AND seq = 2",
        "DELETE FROM access_log WHERE chain = :chain AND seq = 4",
        "UPDATE access_log SET reader_id = 'x' WHERE chain = :chain AND seq = 3",
        "DELETE FROM access_chains WHERE chain = :chain",
        "UPDATE access_chains SET seq = 9 WHERE chain = :chain",
    ],
)
def test_what_an_operator_has_accepted_is_whole_again_and_guarded_as_it_is(
    database: Database, chain: str, pair: Pair, now: datetime, statement: str
) -> None:
    behind_its_back(database, statement, chain=chain)
    assert accepted(database, now) == 1
    with database.transaction() as db:
        log_access(db, pair.coach, pair.engagement_id, "prep", "p1", now)
    assert flaws(database, now) == []
    behind_its_back(
        database, "UPDATE access_log SET reader_id = 'y' WHERE chain = :chain AND seq = 1", chain=chain
    )
    assert flaws(database, now) == ["an entry is not what growbot wrote"]


def test_a_log_from_before_there_were_chains_is_numbered_and_then_accepted(
    database: Database, chain: str, pair: Pair, now: datetime
) -> None:
    engine: Engine = database.engine
    schema.downgrade(engine, "20261125_1090")
    schema.upgrade(engine)
    assert len(flaws(database, now)) == 1
    assert accepted(database, now) == 1
    with database.transaction() as db:
        log_access(db, pair.coach, pair.engagement_id, "prep", "p1", now)
        (checked,) = auditing.check(db, now)
    assert (checked.count, checked.flaw) == (6, None)
    behind_its_back(
        database, "UPDATE access_log SET reader_id = 'y' WHERE chain = :chain AND seq = 2", chain=chain
    )
    assert flaws(database, now) == ["an entry is not what growbot wrote"]


def test_a_new_engagement_has_its_chain_from_the_first_moment(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        an_engagement(db, now, a_person(db, now), a_person(db, now))
        (checked,) = auditing.check(db, now)
    assert (checked.count, checked.flaw) == (1, None)
