"""Where tokens are kept: sealed, one row for each installation, none of them another's."""

from datetime import timedelta

import pytest
from slack_sdk.oauth.installation_store.models.installation import Installation
from sqlalchemy import func, select, text

from bot.core.database import Database, Transaction
from bot.core.slack.installation_store import (
    AHEAD,
    InstallationRow,
    SealedInstallationStore,
    find,
    owner,
    rotation_at,
    token_of,
)
from bot.core.slack.rotation import _record, claim
from bot.core.vault import DataKeyRow, WordsUnreadable
from tests.conftest import NOW
from tests.fakes import MovableClock

TOKEN, REFRESH = "xoxb-CANARY-1", "xoxe-1-CANARY"


def an_installation(
    team: str | None = "T0ONE", enterprise: str | None = None, **more: object
) -> Installation:
    given: dict[str, object] = {
        "app_id": "A0",
        "enterprise_id": enterprise,
        "team_id": team,
        "bot_token": TOKEN,
        "bot_id": "B0",
        "bot_user_id": "U0BOT",
        "bot_scopes": ["commands", "chat:write"],
        "user_id": "U0ADMIN",
        "is_enterprise_install": team is None,
    }
    return Installation(**(given | more))  # type: ignore[arg-type]


@pytest.fixture
def store(database: Database, clock: MovableClock) -> SealedInstallationStore:
    return SealedInstallationStore(database, clock)


def token(database: Database, enterprise: str | None, team: str | None) -> str | None:
    """As a request or a message of that workspace finds it."""

    def work(db: Transaction) -> str | None:
        row = find(db, enterprise, team)
        return token_of(db, row, NOW) if row else None

    with database.transaction() as db:
        return work(db)


async def test_what_is_saved_is_found_again(store: SealedInstallationStore) -> None:
    expires = int((NOW + timedelta(hours=12)).timestamp())
    await store.async_save(an_installation(bot_refresh_token=REFRESH, bot_token_expires_at=expires))
    found = await store.async_find_bot(enterprise_id=None, team_id="T0ONE")
    assert found is not None
    assert (found.bot_token, found.bot_refresh_token, found.bot_token_expires_at) == (TOKEN, REFRESH, expires)
    assert (found.bot_id, found.bot_user_id, list(found.bot_scopes)) == (
        "B0",
        "U0BOT",
        ["commands", "chat:write"],
    )


async def test_no_token_stands_in_the_database(database: Database, store: SealedInstallationStore) -> None:
    await store.async_save(an_installation(bot_refresh_token=REFRESH))
    with database.transaction() as db:
        (row,) = db.execute(text("SELECT * FROM installations")).mappings()
        stored = b"".join(
            bytes(each) if isinstance(each, memoryview | bytes) else b"" for each in row.values()
        )
    assert stored
    assert b"CANARY" not in stored
    assert "CANARY" not in repr(dict(row))


async def test_a_token_moved_into_another_row_does_not_open(
    database: Database, store: SealedInstallationStore
) -> None:
    await store.async_save(an_installation("T0ONE"))
    await store.async_save(an_installation("T0TWO", bot_token="xoxb-2"))
    with database.transaction() as db:
        one, two = find(db, None, "T0ONE"), find(db, None, "T0TWO")
        assert one is not None
        assert two is not None
        one.token = two.token
    with pytest.raises(WordsUnreadable):
        token(database, None, "T0ONE")


async def test_each_workspace_has_its_own_token(database: Database, store: SealedInstallationStore) -> None:
    await store.async_save(an_installation("T0ONE", bot_token="xoxb-1"))
    await store.async_save(an_installation("T0TWO", bot_token="xoxb-2"))
    found = [token(database, None, team) for team in ("T0ONE", "T0TWO", "T0THREE", "", None)]
    assert found == ["xoxb-1", "xoxb-2", None, None, None]


async def test_an_organisation_s_token_serves_its_workspaces_but_for_those_with_their_own(
    database: Database, store: SealedInstallationStore
) -> None:
    await store.async_save(an_installation(None, "E0", bot_token="xoxb-org"))
    await store.async_save(an_installation("T0OWN", "E0", bot_token="xoxb-own"))
    assert token(database, "E0", "T0ANY") == "xoxb-org"
    assert token(database, "E0", "T0OWN") == "xoxb-own"
    assert token(database, "E1", "T0ANY") is None
    assert token(database, None, "T0ANY") is None


async def test_a_workspace_that_joined_an_organisation_keeps_its_token(
    database: Database, store: SealedInstallationStore
) -> None:
    await store.async_save(an_installation("T0ONE"))
    assert token(database, "E0", "T0ONE") == TOKEN


async def test_slack_s_interface_tells_an_organisation_from_a_workspace(
    store: SealedInstallationStore,
) -> None:
    await store.async_save(an_installation(None, "E0"))
    whole = await store.async_find_bot(enterprise_id="E0", team_id="T0ANY", is_enterprise_install=True)
    assert whole is not None
    assert whole.is_enterprise_install
    assert await store.async_find_bot(enterprise_id="E0", team_id="T0ANY") is None


async def test_installing_again_replaces_the_token_and_destroys_the_old_one(
    database: Database, store: SealedInstallationStore
) -> None:
    await store.async_save(an_installation(bot_token="xoxb-old"))
    with database.transaction() as db:
        old = db.scalars(select(InstallationRow)).one().id
    await store.async_save(an_installation(bot_token="xoxb-new"))
    assert token(database, None, "T0ONE") == "xoxb-new"
    with database.transaction() as db:
        assert db.scalar(select(func.count()).select_from(InstallationRow)) == 1
        assert db.scalars(select(DataKeyRow).where(DataKeyRow.owner == owner(old))).one().wrapped is None


async def test_what_is_deleted_is_gone_with_its_key_and_nothing_else_is(
    database: Database, store: SealedInstallationStore
) -> None:
    await store.async_save(an_installation("T0ONE"))
    await store.async_save(an_installation("T0TWO"))
    await store.async_delete_installation(enterprise_id=None, team_id="T0ONE", user_id="U0ADMIN")
    assert token(database, None, "T0ONE") == TOKEN
    await store.async_delete_all(enterprise_id=None, team_id="T0ONE")
    assert [token(database, None, team) for team in ("T0ONE", "T0TWO")] == [None, TOKEN]
    with database.transaction() as db:
        keys = db.scalars(select(DataKeyRow).where(DataKeyRow.owner.startswith("installation:"))).all()
    assert sorted(key.wrapped is None for key in keys) == [False, True]


async def test_one_that_does_not_open_keeps_no_other_from_being_exchanged(
    database: Database, store: SealedInstallationStore
) -> None:
    soon = int((NOW + timedelta(seconds=1)).timestamp())
    for team in ("T0ONE", "T0TWO"):
        await store.async_save(
            an_installation(team, bot_refresh_token=f"xoxe-{team}", bot_token_expires_at=soon)
        )
    with database.transaction() as db:
        one, two = find(db, None, "T0ONE"), find(db, None, "T0TWO")
        assert one is not None
        assert two is not None
        one.refresh_token = two.refresh_token
        two_id = two.id
    with database.transaction() as db:
        assert claim(db, NOW + timedelta(seconds=1), 10) == [(two_id, "xoxe-T0TWO")]


async def test_an_exchange_that_another_one_has_overtaken_is_not_kept(
    database: Database, store: SealedInstallationStore
) -> None:
    await store.async_save(an_installation(bot_refresh_token=REFRESH))
    given = {"refresh_token": "xoxe-late", "expires_in": 43200}
    with database.transaction() as db:
        (row_id,) = db.scalars(select(InstallationRow.id))
        _record(db, row_id=row_id, used="xoxe-before", now=NOW, token="xoxb-late", given=given)
    assert token(database, None, "T0ONE") == TOKEN


def test_a_token_is_exchanged_two_hours_ahead_or_at_half_time() -> None:
    in_hours = lambda hours: NOW + timedelta(hours=hours)  # noqa: E731
    assert rotation_at(in_hours(12), NOW) == in_hours(12) - AHEAD
    assert rotation_at(in_hours(1), NOW) == in_hours(0.5)
    assert rotation_at(None, NOW) is None
