"""A data key that was destroyed, or rewrapped, is nowhere in SQLite's files any more."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select

from bot.core import rotation
from bot.core.database import Database
from bot.core.master_keys import MasterKeys
from bot.core.vault import DataKeyRow, Vault, engagement_owner

TEAM, OWNER, OTHER = "T0BRIGHT", engagement_owner("e1"), engagement_owner("e2")


@pytest.fixture
def database_kind() -> str:
    return "sqlite"


def files(database: Database) -> bytes:
    """All that is on the disk: the database, and what SQLite keeps beside it."""
    path = Path(str(database.url.database))
    beside = sorted(path.parent.glob(f"{path.name}*"))
    return b"".join(each.read_bytes() for each in beside)


def wrapped(database: Database, now: datetime, owner: str = OWNER) -> bytes:
    with database.transaction() as db:
        db.vault.begin(db, owner, now, team_id=TEAM)
    with database.transaction() as db:
        found = db.scalars(select(DataKeyRow.wrapped).where(DataKeyRow.owner == owner)).one()
    assert found is not None
    return found


def destroy(database: Database, now: datetime) -> None:
    with database.transaction() as db:
        db.vault.destroy(db, OWNER, now)


@contextmanager
def somebody_reading(database: Database) -> Iterator[None]:
    """As a backup does: what was there when it began has to stay readable to it."""
    engine = create_engine(database.url)
    with closing(engine.raw_connection()) as connection:
        connection.cursor().execute("BEGIN")
        connection.cursor().execute("SELECT count(*) FROM data_keys").fetchall()
        yield
    engine.dispose()


def test_a_destroyed_data_key_is_in_no_file(database: Database, now: datetime) -> None:
    destroyed, other = wrapped(database, now), wrapped(database, now, OTHER)
    assert destroyed in files(database)
    destroy(database, now)
    assert destroyed not in files(database)
    assert other in files(database)


def test_of_many_that_are_destroyed_none_is_left_in_the_gaps_of_a_page(
    database: Database, now: datetime
) -> None:
    owners = [engagement_owner(f"e{number}") for number in range(100)]
    all_wrapped = [wrapped(database, now, owner) for owner in owners]
    with database.transaction() as db:
        for owner in owners[::2]:
            db.vault.destroy(db, owner, now)
    left = files(database)
    assert [each in left for each in all_wrapped] == [False, True] * 50


def test_nor_is_one_that_was_wrapped_with_a_retired_master_key(database: Database, now: datetime) -> None:
    old = MasterKeys.generate("old")
    database.vault = Vault(MasterKeys.parse(old))
    before = wrapped(database, now)
    both = MasterKeys.parse(f"{MasterKeys.generate('new')}\n{old}")
    rotation.rotate(database, both)
    assert before not in files(database)
    database.vault = Vault(both)
    assert wrapped(database, now) in files(database)


def test_while_somebody_reads_it_stays_until_the_next_transaction(database: Database, now: datetime) -> None:
    destroyed = wrapped(database, now)
    with somebody_reading(database):
        destroy(database, now)
        assert destroyed in files(database)
    with database.transaction():
        pass
    assert destroyed not in files(database)


def test_or_until_the_next_start(database: Database, now: datetime) -> None:
    destroyed = wrapped(database, now)
    with somebody_reading(database):
        destroy(database, now)
        again = Database(database.url.render_as_string(), database.vault)
    assert destroyed in files(database)
    again.wipe_traces()
    assert destroyed not in files(database)
    again.close()
