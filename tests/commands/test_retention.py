"""`growbot retention`: what is going to be destroyed, and when; looking changes nothing."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from bot.core.clock import SystemClock
from bot.core.database import Database
from bot.features.engagements import service
from bot.features.engagements.domain import months_after
from bot.features.engagements.store import EngagementRow
from tests.builders import an_engagement


def looked(database_url: str, monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> str:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("GROWBOT_DATABASE_URL", database_url)
    answer = CliRunner().invoke(cli, ["retention", *words])
    assert answer.exit_code == 0, answer.output
    return answer.output


def ended(database: Database, at: datetime) -> str:
    with database.transaction() as db:
        found, _of_client = an_engagement(db, at)
        service.end(db, found.actor, found.engagement_id, None, at)
        return found.engagement_id


def test_it_names_what_is_announced_and_what_is_destroyed_by_id_and_date_only(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = SystemClock().now()
    began = now - timedelta(days=170)
    engagement_id = ended(database, began)
    over = months_after(began, 6)
    said = looked(database_url, monkeypatch, tmp_path, "--dry-run")
    announced, destroyed = said.splitlines()
    assert announced.startswith(f"{over - timedelta(days=7):%Y-%m-%d %H:%M} UTC  {engagement_id}  announced")
    assert destroyed.startswith(f"{over:%Y-%m-%d %H:%M} UTC  {engagement_id}  destroyed")
    assert "Dana" not in said
    with database.transaction() as db:
        assert db.get_one(EngagementRow, engagement_id).state == "ended"


def test_what_is_late_is_announced_now_and_destroyed_a_week_later(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = SystemClock().now()
    ended(database, now - timedelta(days=365))
    announced, destroyed = looked(database_url, monkeypatch, tmp_path).splitlines()
    assert f"{now:%Y-%m-%d}" in announced
    assert f"{now + timedelta(days=7):%Y-%m-%d}" in destroyed


def test_when_nothing_comes_it_says_so(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended(database, SystemClock().now())
    assert "Nothing is announced or destroyed within 5 days" in looked(
        database_url, monkeypatch, tmp_path, "--days", "5"
    )
