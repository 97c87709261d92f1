"""`growbot audit`: whether the record of who opened what is what growbot wrote."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.core.database import Database
from bot.core.master_keys import MasterKeys
from bot.core.vault import Vault, engagement_owner
from bot.features.engagements.access import log_access
from bot.features.engagements.service import Membership
from tests.builders import an_engagement
from tests.conftest import NOW

Growbot = Callable[..., Result]
KEY = MasterKeys.generate("test")


@pytest.fixture
def coach(database_url: str) -> Membership:
    """Of a pair whose coach has opened two things."""
    database = Database(database_url, Vault(MasterKeys.parse(KEY)))
    with database.transaction() as db:
        coach, _client = an_engagement(db, NOW)
        for name in ("c1", "c2"):
            log_access(db, coach.actor, coach.engagement_id, "commitment", name, NOW)
    database.close()
    return coach


@pytest.fixture
def growbot(database_url: str, coach: Membership, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Growbot:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GROWBOT_DATABASE_URL", database_url)
    monkeypatch.setenv("GROWBOT_MASTER_KEY", KEY)
    return lambda *words: CliRunner().invoke(cli, ["audit", *words])


def cut_the_end(database: Database) -> None:
    with database.engine.begin() as connection:
        of_table = "" if database.is_sqlite else " ON access_log"
        connection.execute(text(f"DROP TRIGGER access_log_kept{of_table}"))
        connection.execute(text("DELETE FROM access_log WHERE seq = 3"))


def test_a_whole_log_is_counted_and_found_well(growbot: Growbot, coach: Membership) -> None:
    said = growbot("verify")
    assert said.exit_code == 0
    assert f"{engagement_owner(coach.engagement_id)}  ok, 3 entries" in said.output
    assert "1 chains are ok, 0 broken." in said.output


def test_a_broken_one_is_named_with_the_first_broken_entry(growbot: Growbot, database: Database) -> None:
    cut_the_end(database)
    said = growbot("verify")
    assert said.exit_code == 1
    assert "BROKEN at entry 3 of 2: entries are cut off" in said.output


def test_what_the_operator_accepts_is_well_again(growbot: Growbot, database: Database) -> None:
    cut_the_end(database)
    said = growbot("accept")
    assert (said.exit_code, "accepted: " in said.output, "cut off" in said.output) == (0, True, True)
    assert growbot("verify").exit_code == 0
    assert "Nothing is broken." in growbot("accept").output


def test_verifying_changes_nothing(growbot: Growbot, database: Database, now: datetime) -> None:
    def rows() -> list[str]:
        with database.transaction() as db:
            tables = ("access_log", "access_chains", "data_keys")
            return [str(db.execute(text(f"SELECT * FROM {name}")).all()) for name in tables]

    before = rows()
    growbot("verify")
    assert rows() == before


def test_without_the_key_nothing_can_be_told(
    growbot: Growbot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GROWBOT_MASTER_KEY")
    monkeypatch.setenv("GROWBOT_MASTER_KEY_FILE", str(tmp_path / "none"))
    said = growbot("verify")
    assert said.exit_code == 1
    assert "The master key could not be read:" in said.output
