"""`growbot run`: it starts, it stops when it is told to, and says why it does not start."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.sandbox import Sandbox
from tests.commands.process import growbot, started

BOUND = 10 if os.environ.get("GROWBOT_TEST_QUIET") else 20
"""Seconds. Where tests share two processors, it takes longer than it does."""


async def test_it_connects_serves_and_stops_when_it_is_told_to(
    tmp_path: Path, connected: dict[str, str], sandbox: Sandbox, sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "growbot.db")
    process = await started(tmp_path, connected, "run")
    await sandbox.sockets.wait_connected(timeout=60)
    ben = sandbox.seat("U0BEN")
    await ben.command("/grow help")
    assert await ben.wait_modal("home.help", timeout=10)
    process.send_signal(signal.SIGTERM)
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0, err.decode()
    assert b"growbot is running, connected by Socket Mode." in out
    assert b"Traceback" not in err
    assert b"library.logged" not in err  # nothing to warn of


async def test_it_does_not_start_with_a_wrong_token_and_says_why(
    tmp_path: Path, connected: dict[str, str], sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "growbot.db")
    code, said = await growbot(tmp_path, connected | {"SLACK_BOT_TOKEN": "xoxb-wrong"}, "run")
    assert code == 1
    assert "Slack refuses the token (invalid_auth)" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "Slack refuses SLACK_APP_TOKEN (invalid_auth). It needs"),
        ({"PORT": "in use"}, "PORT is in use by another program"),
        ({"HOST": "192.0.2.1", "PORT": "0"}, "HOST is no address of this machine"),
        ({"GROWBOT_METRICS_PORT": "in use"}, "GROWBOT_METRICS_PORT is in use by another program"),
    ],
)
async def test_it_does_not_start_with_what_it_finds_wrong_then_and_says_why(
    tmp_path: Path,
    connected: dict[str, str],
    sqlite_template: Path,
    port_in_use: int,
    changes: dict[str, str],
    sentence: str,
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "growbot.db")
    changes = {name: value.replace("in use", str(port_in_use)) for name, value in changes.items()}
    code, said = await growbot(tmp_path, connected | changes, "run")
    assert code == 1
    assert sentence in said
    assert "Traceback" not in said


async def test_it_does_not_start_without_a_scope_it_needs_and_says_which(
    tmp_path: Path, connected: dict[str, str], sandbox: Sandbox, sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "growbot.db")
    sandbox.app.scopes.discard("users:read")
    code, said = await growbot(tmp_path, connected, "run")
    assert (code, "missing scopes: users:read. Add them" in said) == (1, True)


async def test_it_can_be_stopped_while_slack_keeps_it_waiting(
    tmp_path: Path, connected: dict[str, str], sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "growbot.db")
    asked = asyncio.Event()
    silent = await asyncio.start_server(lambda _reader, _writer: asked.set(), "127.0.0.1", 0)
    url = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}/api/"
    process = await started(tmp_path, connected | {"SLACK_API_URL": url}, "run")
    await asyncio.wait_for(asked.wait(), 60)
    process.send_signal(signal.SIGTERM)
    out, err = await asyncio.wait_for(process.communicate(), 8)  # Slack would be given 10 s
    silent.close()
    assert (process.returncode, out, err) == (0, b"", b"")


@contextmanager
def hanging(database_url: str) -> Iterator[None]:
    """The server's processes that serve this database are stopped: they take what they are sent, and do not answer."""
    url = make_url(database_url)
    engine = create_engine(url.set(database="postgres"))
    with engine.connect() as connection:
        serving = "SELECT pid FROM pg_stat_activity WHERE datname = :name"
        pids = connection.execute(text(serving), {"name": url.database}).scalars().all()
    engine.dispose()
    assert pids
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
async def test_it_ends_in_time_though_the_database_hangs(
    tmp_path: Path, connected: dict[str, str], sandbox: Sandbox, database_url: str
) -> None:
    process = await started(tmp_path, connected | {"GROWBOT_DATABASE_URL": database_url}, "run")
    await sandbox.sockets.wait_connected(timeout=60)
    ben = sandbox.seat("U0BEN")
    await ben.command("/grow help")
    await ben.wait_modal("home.help", timeout=10)
    with hanging(database_url):
        await ben.command("/grow settings")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _out, err = await asyncio.wait_for(process.communicate(), 30)
        assert time.monotonic() - began < BOUND
    assert process.returncode == 1
    assert b"growbot.ended_by_force" in err


async def test_a_second_one_on_the_same_file_is_refused(
    tmp_path: Path, connected: dict[str, str], sandbox: Sandbox, sqlite_template: Path
) -> None:
    shutil.copyfile(sqlite_template, tmp_path / "growbot.db")
    first = await started(tmp_path, connected, "run")
    try:
        await sandbox.sockets.wait_connected(timeout=60)
        code, said = await growbot(tmp_path, connected, "run")
        assert code == 1
        assert f"growbot.db is served by another growbot (process {first.pid})" in said
        assert "Traceback" not in said
    finally:
        first.send_signal(signal.SIGTERM)
        await asyncio.wait_for(first.communicate(), 30)
