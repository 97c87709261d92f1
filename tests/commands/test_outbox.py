"""`growbot outbox`: what an operator sees of messages, and decides."""

import asyncio
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import cli
from bot.core.outbox import store
from bot.core.outbox.domain import State
from tests.commands.process import started
from tests.core.conftest import PostOffice
from tests.fakes import FakeSlack, MovableClock

Growbot = Callable[..., Result]


@pytest.fixture
def post(database, clock: MovableClock) -> PostOffice:  # type: ignore[no-untyped-def]
    from bot.core.clock import SystemClock

    clock.at = SystemClock().now()  # as the command has it
    return PostOffice(database, clock, FakeSlack())


@pytest.fixture
def growbot(database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Growbot:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GROWBOT_DATABASE_URL", database_url)
    return lambda *words: CliRunner().invoke(cli, ["outbox", *words])


def parked(post: PostOffice, key: str = "a", **changes: object) -> str:
    post.plan(post.person(), key)

    def park(db) -> str:  # type: ignore[no-untyped-def]
        row = store.find(db, key)
        assert row is not None
        row.state, row.reason, row.attempts = State.PARKED, "unconfirmed: missing_scope", 2
        for name, value in changes.items():
            setattr(row, name, value)
        return row.id

    return post.do(park)


def test_the_list_counts_all_and_names_what_needs_a_look(post: PostOffice, growbot: Growbot) -> None:
    row_id = parked(post)
    post.plan(post.person(), "waits")
    said = growbot("list")
    assert said.exit_code == 0
    assert "1 pending, 1 parked" in said.output
    assert row_id[:10] in said.output
    assert "unconfirmed: missing_scope" in said.output
    assert said.output.count("due ") == 1


async def test_whoever_reads_no_further_is_not_told_that_the_database_is_broken(
    database_url: str, environment: dict[str, str], tmp_path: Path
) -> None:
    nobody_reads, printed = os.pipe()
    os.close(nobody_reads)
    reachable = {**environment, "GROWBOT_DATABASE_URL": database_url}
    process = await started(tmp_path, reachable, "outbox", "list", out=printed)
    os.close(printed)
    _nothing, said = await asyncio.wait_for(process.communicate(), 60)
    assert (process.returncode, said) == (1, b"")


def test_the_list_can_be_asked_for_any_state(post: PostOffice, growbot: Growbot) -> None:
    post.plan(post.person(), "waits")
    assert post.row("waits").id[:10] in growbot("list", "--state", "pending").output
    wrong = growbot("list", "--state", "lost")
    assert (wrong.exit_code, "no such state" in wrong.output) == (1, True)


def test_one_message_is_shown_whole(post: PostOffice, growbot: Growbot) -> None:
    row_id = parked(post)
    said = growbot("show", row_id[:6]).output
    assert all(part in said for part in (row_id, "unconfirmed: missing_scope", post.row().marker))


async def test_a_parked_message_that_is_retried_is_sent(post: PostOffice, growbot: Growbot) -> None:
    row_id = parked(post)
    assert growbot("retry", row_id[:10]).exit_code == 0
    row = post.row()
    assert (row.state, row.reason) == (State.PENDING, "retried by the operator")
    post.clock.at = row.not_before + timedelta(days=3)  # whatever the hour and the day
    for _hour in range(24 * 3):
        await post.courier.deliver()
        post.clock.move(hours=1)
    assert post.row().state == State.SENT


def test_a_dropped_message_is_never_sent(post: PostOffice, growbot: Growbot) -> None:
    assert growbot("drop", parked(post)[:10]).exit_code == 0
    assert post.state() == (State.CANCELLED, "dropped by the operator")


def test_parts_of_a_message_share_its_fate(post: PostOffice, growbot: Growbot) -> None:
    lead_id = parked(post)
    part_id = parked(post, "b", lead_id=lead_id)
    growbot("retry", part_id[:10])
    assert {(post.row(key).state, post.row(key).lead_id) for key in ("a", "b")} == {(State.PENDING, None)}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": State.SENT}, "it is sent"),
        ({"closed": "answered"}, "dealt with meanwhile"),
        ({"expired": True}, "its time passed"),
    ],
)
def test_what_cannot_be_retried_says_why(
    post: PostOffice, growbot: Growbot, changes: dict[str, object], reason: str
) -> None:
    if changes.pop("expired", False):
        changes["expires_at"] = post.clock.at - timedelta(hours=1)
    said = growbot("retry", parked(post, **changes)[:10])
    assert said.exit_code == 1
    assert reason in said.output


def test_an_unknown_message_is_said_to_be_unknown(post: PostOffice, growbot: Growbot) -> None:
    for word in ("show", "retry", "drop"):
        said = growbot(word, "nothing")
        assert (said.exit_code, "no message has such an id" in said.output) == (1, True)


def test_without_a_database_it_says_how_to_make_one(
    growbot: Growbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROWBOT_DATABASE_URL", "sqlite:///nowhere.db")
    said = growbot("list")
    assert (said.exit_code, "growbot db upgrade" in said.output) == (1, True)
    assert not Path("nowhere.db").exists()
